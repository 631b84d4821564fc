import { add, type Decimal, parseDecimal, ZERO } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Chain } from "./chain.ts";

type Link = readonly [Decimal, Decimal];

/** Fills one after another, from a position on. */
function linksFrom(base: Decimal, sizes: readonly number[]): Link[] {
  let at = base;
  return sizes.map((size) => {
    const next = add(at, parseDecimal(String(size)));
    const link: Link = [at, next];
    at = next;
    return link;
  });
}

/** Sizes of trades, and an order in which their fills may come. */
const TRADES = fc
  .array(fc.constantFrom(1, 2, -1, -3), { minLength: 2, maxLength: 30 })
  .chain((sizes) => {
    const indices = sizes.map((_, index) => index);
    const whole = { minLength: sizes.length, maxLength: sizes.length };
    return fc.tuple(fc.constant(sizes), fc.shuffledSubarray(indices, whole));
  });

describe("the chain of positions", () => {
  it("situation 48: fills that join have no gap, in whatever order they come", () => {
    fc.assert(
      fc.property(TRADES, ([sizes, order]) => {
        const links = linksFrom(ZERO, sizes);
        const chain = new Chain(ZERO);
        for (const index of order) {
          const link = links[index];
          if (link !== undefined) chain.add(...link);
        }
        expect(chain.gaps).toBe(0);
      }),
      { seed: 48 },
    );
  });

  it("situation 48: a missing fill leaves one gap, until it comes", () => {
    const [a, b, c] = linksFrom(ZERO, [1, 2, 4]);
    const chain = new Chain(ZERO);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three links");
    chain.add(...a);
    chain.add(...c);
    expect(chain.gaps).toBe(1);
    chain.add(...b);
    expect(chain.gaps).toBe(0);
  });

  it("without a base the first fill says where it began", () => {
    const [a, b, c] = linksFrom(parseDecimal("7"), [1, 2, 4]);
    const chain = new Chain(undefined);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three links");
    chain.add(...b);
    chain.add(...a);
    expect(chain.gaps).toBe(0);
    chain.add(parseDecimal("99"), parseDecimal("98"));
    expect(chain.gaps).toBe(1);
  });

  it("keeps no more than a thousand positions that do not join", () => {
    const chain = new Chain(ZERO);
    for (let position = 1; position < 4_000; position += 2) {
      chain.add(parseDecimal(String(position)), parseDecimal(String(position + 1)));
    }
    expect(chain.gaps).toBeLessThan(1_001);
  });
});
