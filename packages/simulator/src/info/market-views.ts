import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  formatDecimal,
  multiply,
  ONE,
  parseDecimal,
} from "@cloister/model";
import type { LevelView } from "../market/book.ts";
import { bookOf, type Ledger, markOf, oracleOf } from "../ledger/ledger.ts";
import { fundingRateOf, premiumOf } from "../market/funding.ts";
import { openInterestOf } from "../market/open-interest.ts";
import { supplyOf } from "../market/token.ts";
import { printDecimal } from "../print.ts";
import type { Asset } from "../market/universe.ts";

/** Views of a market that reads and channels share. */

const TWO = decimalOf(2);

export type BookShape = {
  readonly depth: number;
  readonly nSigFigs: number | null;
  readonly mantissa: number | null;
};

/** Bids descending, then asks ascending (protocol §4.5). */
export function bookView(ledger: Ledger, asset: Asset, shape: BookShape): object {
  return {
    coin: asset.coin,
    time: ledger.news.atMs,
    levels: [true, false].map((isBuy) => sideView(ledger, asset, { isBuy, shape })),
  };
}

export function bboView(ledger: Ledger, asset: Asset): object {
  const book = bookOf(ledger, asset);
  const best = [true, false].map((isBuy) => {
    const level = book.levels(isBuy, 1)[0];
    return level === undefined ? null : levelView(level);
  });
  return { coin: asset.coin, time: ledger.news.atMs, bbo: best };
}

/** The middle of the best prices; the mark price where a side is empty. */
function midOf(ledger: Ledger, asset: Asset): Decimal {
  const book = bookOf(ledger, asset);
  const bid = book.bestPrice(true);
  const ask = book.bestPrice(false);
  if (bid === undefined || ask === undefined) return markOf(ledger, asset);
  return divideCut(add(bid, ask), TWO, 8);
}

/** Mids of one dex; the first dex's map carries spot too. */
export function midsView(ledger: Ledger, dex: string): Record<string, string> {
  const mids: Record<string, string> = {};
  for (const asset of ledger.universe.assets) {
    if (asset.market.dex === dex && !asset.market.delisted) {
      mids[asset.coin] = printDecimal(midOf(ledger, asset));
    }
  }
  return mids;
}

function sideView(
  ledger: Ledger,
  asset: Asset,
  side: { isBuy: boolean; shape: BookShape },
): object[] {
  const { isBuy, shape } = side;
  const book = bookOf(ledger, asset);
  if (shape.nSigFigs === null) return book.levels(isBuy, shape.depth).map(levelView);
  const merged: LevelView[] = [];
  for (const level of book.levels(isBuy, Number.POSITIVE_INFINITY)) {
    const price = bucket(level.price, {
      isBuy,
      figures: shape.nSigFigs,
      mantissa: shape.mantissa ?? 1,
    });
    const last = merged.at(-1);
    if (last !== undefined && compare(last.price, price) === 0) {
      merged[merged.length - 1] = {
        price,
        size: add(last.size, level.size),
        count: last.count + level.count,
      };
    } else merged.push({ ...level, price });
  }
  return merged.slice(0, shape.depth).map(levelView);
}

/** A price on the coarser grid of `figures` digits: bids down, asks up. */
function bucket(
  price: Decimal,
  grid: { isBuy: boolean; figures: number; mantissa: number },
): Decimal {
  const step = multiply(powerOfTen(magnitude(price) - grid.figures + 1), decimalOf(grid.mantissa));
  const down = multiply(divideCut(price, step, 0), step);
  return grid.isBuy || compare(down, price) === 0 ? down : add(down, step);
}

/** The power of ten of the first digit. */
function magnitude(price: Decimal): number {
  const [whole = "0", fraction = ""] = formatDecimal(price).split(".");
  return whole === "0"
    ? -(fraction.length - fraction.replace(/^0+/, "").length) - 1
    : whole.length - 1;
}

function powerOfTen(power: number): Decimal {
  if (power === 0) return ONE;
  return parseDecimal(power > 0 ? `1${"0".repeat(power)}` : `0.${"0".repeat(-power - 1)}1`);
}

function levelView(level: LevelView): object {
  return { px: printDecimal(level.price), sz: printDecimal(level.size), n: level.count };
}

/** What a perpetual stands at (protocol §4.5); "impact" prices are the best ones of the book. */
export function perpContext(ledger: Ledger, asset: Asset): object {
  const book = bookOf(ledger, asset);
  const [bid, ask] = [book.bestPrice(true), book.bestPrice(false)];
  const { volume, value, before } = ledger.candles.day(asset.coin, ledger.news.atMs);
  return {
    funding: printDecimal(fundingRateOf(ledger, asset)),
    openInterest: printDecimal(openInterestOf(ledger, asset)),
    prevDayPx: printDecimal(before ?? asset.firstPrice),
    dayNtlVlm: printDecimal(value),
    premium: printDecimal(premiumOf(ledger, asset)),
    oraclePx: printDecimal(oracleOf(ledger, asset)),
    markPx: printDecimal(markOf(ledger, asset)),
    midPx: asset.market.delisted ? null : printDecimal(midOf(ledger, asset)),
    impactPxs:
      bid === undefined || ask === undefined ? null : [printDecimal(bid), printDecimal(ask)],
    dayBaseVlm: printDecimal(volume),
  };
}

export type SpotContext = {
  readonly prevDayPx: string;
  readonly dayNtlVlm: string;
  readonly markPx: string;
  readonly midPx: string;
  readonly circulatingSupply: string;
  readonly coin: string;
  readonly totalSupply: string;
  readonly dayBaseVlm: string;
};

/** What a pair stands at; all accounts together are the supply. */
export function spotContext(ledger: Ledger, asset: Asset): SpotContext {
  const supply = printDecimal(supplyOf(ledger, asset.token?.name ?? ""));
  const { volume, value, before } = ledger.candles.day(asset.coin, ledger.news.atMs);
  return {
    prevDayPx: printDecimal(before ?? asset.firstPrice),
    dayNtlVlm: printDecimal(value),
    markPx: printDecimal(markOf(ledger, asset)),
    midPx: printDecimal(midOf(ledger, asset)),
    circulatingSupply: supply,
    coin: asset.coin,
    totalSupply: supply,
    dayBaseVlm: printDecimal(volume),
  };
}
