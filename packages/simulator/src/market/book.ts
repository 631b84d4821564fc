import { add, type Address, compare, type Decimal, ZERO } from "@cloister/model";
import type { Order } from "../ledger/order.ts";

/** One price of a book side: its orders stand in the order they came. */
type Level = { readonly price: Decimal; readonly orders: Order[] };

export type LevelView = { readonly price: Decimal; readonly size: Decimal; readonly count: number };

/** The resting orders of one market: best price first, and at one price first come, first served. */
export class Book {
  readonly #bids: Level[] = [];
  readonly #asks: Level[] = [];

  /** Puts an order behind all others of its price. */
  add(order: Order): void {
    const levels = this.#side(order.terms.isBuy);
    const index = placeOf(levels, order);
    const level = levels[index];
    if (level !== undefined && compare(level.price, order.terms.price) === 0) {
      level.orders.push(order);
    } else levels.splice(index, 0, { price: order.terms.price, orders: [order] });
  }

  /** Takes an order out; false when it does not rest here. */
  remove(order: Order): boolean {
    const levels = this.#side(order.terms.isBuy);
    const index = placeOf(levels, order);
    const level = levels[index];
    if (level === undefined || compare(level.price, order.terms.price) !== 0) return false;
    const at = level.orders.indexOf(order);
    if (at < 0) return false;
    level.orders.splice(at, 1);
    if (level.orders.length === 0) levels.splice(index, 1);
    return true;
  }

  /** How many orders of its price come before it; undefined when it does not rest here. */
  turnOf(order: Order): number | undefined {
    const level = this.#levelOf(order);
    const turn = level?.orders.indexOf(order) ?? -1;
    return turn < 0 ? undefined : turn;
  }

  /** Gives a resting order another turn among those of its price. */
  moveTo(order: Order, turn: number): void {
    const orders = this.#levelOf(order)?.orders;
    const from = orders?.indexOf(order) ?? -1;
    if (orders === undefined || from < 0) return;
    orders.splice(from, 1);
    orders.splice(turn, 0, order);
  }

  #levelOf(order: Order): Level | undefined {
    const levels = this.#side(order.terms.isBuy);
    const level = levels[placeOf(levels, order)];
    return level !== undefined && compare(level.price, order.terms.price) === 0 ? level : undefined;
  }

  /** The order that is next in turn on a side. */
  first(isBuy: boolean): Order | undefined {
    return this.#side(isBuy)[0]?.orders[0];
  }

  /** The order that is next in turn when those of one owner are left out. */
  firstNotOf(owner: Address, isBuy: boolean): Order | undefined {
    for (const { orders } of this.#side(isBuy)) {
      const found = orders.find((order) => order.owner !== owner);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  bestPrice(isBuy: boolean): Decimal | undefined {
    return this.#side(isBuy)[0]?.price;
  }

  /** The best levels of a side, summed. */
  levels(isBuy: boolean, count: number): LevelView[] {
    return this.#side(isBuy)
      .slice(0, count)
      .map(({ price, orders }) => ({
        price,
        size: orders.reduce((sum, order) => add(sum, order.remaining), ZERO),
        count: orders.length,
      }));
  }

  /** Every resting order of a side, in turn. */
  orders(isBuy: boolean): Order[] {
    return this.#side(isBuy).flatMap((level) => level.orders);
  }

  /** The resting orders of a side whose price is better for the other one than a given price. */
  beyond(isBuy: boolean, price: Decimal): Order[] {
    const found: Order[] = [];
    for (const level of this.#side(isBuy)) {
      const difference = compare(level.price, price);
      if (isBuy ? difference <= 0 : difference >= 0) break;
      found.push(...level.orders);
    }
    return found;
  }

  #side(isBuy: boolean): Level[] {
    return isBuy ? this.#bids : this.#asks;
  }
}

/** Where the price of an order is, or would be put, among the levels of its side. */
function placeOf(levels: readonly Level[], order: Order): number {
  const { isBuy, price } = order.terms;
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const level = levels[middle];
    if (level === undefined) return middle;
    const difference = compare(level.price, price);
    const better = isBuy ? difference > 0 : difference < 0;
    if (better) low = middle + 1;
    else high = middle;
  }
  return low;
}
