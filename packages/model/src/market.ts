import {
  add,
  compare,
  type Decimal,
  decimalPlaces,
  divideCut,
  formatDecimal,
  multiply,
  ONE,
  parseDecimal,
  signOf,
  significantFigures,
  subtract,
  ZERO,
} from "./decimal.ts";
import type { Coin } from "./ids.ts";

/** The static rules of one market (protocol §11). */
export type Market = {
  readonly coin: Coin;
  readonly kind: "perp" | "spot";
  /** The builder dex it belongs to; "" for the first dex and for spot. */
  readonly dex: string;
  /** Digits after the dot that a size may have. */
  readonly sizeDecimals: number;
  /** Digits after the dot that a price may have (6 for perps, 8 for spot, less sizeDecimals). */
  readonly priceDecimals: number;
  /** Smallest price × size that opens or adds, in quote units. */
  readonly minNotional: Decimal;
  readonly delisted: boolean;
  /** Of perps, where the venue tells it. */
  readonly maxLeverage?: number;
};

const PRICE_FIGURES = 5;
const DECIMALS = { perp: 6, spot: 8 } as const;

export function marketOf(terms: {
  coin: Coin;
  kind: "perp" | "spot";
  dex: string;
  sizeDecimals: number;
  delisted: boolean;
  maxLeverage?: number;
}): Market {
  return {
    coin: terms.coin,
    kind: terms.kind,
    dex: terms.dex,
    sizeDecimals: terms.sizeDecimals,
    priceDecimals: Math.max(0, DECIMALS[terms.kind] - terms.sizeDecimals),
    minNotional: parseDecimal("10"),
    delisted: terms.delisted,
    ...(terms.maxLeverage === undefined ? {} : { maxLeverage: terms.maxLeverage }),
  };
}

/** The tick rule that a price breaks, in words; undefined when it is valid (protocol §11.2). */
export function brokenPriceRule(market: Market, price: Decimal): string | undefined {
  if (compare(price, ZERO) <= 0) return "must be positive";
  const places = decimalPlaces(price);
  if (places === 0) return undefined;
  if (places > market.priceDecimals) {
    return `has ${places} decimals, ${market.coin} allows ${market.priceDecimals}`;
  }
  const figures = significantFigures(price);
  return figures > PRICE_FIGURES
    ? `has ${figures} significant figures, ${PRICE_FIGURES} are allowed`
    : undefined;
}

/** The lot rule that a size breaks, in words; undefined when it is valid. */
export function brokenSizeRule(market: Market, size: Decimal): string | undefined {
  if (compare(size, ZERO) <= 0) return "must be positive";
  const places = decimalPlaces(size);
  return places > market.sizeDecimals
    ? `has ${places} decimals, ${market.coin} allows ${market.sizeDecimals}`
    : undefined;
}

/** Whether price × size is below the smallest value the venue takes. Reduce-only closes may be exempt there. */
export function brokenNotionalRule(
  market: Market,
  price: Decimal,
  size: Decimal,
): string | undefined {
  const value = multiply(price, size);
  return compare(value, market.minNotional) < 0
    ? `is worth ${formatDecimal(value)}, the least is ${formatDecimal(market.minNotional)}`
    : undefined;
}

/**
 * The nearest valid price not above ("down") or not below ("up") the given one.
 * Zero when it is positive and no valid price is that small.
 */
export function roundPrice(market: Market, price: Decimal, way: "down" | "up"): Decimal {
  const places = Math.min(market.priceDecimals, PRICE_FIGURES - magnitude(price));
  return roundTo(price, Math.max(0, places), way);
}

/**
 * The nearest valid size not above ("down") or not below ("up") the given one.
 * Zero when it is positive and no valid size is that small.
 */
export function roundSize(market: Market, size: Decimal, way: "down" | "up"): Decimal {
  return roundTo(size, market.sizeDecimals, way);
}

/** How many digits stand before the dot; for 0.00123 minus the zeros after it. */
function magnitude(value: Decimal): number {
  const [whole = "0", fraction = ""] = formatDecimal(value).replace("-", "").split(".");
  return whole === "0" ? fraction.replace(/^0+/, "").length - fraction.length : whole.length;
}

function roundTo(value: Decimal, places: number, way: "down" | "up"): Decimal {
  const towardZero = divideCut(value, ONE, places);
  if (towardZero === value) return value;
  if ((way === "down") === signOf(value) > 0) return towardZero;
  const step = parseDecimal(places === 0 ? "1" : `0.${"1".padStart(places, "0")}`);
  return way === "down" ? subtract(towardZero, step) : add(towardZero, step);
}
