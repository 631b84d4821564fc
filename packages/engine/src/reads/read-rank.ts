/**
 * How much a read matters when weight is scarce: what ends doubt or opens the gate, what completes the account, what
 * only compares.
 */
export type ReadRank = "urgent" | "account" | "compare";

const PLACES: Readonly<Record<ReadRank, number>> = { urgent: 0, account: 1, compare: 2 };

/** Who goes first: by rank, else as they came. */
export function first<T extends { readonly rank: ReadRank }>(waiting: readonly T[]): T | undefined {
  return waiting.reduce<T | undefined>(
    (best, next) => (best === undefined || PLACES[next.rank] < PLACES[best.rank] ? next : best),
    undefined,
  );
}
