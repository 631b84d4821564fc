import type { Cloid } from "./cloid.ts";
import { type Decimal, formatDecimal } from "./decimal.ts";
import type { Coin, Oid, Tid } from "./ids.ts";
import type { Side } from "./order-words.ts";

/** One execution of one leg, as the venue told it (protocol §4.2). Fees in `feeToken`, negative for a rebate. */
export type Fill = {
  readonly coin: Coin;
  readonly oid: Oid;
  readonly tid: Tid;
  readonly cloid?: Cloid;
  readonly side: Side;
  readonly price: Decimal;
  readonly size: Decimal;
  /** Block time, ms. */
  readonly at: number;
  /** Signed position (spot: balance) before this fill, base units. */
  readonly startPosition: Decimal;
  readonly fee: Decimal;
  readonly feeToken: string;
  readonly builderFee?: Decimal;
  readonly closedPnl: Decimal;
  /** Whether we took liquidity. */
  readonly taker: boolean;
  /** The venue's display text: an open set. */
  readonly direction: string;
  readonly hash: string;
  readonly liquidation?: { readonly method: string; readonly liquidatedUser?: string };
};

/** What makes a fill itself: (coin, oid, tid, time), for dust (tid 0) also position and size. Design rule 1. */
export type FillKey = string;

export function fillKey(fill: Fill): FillKey {
  const key = `${fill.tid}|${fill.oid}|${fill.at}|${fill.coin}`;
  return fill.tid === 0
    ? `${key}|${formatDecimal(fill.startPosition)}|${formatDecimal(fill.size)}`
    : key;
}
