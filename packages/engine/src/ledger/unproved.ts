import { ledgerOf, worstOf } from "@cloister/machines";
import {
  type Cloid,
  type Coin,
  compare,
  type Decimal,
  type Side,
  subtract,
  ZERO,
} from "@cloister/model";
import { BoundedMap } from "../registry/bounded-map.ts";
import { addPending, type Pending } from "./exposure.ts";
import type { PendingSums } from "./pending-sums.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Debt = { readonly coin: Coin; readonly side: Side; readonly size: Decimal };

/**
 * What reaped orders may have filled without our having heard of it: exposure keeps it (design §3) until the
 * fills come after all. What is too old to be paid off by name stays in the sums.
 */
export class Unproved {
  readonly #debts: BoundedMap<Cloid, Debt>;
  readonly #sums: Pick<PendingSums, "change">;
  readonly #old = new Map<Coin, Pending>();

  constructor(limit: number, sums: Pick<PendingSums, "change">) {
    this.#sums = sums;
    this.#debts = new BoundedMap(limit, (_, debt) => addPending(this.#old, debt, debt.size));
  }

  get size(): number {
    return this.#debts.size;
  }

  /** The order leaves the book. */
  keep({ cloid, facts, terms }: TrackedOrder): void {
    if (ledgerOf(facts) !== "incomplete") return;
    const size = worstOf(facts);
    if (size === ZERO) return;
    const { coin, side } = terms;
    this.#sums.change({ coin, side }, this.#debts.get(cloid)?.size ?? ZERO, size);
    this.#debts.set(cloid, { coin, side, size });
  }

  /** A fill of it came after all. */
  pay(cloid: Cloid, size: Decimal): void {
    const debt = this.#debts.get(cloid);
    if (debt === undefined) return;
    const left = compare(debt.size, size) <= 0 ? ZERO : subtract(debt.size, size);
    this.#sums.change(debt, debt.size, left);
    if (left === ZERO) this.#debts.delete(cloid);
    else this.#debts.set(cloid, { ...debt, size: left });
  }

  /** For who counts everything anew. */
  addTo(sums: Map<Coin, Pending>): void {
    for (const debt of this.#debts.values()) addPending(sums, debt, debt.size);
    for (const [coin, { buy, sell }] of this.#old) {
      addPending(sums, { coin, side: "buy" }, buy);
      addPending(sums, { coin, side: "sell" }, sell);
    }
  }
}
