import {
  add,
  compare,
  type Decimal,
  divideCut,
  formatDecimal,
  type Market,
  marketOf,
  maxDecimal,
  multiply,
  parseCoin,
  parseDecimal,
  readDecimal,
  roundPrice,
  roundSize,
} from "@cloister/model";
import { fieldOf, listOf } from "./json.ts";
import { ProbeTrouble } from "./trouble.ts";

/** Where the probe places: a perpetual of the first dex, and prices that nobody will trade at. */
export type ProbeMarket = {
  readonly market: Market;
  readonly asset: number;
  readonly mark: Decimal;
};

const FAR_BELOW = parseDecimal("0.7");
const FAR_ABOVE = parseDecimal("1.4");
/** Quote value of the smallest order, with room above the venue's minimum of 10. */
const VALUE = parseDecimal("12");

/** Of an answer to `metaAndAssetCtxs`. @throws ProbeTrouble for a coin that is not there to be traded. */
export function readMarket(answer: unknown, coin: string): ProbeMarket {
  const [meta, contexts] = listOf(answer);
  const universe = listOf(fieldOf(meta, "universe"));
  const asset = universe.findIndex((row) => fieldOf(row, "name") === coin);
  const row = universe[asset];
  const sizeDecimals = fieldOf(row, "szDecimals");
  const mark = readDecimal(fieldOf(listOf(contexts)[asset], "markPx"));
  if (typeof sizeDecimals !== "number" || mark === undefined) {
    throw new ProbeTrouble(`${coin} is not listed on the first dex`);
  }
  if (fieldOf(row, "isDelisted") === true) throw new ProbeTrouble(`${coin} is delisted`);
  const terms = { coin: parseCoin(coin), kind: "perp", dex: "", sizeDecimals } as const;
  return { asset, mark, market: marketOf({ ...terms, delisted: false }) };
}

/** A price that no order of the market reaches; `step` tells several apart. */
export function farPrice({ market, mark }: ProbeMarket, side: "buy" | "sell", step = 0): string {
  const factor = side === "buy" ? FAR_BELOW : FAR_ABOVE;
  const away = add(factor, multiply(parseDecimal("0.01"), parseDecimal(String(step))));
  return formatDecimal(roundPrice(market, multiply(mark, away), "down"));
}

/** The mark times a factor, on the tick. */
export function nearPrice({ market, mark }: ProbeMarket, factor: string): string {
  return formatDecimal(roundPrice(market, multiply(mark, parseDecimal(factor)), "down"));
}

/** The least lots that are worth `value` at this price. */
export function sizeWorth({ market }: ProbeMarket, price: string, value: Decimal = VALUE): string {
  const size = roundSize(market, divideCut(value, parseDecimal(price), 12), "up");
  return formatDecimal(maxDecimal(size, oneLot(market)));
}

export function oneLot({ sizeDecimals }: Market): Decimal {
  return sizeDecimals === 0
    ? parseDecimal("1")
    : parseDecimal(`0.${"0".repeat(sizeDecimals - 1)}1`);
}

export function isWorthLess(price: string, size: string, value: string): boolean {
  return compare(multiply(parseDecimal(price), parseDecimal(size)), parseDecimal(value)) < 0;
}
