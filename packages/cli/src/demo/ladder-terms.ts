import {
  divideCut,
  formatDecimal,
  type Market,
  multiply,
  parseDecimal,
  roundSize,
} from "@cloister/model";
import type { CoinOptions } from "@cloister/market-maker";

/** The shape of the demo's ladder as shares of the price, so that it fits any coin at any price. */
const HALF_SPREAD = parseDecimal("0.0003");
const SPACING = parseDecimal("0.00015");
/** Quote value of one level; above the venue's minimum of 10 by a good margin. */
const LEVEL_VALUE = parseDecimal("30");
/** Quote value of the largest position. */
const POSITION_VALUE = parseDecimal("1500");
const LEVELS = 6;

type Shape = Pick<CoinOptions, "levels" | "halfSpread" | "spacing" | "size" | "positionMax">;

/** The demo's ladder for a coin that is worth `fair` now. */
export function ladderTerms(market: Market, fair: string): Shape {
  const price = parseDecimal(fair);
  const worth = (value: typeof price): string =>
    formatDecimal(roundSize(market, divideCut(value, price, 12), "up"));
  return {
    levels: LEVELS,
    halfSpread: formatDecimal(multiply(price, HALF_SPREAD)),
    spacing: formatDecimal(multiply(price, SPACING)),
    size: worth(LEVEL_VALUE),
    positionMax: worth(POSITION_VALUE),
  };
}
