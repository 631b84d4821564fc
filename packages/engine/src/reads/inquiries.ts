import { isModifyOpen, liveLegs } from "@cloister/machines";
import type { Change, Cloid, Oid } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { Registry } from "../registry/registry.ts";
import type { Turn } from "../inbox/turn.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly registry: Registry;
  readonly reads: ReadDesk;
  readonly turn: () => Turn;
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
  consider(order: TrackedOrder, change: Change): void {
    if (change.evidence.type === "venue.unknownWord") this.#ask(order);
    if (hasOldLeg(order)) this.#askLater(order, this.#ports.limits.settleMs);
  }

  /** The venue says it canceled this leg by itself; the reason should follow, and is asked for if it does not. */
  expectEnd(order: TrackedOrder): void {
    this.#askLater(order, this.#ports.limits.settleMs);
  }

  due(cloid: Cloid): void {
    const order = this.#ports.registry.order(cloid);
    if (order === undefined) return;
    this.#ask(order);
    if (hasOldLeg(order)) this.#minds(order);
    else order.oldLegAsks = 0;
  }

  /** One look may cross with news that are on their way; a second one that shows both legs means it. */
  #minds(order: TrackedOrder): void {
    const { limits, turn } = this.#ports;
    order.oldLegAsks += 1;
    if (order.oldLegAsks === 2) {
      const oids = liveLegs(order.facts).map(({ oid }) => oid);
      turn().alarm("severalLegs", `oids ${oids.join(", ")} live under one cloid`, order.cloid);
    }
    this.#askLater(order, limits.lookMaxMs);
  }

  /** Asks about every leg that may be live; by cloid when none is known. What fails is asked again. */
  #ask(order: TrackedOrder): void {
    const { limits, reads } = this.#ports;
    const keys: readonly (Oid | Cloid)[] = liveLegs(order.facts).map(({ oid }) => oid);
    for (const key of keys.length === 0 ? [order.cloid] : keys) {
      reads.read({ kind: "orderStatus", key }, ({ kind }) => {
        if (kind === "failed") this.#askLater(order, limits.settleMs);
      });
    }
  }

  #askLater({ cloid }: TrackedOrder, delayMs: number): void {
    const { deadlines } = this.#ports;
    const deadline = { kind: "ask", cloid } as const;
    if (!deadlines.isArmed(deadline)) deadlines.arm(delayMs, deadline);
  }
}

/** A leg of a modify has come, and the one it should replace still lives. */
function hasOldLeg({ facts }: TrackedOrder): boolean {
  return facts.legs.length > 1 && !isModifyOpen(facts) && liveLegs(facts).length > 1;
}
