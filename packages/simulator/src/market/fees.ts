import { type Decimal, decimalOf, divideCut, multiply, ONE, parseDecimal } from "@cloister/model";

/** Rates as fractions of the value traded (protocol §15). Negative is a rebate. */
export type FeeRates = {
  readonly perpTaker: Decimal;
  readonly perpMaker: Decimal;
  readonly spotTaker: Decimal;
  readonly spotMaker: Decimal;
};

export const BASE_FEES: FeeRates = {
  perpTaker: parseDecimal("0.00045"),
  perpMaker: parseDecimal("0.00015"),
  spotTaker: parseDecimal("0.0007"),
  spotMaker: parseDecimal("0.0004"),
};

/** A fee that is cut, not rounded, after `decimals` digits. */
export function feeOf(value: Decimal, rate: Decimal, decimals: number): Decimal {
  return cut(multiply(value, rate), decimals);
}

const TENTH_BPS = parseDecimal("0.00001");
const BUILDER_MOST = { perp: 100, spot: 1_000 } as const;

/** What a builder is paid for a fill, cut like a fee (protocol §6.2). */
export function builderFeeOf(value: Decimal, tenthBps: number, decimals: number): Decimal {
  return cut(multiply(multiply(value, decimalOf(tenthBps)), TENTH_BPS), decimals);
}

/** The most that may be approved and asked for, tenths of a basis point. */
export function builderFeeMost(kind: "perp" | "spot"): number {
  return BUILDER_MOST[kind];
}

/** A value cut toward zero after `decimals` digits. */
export function cut(value: Decimal, decimals: number): Decimal {
  return divideCut(value, ONE, decimals);
}

/** a × b ÷ c, cut after 8 digits: shares of an entry value. */
export function share(whole: Decimal, part: Decimal, of: Decimal): Decimal {
  return divideCut(multiply(whole, part), of, 8);
}
