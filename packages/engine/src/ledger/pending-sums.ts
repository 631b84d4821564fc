import { worstOf } from "@cloister/machines";
import {
  add,
  type Coin,
  type Decimal,
  isLive,
  type OrderTerms,
  subtract,
  ZERO,
} from "@cloister/model";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import { addPending, type Pending } from "./exposure.ts";

/** Whose coin and side, and whether it can do more than reduce the position. */
type Share = Pick<OrderTerms, "coin" | "side"> & { readonly reduceOnly?: boolean };

/** What could still fill of one coin. What only reduces is counted apart: it never takes the position beyond zero. */
export type CoinPending = { readonly free: Pending; readonly reducing: Pending };

const NOTHING: CoinPending = {
  free: { buy: ZERO, sell: ZERO },
  reducing: { buy: ZERO, sell: ZERO },
};

/**
 * The sums of what could still fill, kept up to date with each change of an order, so that nobody has to count all
 * orders to know them: open, pending, doubtful, both legs of a modify, and what reaped orders left unproved.
 */
export class PendingSums {
  readonly #coins = new Map<Coin, CoinPending>();
  readonly #counted = new Map<TrackedOrder, { readonly worst: Decimal; readonly live: boolean }>();
  #live = 0;

  /** Orders that live, as far as we know. */
  get live(): number {
    return this.#live;
  }

  of(coin: Coin): CoinPending {
    return this.#coins.get(coin) ?? NOTHING;
  }

  /** The order is in the book and was told something. */
  count(order: TrackedOrder): void {
    const before = this.#counted.get(order);
    const worst = worstOf(order.facts);
    const live = isLive(order.state);
    if (before?.worst === worst && before.live === live) return;
    this.#counted.set(order, { worst, live });
    this.#live += Number(live) - Number(before?.live ?? false);
    this.change(order.terms, before?.worst ?? ZERO, worst);
  }

  /** The order leaves the book. */
  forget(order: TrackedOrder): void {
    const before = this.#counted.get(order);
    if (before === undefined) return;
    this.#counted.delete(order);
    this.#live -= Number(before.live);
    this.change(order.terms, before.worst, ZERO);
  }

  /** Something that could fill so much could fill another size from now on. */
  change(share: Share, from: Decimal, to: Decimal): void {
    if (from === to) return;
    const { coin, side, reduceOnly = false } = share;
    const sums = this.#coins.get(coin) ?? {
      free: { buy: ZERO, sell: ZERO },
      reducing: { buy: ZERO, sell: ZERO },
    };
    const sum = reduceOnly ? sums.reducing : sums.free;
    sum[side] = add(subtract(sum[side], from), to);
    this.#coins.set(coin, sums);
  }

  /** All of it by coin, as exposure counts it, with some orders that are not in the book yet. */
  with(orders: Iterable<TrackedOrder>): Map<Coin, Pending> {
    const all = new Map<Coin, Pending>();
    for (const [coin, { free, reducing }] of this.#coins) {
      for (const side of ["buy", "sell"] as const) {
        addPending(all, { coin, side }, add(free[side], reducing[side]));
      }
    }
    for (const { facts, terms } of orders) addPending(all, terms, worstOf(facts));
    return all;
  }
}
