import { isModifyOpen, liveLegs } from "@cloister/machines";
import type { Cloid, Oid } from "@cloister/model";
import type { Deadlines } from "./deadlines.ts";
import type { Limits } from "./options.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { Registry } from "./registry.ts";
import type { TrackedOrder } from "./tracked-order.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly registry: Registry;
  readonly reads: ReadDesk;
};

/**
 * Questions about single orders: a word that was not understood, a leg that the venue canceled by itself,
 * an older leg that still lives after a newer one was accepted.
 */
export class Inquiries {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Looks at what an order's change leaves open. */
  consider(order: TrackedOrder): void {
    const { deadlines, limits } = this.#ports;
    const { cloid } = order;
    if (order.needsQuery) {
      order.needsQuery = false;
      this.ask(order);
    }
    const hasOldLeg = order.facts.legs.length > 1 && !isModifyOpen(order.facts) && liveLegs(order.facts).length > 1;
    const deadline = { kind: "ask", cloid } as const;
    if (hasOldLeg && !deadlines.isArmed(deadline)) deadlines.arm(limits.settleMs, deadline);
  }

  /** The venue says it canceled this leg by itself; the reason should follow, and is asked for if it does not. */
  expectEnd(order: TrackedOrder): void {
    this.#ports.deadlines.arm(this.#ports.limits.settleMs, { kind: "ask", cloid: order.cloid });
  }

  due(cloid: Cloid): void {
    const order = this.#ports.registry.order(cloid);
    if (order !== undefined) this.ask(order);
  }

  /** Asks about every leg that may be live; by cloid when none is known. */
  ask(order: TrackedOrder): void {
    const keys: readonly (Oid | Cloid)[] = liveLegs(order.facts).map(({ oid }) => oid);
    for (const key of keys.length === 0 ? [order.cloid] : keys) this.#ports.reads.feed({ kind: "orderStatus", key });
  }
}
