import type { Decimal } from "@cloister/model";

/** How an order stands, in the words that both sides of an audit can say. */
export type BookState = "live" | "filled" | "canceled" | "rejected";

/** One order, keyed by its cloid; it may have had several oids. Filled size in base units. */
export type BookOrder = {
  readonly cloid: string;
  readonly state: BookState;
  readonly filled: Decimal;
  readonly oids: readonly number[];
};

/** One execution. Prices in quote, sizes in base units, `at` block time in ms. */
export type BookFill = {
  readonly coin: string;
  readonly side: "buy" | "sell";
  readonly price: Decimal;
  readonly size: Decimal;
  readonly oid: number;
  readonly tid: number;
  readonly at: number;
  readonly fee: Decimal;
  readonly feeToken: string;
};

/** Everything one side states: the engine of itself, or the exchange of an account. */
export type Books = {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly BookFill[];
  /** Signed, base units; a coin that is absent is flat. */
  readonly positions: ReadonlyMap<string, Decimal>;
};
