import { add, type Decimal, ZERO } from "@cloister/model";
import type { BookFill, BookOrder, BookState } from "./books.ts";

/** What the exchange states of one oid. Filled size in base units. */
export type LegRecord = {
  readonly cloid: string;
  readonly oid: number;
  /** The venue's own status word (protocol §5). */
  readonly status: string;
  readonly filled: Decimal;
};

/**
 * The exchange's legs as orders: one per cloid, with the state of its newest leg and what all of them filled.
 * A modify leaves several oids under one cloid (protocol §9).
 */
export function ordersOfLegs(legs: readonly LegRecord[]): readonly BookOrder[] {
  const byCloid = new Map<string, LegRecord[]>();
  for (const leg of legs) {
    const known = byCloid.get(leg.cloid);
    if (known === undefined) byCloid.set(leg.cloid, [leg]);
    else known.push(leg);
  }
  return [...byCloid].map(([cloid, own]) => {
    const newest = own.reduce((a, b) => (b.oid > a.oid ? b : a));
    return {
      cloid,
      state: stateOf(newest.status),
      filled: own.reduce((sum, { filled }) => add(sum, filled), ZERO),
      oids: own.map(({ oid }) => oid),
    };
  });
}

/** Filled size by oid. */
export function filledByOid(fills: readonly BookFill[]): ReadonlyMap<number, Decimal> {
  const sums = new Map<number, Decimal>();
  for (const { oid, size } of fills) sums.set(oid, add(sums.get(oid) ?? ZERO, size));
  return sums;
}

/** The rule of protocol §5, read anew here: the audit shares no code with what it audits. */
function stateOf(status: string): BookState {
  if (status === "open" || status === "triggered") return "live";
  if (status === "filled") return "filled";
  if (status === "iocCancelRejected") return "canceled";
  if (status === "rejected" || status.endsWith("Rejected")) return "rejected";
  return "canceled";
}
