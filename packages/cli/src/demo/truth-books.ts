import { parseDecimal } from "@cloister/model";
import type { TruthAccount } from "@cloister/simulator";
import { bookFillOf, type Books, ordersOfLegs } from "@cloister/testkit";

/** The books as the exchange itself keeps them: nothing went over a wire. */
export function truthBooks(truth: TruthAccount): Books {
  const legs = truth.orders.map(({ cloid, oid, statuses, filled }) => ({
    cloid: cloid ?? `oid ${oid}`,
    oid,
    status: statuses.at(-1)?.status ?? "open",
    filled: parseDecimal(filled),
  }));
  const positions = Object.entries(truth.positions);
  return {
    orders: ordersOfLegs(legs),
    fills: truth.fills.map(bookFillOf),
    positions: new Map(positions.map(([coin, size]) => [coin, parseDecimal(size)])),
  };
}
