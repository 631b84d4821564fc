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
  readonly tid: number;
  readonly cloid?: string;
  readonly feeToken: string;
  readonly twapId: null;
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
