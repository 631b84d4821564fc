import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  compare,
  type Decimal,
  decimalPlaces,
  formatDecimal,
  parseDecimal,
  signOf,
  significantFigures,
  subtract,
  ZERO,
} from "./decimal.ts";
import { parseCoin } from "./ids.ts";
import {
  brokenNotionalRule,
  brokenPriceRule,
  brokenSizeRule,
  type Market,
  marketOf,
  roundPrice,
  roundSize,
} from "./market.ts";

function market(kind: "perp" | "spot", sizeDecimals: number): Market {
  return marketOf({ coin: parseCoin("BTC"), kind, dex: "", sizeDecimals, delisted: false });
}

const dec = parseDecimal;

describe("a price (protocol §11.2)", () => {
  it.each([
    ["perp", 5, "123456", undefined],
    ["perp", 5, "1234567890", undefined],
    ["perp", 5, "12345", undefined],
    ["perp", 5, "12345.6", "has 6 significant figures, 5 are allowed"],
    ["perp", 5, "64000.0", undefined],
    ["perp", 5, "1234.5", undefined],
    ["perp", 5, "1234.56", "has 2 decimals, BTC allows 1"],
    ["perp", 0, "0.001234", undefined],
    ["perp", 0, "0.012345", undefined],
    ["perp", 0, "0.0012345", "has 7 decimals, BTC allows 6"],
    ["perp", 1, "0.001234", "has 6 decimals, BTC allows 5"],
    ["perp", 0, "1.23456", "has 6 significant figures, 5 are allowed"],
    ["perp", 0, "1.2345", undefined],
    ["perp", 0, "100.01", undefined],
    ["perp", 0, "1000.01", "has 6 significant figures, 5 are allowed"],
    ["perp", 6, "1.5", "has 1 decimals, BTC allows 0"],
    ["perp", 6, "2", undefined],
    ["perp", 8, "2", undefined],
    ["spot", 0, "0.00012345", undefined],
    ["spot", 0, "0.000012345", "has 9 decimals, BTC allows 8"],
    ["spot", 8, "0.1", "has 1 decimals, BTC allows 0"],
    ["perp", 5, "0", "must be positive"],
    ["perp", 5, "-64000", "must be positive"],
  ] as const)("%s with %i size decimals: %s", (kind, sizeDecimals, price, broken) => {
    expect(brokenPriceRule(market(kind, sizeDecimals), dec(price))).toBe(broken);
  });
});

describe("a size", () => {
  it.each([
    [5, "0.00001", undefined],
    [5, "0.000010", undefined],
    [5, "0.000001", "has 6 decimals, BTC allows 5"],
    [0, "1", undefined],
    [0, "1.0", undefined],
    [0, "0.5", "has 1 decimals, BTC allows 0"],
    [0, "123456789012", undefined],
    [2, "0", "must be positive"],
    [2, "-1", "must be positive"],
  ] as const)("with %i decimals: %s", (sizeDecimals, size, broken) => {
    expect(brokenSizeRule(market("perp", sizeDecimals), dec(size))).toBe(broken);
  });
});

describe("a value", () => {
  it.each([
    ["64000", "0.001", undefined],
    ["10", "1", undefined],
    ["9.9999", "1", "is worth 9.9999, the least is 10"],
    ["0.00001", "999999", "is worth 9.99999, the least is 10"],
    ["0.00001", "1000000", undefined],
  ])("of %s × %s", (price, size, broken) => {
    expect(brokenNotionalRule(market("perp", 5), dec(price), dec(size))).toBe(broken);
  });
});

