import {
  add,
  type Coin,
  divideCut,
  decimalPlaces,
  formatDecimal,
  parseDecimal,
  type Side,
} from "@cloister/model";
import type { Bbo, Book, BookLevel, Trade } from "../codec/market-data.ts";

/** The best prices. A side that is empty is absent. Prices in quote, sizes in base units, `at` venue time, ms. */
export type BestQuotes = {
  readonly coin: Coin;
  readonly at: number;
  readonly bid?: string;
  readonly bidSize?: string;
  readonly ask?: string;
  readonly askSize?: string;
};

export type BookStep = { readonly price: string; readonly size: string; readonly orders: number };

/** The visible book, best first. */
export type BookView = {
  readonly coin: Coin;
  readonly at: number;
  readonly bids: readonly BookStep[];
  readonly asks: readonly BookStep[];
};

/** One trade of the market; `side` is the aggressor's. */
export type TradeView = {
  readonly coin: Coin;
  readonly at: number;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly tid: number;
};

export function bestQuotesOf({ coin, at, bid, ask }: Bbo): BestQuotes {
  return {
    coin,
    at,
    ...(bid && { bid: formatDecimal(bid.price), bidSize: formatDecimal(bid.size) }),
    ...(ask && { ask: formatDecimal(ask.price), askSize: formatDecimal(ask.size) }),
  };
}

/** The exact middle; undefined while a side is empty. */
export function midOf({ bid, ask }: Bbo): string | undefined {
  if (bid === undefined || ask === undefined) return undefined;
  const sum = add(bid.price, ask.price);
  return formatDecimal(divideCut(sum, TWO, decimalPlaces(sum) + 1));
}

const TWO = parseDecimal("2");

export function bookViewOf({ coin, at, bids, asks }: Book): BookView {
  return { coin, at, bids: bids.map(stepOf), asks: asks.map(stepOf) };
}

export function tradeViewOf(trade: Trade): TradeView {
  return { ...trade, price: formatDecimal(trade.price), size: formatDecimal(trade.size) };
}

function stepOf(level: BookLevel): BookStep {
  return {
    price: formatDecimal(level.price),
    size: formatDecimal(level.size),
    orders: level.orders,
  };
}
