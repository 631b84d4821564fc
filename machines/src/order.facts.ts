import { type Cloid, type Decimal, type Oid, type OrderTerms, ZERO } from "@cloister/model";
import { type FillTree, NO_FILLS } from "./order.fills.ts";
import type { Leg } from "./order.legs.ts";
import { NO_VERDICTS, type Verdicts } from "./order.verdicts.ts";

/** The oldest ended legs, as one sum. Their fills are still booked; words about them change nothing. */
export type Folded = {
  readonly firstOid: Oid;
  readonly upTo: Oid;
  readonly missing: Decimal;
  /** How much more they may have executed without our having heard of it; `missing` included. */
  readonly unheard: Decimal;
  readonly ledger: "complete" | "incomplete";
};

export type FeeSum = { readonly token: string; readonly sum: Decimal };

/** What we know of one order: joined evidence, immutable and JSON-safe. Sizes in base units. */
export type OrderFacts = {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly terms: OrderTerms;
  readonly verdicts: Verdicts;
  /** By growing oid. */
  readonly legs: readonly Leg[];
  readonly folded: Folded | undefined;
  readonly fills: FillTree;
  /** Σ size and Σ price × size of distinct fills. */
  readonly filled: Decimal;
  readonly notional: Decimal;
  readonly fees: readonly FeeSum[];
};

export type NewOrder = { readonly cloid: Cloid; readonly terms: OrderTerms; readonly tag?: string };

export function newOrder({ cloid, terms, tag }: NewOrder): OrderFacts {
  return {
    cloid,
    tag,
    terms,
    verdicts: NO_VERDICTS,
    legs: [],
    folded: undefined,
    fills: NO_FILLS,
    filled: ZERO,
    notional: ZERO,
    fees: [],
  };
}