describe("rounding", () => {
  it.each([
    [5, "64000.55", "64000", "64001"],
    [5, "6400.57", "6400.5", "6400.6"],
    [5, "99999.5", "99999", "100000"],
    [5, "123456.7", "123456", "123457"],
    [0, "0.00123456", "0.001234", "0.001235"],
    [0, "9.99999", "9.9999", "10"],
    [0, "0.0999999", "0.099999", "0.1"],
    [0, "0.0000001", "0", "0.000001"],
    [6, "0.4", "0", "1"],
    [0, "1.2345", "1.2345", "1.2345"],
    [0, "0", "0", "0"],
    [0, "-1.23456", "-1.2346", "-1.2345"],
    [0, "-0.0000001", "-0.000001", "0"],
  ])("a price with %i size decimals: %s lies between %s and %s", (decimals, price, down, up) => {
    const subject = market("perp", decimals);
    expect(formatDecimal(roundPrice(subject, dec(price), "down"))).toBe(down);
    expect(formatDecimal(roundPrice(subject, dec(price), "up"))).toBe(up);
  });

  const anyMarket = fc
    .record({ kind: fc.constantFrom("perp" as const, "spot" as const), decimals: fc.nat(8) })
    .map(({ kind, decimals }) => market(kind, decimals));
  const positive = fc
    .record({ units: fc.bigInt(1n, 10n ** 16n), scale: fc.nat(12) })
    .map(({ units, scale }) => {
      const text = units.toString().padStart(scale + 1, "0");
      return dec(scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`);
    });

  /** The smallest step there is between two numbers that a rule allows. */
  function finest(places: number): Decimal {
    return dec(places === 0 ? "1" : `0.${"0".repeat(places - 1)}1`);
  }

  it("always gives a valid price, the given one when it is valid", () => {
    fc.assert(
      fc.property(anyMarket, positive, (subject, price) => {
        const down = roundPrice(subject, price, "down");
        const up = roundPrice(subject, price, "up");
        expect(compare(down, price)).toBeLessThanOrEqual(0);
        expect(compare(up, price)).toBeGreaterThanOrEqual(0);
        expect(brokenPriceRule(subject, up)).toBeUndefined();
        if (down !== ZERO) expect(brokenPriceRule(subject, down)).toBeUndefined();
        const isValid = brokenPriceRule(subject, price) === undefined;
        expect(down === price && up === price).toBe(isValid);
      }),
      { seed: 11, numRuns: 3_000 },
    );
  });

  it("skips no valid price in between", () => {
    fc.assert(
      fc.property(anyMarket, positive, (subject, price) => {
        const down = roundPrice(subject, price, "down");
        const up = roundPrice(subject, price, "up");
        if (down === up) return;
        // Between neighbours lies one step of the coarser of the two rules, so half of it breaks one.
        const gap = subtract(up, down);
        expect(signOf(gap)).toBe(1);
        expect(significantFigures(gap)).toBe(1);
        const finer = add(down, finest(decimalPlaces(gap) + 1));
        expect(brokenPriceRule(subject, finer)).toBeDefined();
      }),
      { seed: 12, numRuns: 3_000 },
    );
  });

  it("always gives a valid size, the given one when it is valid", () => {
    fc.assert(
      fc.property(anyMarket, positive, (subject, size) => {
        const down = roundSize(subject, size, "down");
        const up = roundSize(subject, size, "up");
        expect(compare(down, size)).toBeLessThanOrEqual(0);
        expect(compare(up, size)).toBeGreaterThanOrEqual(0);
        expect(brokenSizeRule(subject, up)).toBeUndefined();
        if (down !== ZERO) expect(brokenSizeRule(subject, down)).toBeUndefined();
        const step = finest(subject.sizeDecimals);
        const isValid = brokenSizeRule(subject, size) === undefined;
        expect(subtract(up, down)).toBe(isValid ? ZERO : step);
      }),
      { seed: 13, numRuns: 3_000 },
    );
  });
});

describe("a market", () => {
  it("counts price decimals from 6 for perps and 8 for spot, never below none", () => {
    expect(market("perp", 5).priceDecimals).toBe(1);
    expect(market("spot", 5).priceDecimals).toBe(3);
    expect(market("perp", 8).priceDecimals).toBe(0);
  });
});
