import { add, type Decimal, formatDecimal, ONE, ZERO } from "@cloister/model";
import type { Books } from "./books.ts";

/** One line of an audit: a sum as each side states it. */
export type Line = { readonly what: string; readonly engine: string; readonly exchange: string };

/** What both sides add up to, line by line: orders by state, volumes and fees by fills, positions. */
export function sumsOf(engine: Books, exchange: Books): readonly Line[] {
  const ours = sums(engine);
  const theirs = sums(exchange);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].toSorted();
  return names.map((what) => ({
    what,
    engine: formatDecimal(ours.get(what) ?? ZERO),
    exchange: formatDecimal(theirs.get(what) ?? ZERO),
  }));
}

function sums(books: Books): ReadonlyMap<string, Decimal> {
  const totals = new Map<string, Decimal>();
  const count = (what: string, amount: Decimal): void => {
    totals.set(what, add(totals.get(what) ?? ZERO, amount));
  };
  for (const { state } of books.orders) count(`orders: ${state}`, ONE);
  for (const fill of books.fills) {
    const way = fill.side === "buy" ? "bought" : "sold";
    count(`fills: ${fill.coin} ${way}`, fill.size);
    count(`fills: fees in ${fill.feeToken}`, fill.fee);
  }
  for (const [coin, size] of books.positions) count(`position: ${coin}`, size);
  return totals;
}
