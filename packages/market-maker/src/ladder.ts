import {
  add,
  brokenNotionalRule,
  compare,
  type Decimal,
  decimalOf,
  type Market,
  multiply,
  roundPrice,
  type Side,
  signOf,
  subtract,
} from "@cloister/model";
import type { Quote } from "./quote.ts";

/** The shape of a ladder. Distances in quote units, size in base units. */
export type LadderTerms = {
  readonly levels: number;
  /** From the fair price to the first level of either side. */
  readonly halfSpread: Decimal;
  /** From one level to the next. */
  readonly spacing: Decimal;
  readonly size: Decimal;
};

/** The best prices of the market, as far as they are known. */
export type Touch = { readonly bid?: Decimal; readonly ask?: Decimal };

/**
 * The ladder that should stand: bids from the fair price down, then asks from it up.
 * Left out: a level that the venue would refuse (crosses the market, too small, not positive), and one that
 * rounds onto its neighbour.
 */
export function desiredLadder(
  market: Market,
  terms: LadderTerms,
  prices: { readonly fair: Decimal; readonly touch: Touch },
): readonly Quote[] {
  const sides: readonly Side[] = ["buy", "sell"];
  return sides.flatMap((side) => oneSide(market, terms, { ...prices, side }));
}

function oneSide(
  market: Market,
  terms: LadderTerms,
  at: { readonly fair: Decimal; readonly touch: Touch; readonly side: Side },
): Quote[] {
  const quotes: Quote[] = [];
  for (let level = 0; level < terms.levels; level += 1) {
    const distance = add(terms.halfSpread, multiply(terms.spacing, decimalOf(level)));
    const price =
      at.side === "buy"
        ? roundPrice(market, subtract(at.fair, distance), "down")
        : roundPrice(market, add(at.fair, distance), "up");
    if (signOf(price) <= 0 || crosses(at.side, price, at.touch)) continue;
    if (brokenNotionalRule(market, price, terms.size) !== undefined) continue;
    if (quotes.at(-1)?.price === price) continue;
    quotes.push({ side: at.side, price, size: terms.size });
  }
  return quotes;
}

function crosses(side: Side, price: Decimal, touch: Touch): boolean {
  const other = side === "buy" ? touch.ask : touch.bid;
  if (other === undefined) return false;
  return side === "buy" ? compare(price, other) >= 0 : compare(price, other) <= 0;
}
