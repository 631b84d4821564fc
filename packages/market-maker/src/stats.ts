/** What a market maker did so far. Counts only grow. */
export type MakerStats = Readonly<MakerCounts>;

export type MakerCounts = {
  cycles: number;
  /** Orders asked for, and in how many requests. */
  placed: number;
  placeRequests: number;
  accepted: number;
  refused: number;
  unresolved: number;
  /** Orders told to go, and in how many requests. */
  canceled: number;
  cancelRequests: number;
  /** Levels that stood where they should, summed over cycles. */
  kept: number;
  heldByLimit: number;
  heldByOwnLadder: number;
  /** Fair prices that were not positive decimals. */
  badPrices: number;
  /** Cycles or cancels that threw. */
  failures: number;
};

export function noCounts(): MakerCounts {
  return {
    cycles: 0,
    placed: 0,
    placeRequests: 0,
    accepted: 0,
    refused: 0,
    unresolved: 0,
    canceled: 0,
    cancelRequests: 0,
    kept: 0,
    heldByLimit: 0,
    heldByOwnLadder: 0,
    badPrices: 0,
    failures: 0,
  };
}
