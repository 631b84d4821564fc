import { liveLegs } from "@cloister/machines";
import { type Cloid, isLive } from "@cloister/model";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Begun } from "./reads.ts";

type Ports = {
  readonly registry: Registry;
  readonly orders: Pick<OrderDesk, "tell">;
  readonly limits: { readonly settleMs: number; readonly readLagMs: number };
  readonly turn: () => Turn;
};

/** What speaks for an order not being there. Each part began no earlier than the first miss. */
type Suspicion = {
  readonly first: Begun;
  readonly isUnknown: boolean;
  readonly isSearched: boolean;
};

/**
 * The rule of absence (design §3). A live order that a complete list misses is suspected, and is over when a second
 * list, begun `settleMs` later, misses it too, `orderStatus` knows nothing of it and a complete window of fills shows
 * nothing new. Whatever shows it alive ends the suspicion. Reads may lag behind the venue, so what showed
 * itself within `readLagMs` is not suspected at all.
 */
export class Absence {
  readonly #ports: Ports;
  readonly #suspected = new Map<Cloid, Suspicion>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Orders that lists missed and that are not decided. */
  get suspected(): number {
    return this.#suspected.size;
  }

  /** A complete list was read: these live orders are not in it. */
  listed(missed: readonly Cloid[], begun: Begun): void {
    const now = new Set(missed);
    for (const cloid of this.#suspected.keys()) if (!now.has(cloid)) this.#suspected.delete(cloid);
    for (const cloid of missed) this.#missed(cloid, begun);
  }

  /** `orderStatus` knows nothing of any of its live legs, or of its cloid. */
  unknown(cloid: Cloid, begun: Begun): void {
    const suspicion = this.#suspected.get(cloid);
    if (suspicion === undefined || begun.begunAt < suspicion.first.begunAt) return;
    if (!suspicion.isUnknown) {
      const text = "neither open nor known at the venue; it counts as live until that is proved";
      this.#ports.turn().alarm("forgotten", text, cloid);
    }
    this.#suspected.set(cloid, { ...suspicion, isUnknown: true });
  }

  /** The venue knows it: the list that missed it was wrong, or its end has been told. */
  known(cloid: Cloid): void {
    this.#suspected.delete(cloid);
  }

  /** A complete window of fills was read, and booked. */
  searched(begun: Begun): void {
    for (const [cloid, suspicion] of this.#suspected) {
      if (begun.begunAt < suspicion.first.begunAt) continue;
      this.#suspected.set(cloid, { ...suspicion, isSearched: true });
    }
  }

  /** The connection went: what was being proved begins anew. */
  forget(): void {
    this.#suspected.clear();
  }

  #missed(cloid: Cloid, begun: Begun): void {
    const order = this.#ports.registry.order(cloid);
    if (order === undefined || !isMissable(order)) {
      this.#suspected.delete(cloid);
      return;
    }
    const { limits, orders } = this.#ports;
    if (positiveAt(order) + limits.readLagMs >= begun.begunVenueTime) {
      this.#suspected.delete(cloid);
      return;
    }
    const suspicion = this.#suspected.get(cloid);
    if (suspicion === undefined) {
      this.#suspected.set(cloid, { first: begun, isUnknown: false, isSearched: false });
      return;
    }
    const { first, isUnknown, isSearched } = suspicion;
    const isLater = begun.begunAt - first.begunAt >= limits.settleMs;
    if (!isLater || !isUnknown || !isSearched) return;
    this.#suspected.delete(cloid);
    orders.tell(order, { type: "proof.absent", begunAt: first.begunVenueTime });
  }
}

/** Live, with legs, and no place or modify of it is open: a cancel that waits for its end does not keep it alive. */
function isMissable(order: TrackedOrder): boolean {
  return isLive(order.state) && !order.isUnsettled && liveLegs(order.facts).length > 0;
}

function positiveAt({ facts }: TrackedOrder): number {
  return Math.max(
    ...liveLegs(facts).map((leg) => Math.max(leg.positiveAt, leg.shown?.begunAt ?? 0)),
  );
}
