import {
  add,
  compare,
  type Decimal,
  decimalPlaces,
  formatDecimal,
  multiply,
  ONE,
  parseDecimal,
  significantFigures,
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
};

const PRICE_FIGURES = 5;
const DECIMALS = { perp: 6, spot: 8 } as const;

export function marketOf(terms: {
  coin: Coin;
  kind: "perp" | "spot";
  dex: string;
  sizeDecimals: number;
  delisted: boolean;
}): Market {
  return {
    coin: terms.coin,
    kind: terms.kind,
    dex: terms.dex,
    sizeDecimals: terms.sizeDecimals,
    priceDecimals: Math.max(0, DECIMALS[terms.kind] - terms.sizeDecimals),
    minNotional: parseDecimal("10"),
    delisted: terms.delisted,
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

/** The nearest valid price not above ("down") or not below ("up") the given one. */
export function roundPrice(market: Market, price: Decimal, way: "down" | "up"): Decimal {
  const whole = formatDecimal(price).split(".")[0] ?? "0";
  const wholeFigures = whole === "0" ? leadingZeros(price) : whole.replace("-", "").length;
  const places = Math.max(0, Math.min(market.priceDecimals, PRICE_FIGURES - wholeFigures));
  return roundTo(price, places, way);
}

/** The nearest valid size not above ("down") or not below ("up") the given one. */
export function roundSize(market: Market, size: Decimal, way: "down" | "up"): Decimal {
  return roundTo(size, market.sizeDecimals, way);
}

/** For 0.00123: minus the zeros after the dot, so that figures are counted from the first digit. */
function leadingZeros(price: Decimal): number {
  const fraction = formatDecimal(price).split(".")[1] ?? "";
  return -(fraction.length - fraction.replace(/^0+/, "").length);
}

function roundTo(value: Decimal, places: number, way: "down" | "up"): Decimal {
  const [whole = "0", fraction = ""] = formatDecimal(value).split(".");
  if (fraction.length <= places) return value;
  const cut = parseDecimal(places === 0 ? whole : `${whole}.${fraction.slice(0, places)}`);
  if (way === "down") return cut;
  const step = places === 0 ? ONE : parseDecimal(`0.${"1".padStart(places, "0")}`);
  return add(cut, step);
}
