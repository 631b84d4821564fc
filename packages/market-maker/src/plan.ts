import {
  add,
  type Cloid,
  compare,
  type Decimal,
  negate,
  type Side,
  signOf,
  subtract,
} from "@cloister/model";
import type { Quote, WorkingQuote, WorstCase } from "./quote.ts";

/** What a plan must respect. */
export type PlanLimits = {
  /** Largest position either way, base units, were everything to fill. */
  readonly positionMax: Decimal;
  /** How far a working order may be from its level and still stand for it, quote units. */
  readonly tolerance: Decimal;
};

/** What a cycle does. Orders that are already being canceled are in neither list. */
export type Plan = {
  readonly keep: readonly Cloid[];
  readonly cancel: readonly Cloid[];
  readonly place: readonly Quote[];
  /** Levels that must wait, and for what: room under the limit, or an own order on the other side. */
  readonly held: readonly { readonly quote: Quote; readonly why: "limit" | "ownLadder" }[];
};

type Input = {
  readonly desired: readonly Quote[];
  readonly working: readonly WorkingQuote[];
  readonly exposure: WorstCase;
  readonly limits: PlanLimits;
};

type SidePlan = { keep: Cloid[]; cancel: Cloid[]; missing: Quote[] };

/**
 * From what should stand and what does stand, what to do. Pure.
 * - A level is kept by the nearest order within the tolerance that has at least half its size left.
 * - No order is placed that could meet an own order, one that is being canceled included.
 * - No order is placed that could carry the position over the limit, were every order to fill; orders that
 *   already could are canceled, the outermost first.
 */
export function plan(input: Input): Plan {
  const buys = planSide("buy", input);
  const sells = planSide("sell", input);
  const place: Quote[] = [];
  const held: { quote: Quote; why: "limit" | "ownLadder" }[] = [];
  const room = {
    buy: subtract(input.limits.positionMax, input.exposure.max),
    sell: add(input.limits.positionMax, input.exposure.min),
  };
  for (const quote of [...buys.missing, ...sells.missing]) {
    if (meetsOwn(quote, input.working, place)) held.push({ quote, why: "ownLadder" });
    else if (compare(quote.size, room[quote.side]) > 0) held.push({ quote, why: "limit" });
    else {
      place.push(quote);
      room[quote.side] = subtract(room[quote.side], quote.size);
    }
  }
  return {
    keep: [...buys.keep, ...sells.keep],
    cancel: [...buys.cancel, ...sells.cancel],
    place,
    held,
  };
}

function planSide(side: Side, input: Input): SidePlan {
  const result: SidePlan = { keep: [], cancel: [], missing: [] };
  const free = new Set(input.working.filter((order) => order.side === side && !order.canceling));
  let capacity = capacityFor(side, free, input);
  for (const quote of inside(side, input.desired)) {
    const match = nearest(quote, free, input.limits.tolerance);
    if (match === undefined) {
      result.missing.push(quote);
      continue;
    }
    free.delete(match);
    capacity = subtract(capacity, match.leaves);
    if (signOf(capacity) >= 0) result.keep.push(match.cloid);
    else result.cancel.push(match.cloid);
  }
  for (const order of free) result.cancel.push(order.cloid);
  return result;
}

/** What orders that may be kept can sum to: the limit less all else that could still fill. */
function capacityFor(side: Side, keepable: ReadonlySet<WorkingQuote>, input: Input): Decimal {
  const worst = side === "buy" ? input.exposure.max : negate(input.exposure.min);
  let rest = worst;
  for (const order of keepable) rest = subtract(rest, order.leaves);
  return subtract(input.limits.positionMax, rest);
}

/** The desired levels of a side, the best price first. */
function inside(side: Side, desired: readonly Quote[]): Quote[] {
  return desired
    .filter((quote) => quote.side === side)
    .toSorted((a, b) => (side === "buy" ? compare(b.price, a.price) : compare(a.price, b.price)));
}

function nearest(
  quote: Quote,
  free: ReadonlySet<WorkingQuote>,
  tolerance: Decimal,
): WorkingQuote | undefined {
  let best: { order: WorkingQuote; distance: Decimal } | undefined;
  for (const order of free) {
    const distance = apart(order.price, quote.price);
    if (compare(distance, tolerance) > 0) continue;
    if (compare(add(order.leaves, order.leaves), quote.size) < 0) continue;
    if (best === undefined || compare(distance, best.distance) < 0) best = { order, distance };
  }
  return best?.order;
}

function apart(a: Decimal, b: Decimal): Decimal {
  const difference = subtract(a, b);
  return signOf(difference) < 0 ? negate(difference) : difference;
}

function meetsOwn(
  quote: Quote,
  working: readonly WorkingQuote[],
  placed: readonly Quote[],
): boolean {
  const meets = (other: { readonly side: Side; readonly price: Decimal }): boolean =>
    other.side !== quote.side &&
    (quote.side === "buy"
      ? compare(quote.price, other.price) >= 0
      : compare(quote.price, other.price) <= 0);
  return working.some(meets) || placed.some(meets);
}
