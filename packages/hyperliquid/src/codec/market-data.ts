import type { Coin, Decimal, Side } from "@cloister/model";

/** One price step: size in base units, `orders` resting there. */
export type BookLevel = {
  readonly price: Decimal;
  readonly size: Decimal;
  readonly orders: number;
};

/** The best bid and ask. Undefined where a side is empty. `at` is venue time, ms. */
export type Bbo = {
  readonly kind: "bbo";
  readonly coin: Coin;
  readonly at: number;
  readonly bid?: BookLevel;
  readonly ask?: BookLevel;
};

/** The whole visible book, best first. */
export type Book = {
  readonly kind: "book";
  readonly coin: Coin;
  readonly at: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
};

export type Trade = {
  readonly coin: Coin;
  /** The aggressor's side. */
  readonly side: Side;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly at: number;
  readonly tid: number;
};

export type Trades = { readonly kind: "trades"; readonly trades: readonly Trade[] };

/** Middle prices by coin. */
export type Mids = { readonly kind: "mids"; readonly mids: ReadonlyMap<string, Decimal> };

export type MarketData = Bbo | Book | Trades | Mids;
