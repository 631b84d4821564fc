import { compare, type Decimal, decimalOf, signOf } from "@cloister/model";

/** The highest price that anybody may set: the crowd counts prices in units of 1e-8, and has to do it exactly. */
const PRICE_MOST = decimalOf(10_000_000);

export const PRICE_RULE = "must be a price above 0, at most 10000000";

/** Whether a mark, an oracle or a listing may have this price, quote units. */
export function isPrice(price: Decimal): boolean {
  return signOf(price) > 0 && compare(price, PRICE_MOST) <= 0;
}
