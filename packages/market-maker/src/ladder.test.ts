import {
  brokenPriceRule,
  compare,
  formatDecimal,
  type Market,
  marketOf,
  parseCoin,
  parseDecimal,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { desiredLadder, type LadderTerms } from "./ladder.ts";
import type { Quote } from "./quote.ts";

function market(sizeDecimals: number): Market {
  return marketOf({ coin: parseCoin("X"), kind: "perp", dex: "", sizeDecimals, delisted: false });
}

const BTC = market(5);

function terms(given: Partial<Record<"halfSpread" | "spacing" | "size", string>>): LadderTerms {
  return {
    levels: 3,
    halfSpread: parseDecimal(given.halfSpread ?? "10"),
    spacing: parseDecimal(given.spacing ?? "5"),
    size: parseDecimal(given.size ?? "0.001"),
  };
}

function prices(quotes: readonly Quote[], side: "buy" | "sell"): string[] {
  return quotes.filter((quote) => quote.side === side).map(({ price }) => formatDecimal(price));
}

describe("desiredLadder", () => {
  it("steps away from the fair price on both sides", () => {
    const ladder = desiredLadder(BTC, terms({}), { fair: parseDecimal("64000"), touch: {} });
    expect(prices(ladder, "buy")).toEqual(["63990", "63985", "63980"]);
    expect(prices(ladder, "sell")).toEqual(["64010", "64015", "64020"]);
  });

  it("rounds bids down and asks up to a valid tick, and merges levels that become one", () => {
    const ladder = desiredLadder(BTC, terms({ halfSpread: "0.5", spacing: "0.4" }), {
      fair: parseDecimal("64000.7"),
      touch: {},
    });
    expect(prices(ladder, "buy")).toEqual(["64000", "63999"]);
    expect(prices(ladder, "sell")).toEqual(["64002"]);
  });

  it("leaves out what would cross the market, is too small or not positive", () => {
    const fair = parseDecimal("64000");
    const touch = { bid: parseDecimal("64012"), ask: parseDecimal("64020") };
    expect(prices(desiredLadder(BTC, terms({}), { fair, touch }), "sell")).toEqual([
      "64015",
      "64020",
    ]);
    expect(prices(desiredLadder(BTC, terms({}), { fair, touch }), "buy")).toHaveLength(3);
    expect(desiredLadder(BTC, terms({ size: "0.0001" }), { fair, touch: {} })).toEqual([]);
    const low = desiredLadder(BTC, terms({ size: "100" }), { fair: parseDecimal("12"), touch: {} });
    expect(prices(low, "buy")).toEqual(["2"]);
  });

  it("never makes a bad tick, and never lets its bids meet its asks", () => {
    const decimal = fc.tuple(fc.nat(200_000), fc.nat(9_999)).map(([whole, rest]) => {
      return parseDecimal(`${whole}.${String(rest).padStart(4, "0")}`);
    });
    fc.assert(
      fc.property(decimal, decimal, fc.nat(5), (fair, spacing, sizeDecimals) => {
        const listed = market(sizeDecimals);
        const ladder = desiredLadder(
          listed,
          { levels: 6, halfSpread: spacing, spacing, size: parseDecimal("1") },
          { fair, touch: {} },
        );
        for (const quote of ladder) expect(brokenPriceRule(listed, quote.price)).toBeUndefined();
        const bids = ladder.filter(({ side }) => side === "buy");
        const asks = ladder.filter(({ side }) => side === "sell");
        for (const bid of bids) {
          for (const ask of asks) expect(compare(bid.price, ask.price)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
