/** One execution as `userFills` shows it (protocol §4.2). Made once, never changed. */
export type WireFill = {
  readonly coin: string;
  readonly px: string;
  readonly sz: string;
  readonly side: "B" | "A";
  readonly time: number;
  readonly startPosition: string;
  readonly dir: string;
  readonly closedPnl: string;
  readonly hash: string;
  readonly oid: number;
  readonly crossed: boolean;
  readonly fee: string;
  /** The part of the fee that went to a builder, if one was asked for. */
  readonly builderFee?: string;
  readonly tid: number;
  readonly cloid?: string;
  readonly liquidation?: WireLiquidation;
  readonly feeToken: string;
  /** The TWAP it is a slice of. */
  readonly twapId: number | null;
};

/** On both sides of a fill that closes a liquidated position. */
export type WireLiquidation = {
  readonly liquidatedUser: string;
  /** A text on the wire, whatever the papers say (protocol §4.2). */
  readonly markPx: string;
  readonly method: "market" | "backstop";
};

/** What one hour of a position cost or brought (protocol §4.3). */
export type WireFunding = {
  readonly time: number;
  readonly coin: string;
  /** Quote units; negative was paid. */
  readonly usdc: string;
  readonly szi: string;
  readonly fundingRate: string;
  readonly nSamples: null;
};

/** What one hour of a coin cost, as `fundingHistory` shows it. */
export type WireFundingRate = {
  readonly coin: string;
  readonly fundingRate: string;
  readonly premium: string;
  readonly time: number;
};

/** One public trade (protocol §4.5). */
export type WireTrade = {
  readonly coin: string;
  readonly side: "B" | "A";
  readonly px: string;
  readonly sz: string;
  readonly time: number;
  readonly hash: string;
  readonly tid: number;
  /** Buyer, then seller. */
  readonly users: readonly [string, string];
};
