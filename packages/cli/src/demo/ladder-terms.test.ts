import {
  brokenNotionalRule,
  brokenSizeRule,
  compare,
  marketOf,
  multiply,
  parseCoin,
  parseDecimal,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ladderTerms } from "./ladder-terms.ts";

describe("ladderTerms", () => {
  it.each([
    ["64000", 5],
    ["2080.5", 4],
    ["0.00123", 0],
    ["140.25", 2],
    ["250000", 3],
  ])("at %s gives a ladder that the venue would take", (fair, sizeDecimals) => {
    const coin = parseCoin("X");
    const market = marketOf({ coin, kind: "perp", dex: "", sizeDecimals, delisted: false });
    const terms = ladderTerms(market, fair);
    const size = parseDecimal(terms.size);
    expect(terms.levels).toBeGreaterThanOrEqual(5);
    expect(brokenSizeRule(market, size)).toBeUndefined();
    // Worth enough after the price has fallen a good way too.
    const low = multiply(parseDecimal(fair), parseDecimal("0.9"));
    expect(brokenNotionalRule(market, low, size)).toBeUndefined();
    const wholeSide = multiply(size, parseDecimal(String(terms.levels)));
    expect(compare(wholeSide, parseDecimal(terms.positionMax))).toBeLessThanOrEqual(0);
  });
});
