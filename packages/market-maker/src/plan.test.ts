import {
  add,
  compare,
  decimalOf,
  formatDecimal,
  negate,
  parseCloid,
  parseDecimal,
  type Side,
  ZERO,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, plan } from "./plan.ts";
import type { Quote, WorkingQuote, WorstCase } from "./quote.ts";

const LIMITS = { positionMax: parseDecimal("100"), tolerance: parseDecimal("1") };
const FLAT: WorstCase = { min: ZERO, max: ZERO };

function cloid(number: number): ReturnType<typeof parseCloid> {
  return parseCloid(`0x${number.toString(16).padStart(32, "0")}`);
}

function quote(side: Side, price: string, size = "1"): Quote {
  return { side, price: parseDecimal(price), size: parseDecimal(size) };
}

function order(number: number, wanted: Quote, canceling = false): WorkingQuote {
  const { side, price, size } = wanted;
  return { cloid: cloid(number), side, price, leaves: size, canceling };
}

/** What the engine would state, were these all the orders of the account. */
function worstCase(working: readonly WorkingQuote[], position = ZERO): WorstCase {
  let [min, max] = [position, position];
  for (const { side, leaves } of working) {
    if (side === "buy") max = add(max, leaves);
    else min = add(min, negate(leaves));
  }
  return { min, max };
}

function prices(result: Plan): string[] {
  return result.place.map(({ side, price }) => `${side} ${formatDecimal(price)}`);
}

describe("plan", () => {
  it("places a whole ladder where nothing stands", () => {
    const desired = [quote("buy", "99"), quote("sell", "101")];
    const result = plan({ desired, working: [], exposure: FLAT, limits: LIMITS });
    expect(result).toEqual({ keep: [], cancel: [], place: desired, held: [] });
  });

  it("keeps an order within the tolerance, cancels and replaces one beyond it", () => {
    const working = [order(1, quote("buy", "98")), order(2, quote("buy", "95"))];
    const result = plan({
      desired: [quote("buy", "99"), quote("buy", "97.5")],
      working,
      exposure: worstCase(working),
      limits: LIMITS,
    });
    expect(result.keep).toEqual([cloid(1)]);
    expect(result.cancel).toEqual([cloid(2)]);
    expect(prices(result)).toEqual(["buy 97.5"]);
  });

  it("lets one order stand for one level only", () => {
    const working = [order(1, quote("buy", "98.5"))];
    const desired = [quote("buy", "99"), quote("buy", "98")];
    const result = plan({ desired, working, exposure: worstCase(working), limits: LIMITS });
    expect(result.keep).toEqual([cloid(1)]);
    expect(prices(result)).toEqual(["buy 98"]);
  });

  it("replaces an order of which less than half is left", () => {
    const working = [order(1, quote("buy", "99", "0.49")), order(2, quote("buy", "97", "0.5"))];
    const desired = [quote("buy", "99"), quote("buy", "97")];
    const result = plan({ desired, working, exposure: worstCase(working), limits: LIMITS });
    expect(result).toMatchObject({ keep: [cloid(2)], cancel: [cloid(1)] });
    expect(prices(result)).toEqual(["buy 99"]);
  });

  it("does not cancel twice, and fills the level of an order that is going", () => {
    const working = [order(1, quote("buy", "99"), true)];
    const exposure = worstCase(working);
    const result = plan({ desired: [quote("buy", "99")], working, exposure, limits: LIMITS });
    expect(result).toMatchObject({ keep: [], cancel: [] });
    expect(prices(result)).toEqual(["buy 99"]);
  });

  it("holds a level back while an own order stands in its way, a going one included", () => {
    const working = [order(1, quote("sell", "101"), true)];
    const desired = [quote("buy", "101"), quote("buy", "100")];
    const result = plan({ desired, working, exposure: worstCase(working), limits: LIMITS });
    expect(prices(result)).toEqual(["buy 100"]);
    expect(result.held).toEqual([{ quote: desired[0], why: "ownLadder" }]);
  });

  it("holds back what could carry the position over the limit", () => {
    const limits = { ...LIMITS, positionMax: parseDecimal("2") };
    const desired = [quote("buy", "99"), quote("buy", "98"), quote("sell", "101")];
    const exposure = { min: decimalOf(1), max: decimalOf(1) };
    const result = plan({ desired, working: [], exposure, limits });
    expect(prices(result)).toEqual(["buy 99", "sell 101"]);
    expect(result.held).toEqual([{ quote: desired[1], why: "limit" }]);
  });

  it("cancels the outermost orders when the position already could pass the limit", () => {
    const limits = { ...LIMITS, positionMax: parseDecimal("2") };
    const working = [order(1, quote("sell", "101")), order(2, quote("sell", "103"))];
    const result = plan({
      desired: [quote("sell", "101"), quote("sell", "103")],
      working,
      exposure: worstCase(working, decimalOf(-1)),
      limits,
    });
    expect(result).toMatchObject({ keep: [cloid(1)], cancel: [cloid(2)], place: [] });
  });

  it("withdraws all when nothing is desired", () => {
    const working = [order(1, quote("buy", "99")), order(2, quote("sell", "101"), true)];
    const result = plan({ desired: [], working, exposure: worstCase(working), limits: LIMITS });
    expect(result).toEqual({ keep: [], cancel: [cloid(1)], place: [], held: [] });
  });
});

const anySide = fc.constantFrom<Side>("buy", "sell");
const anyQuote = fc
  .tuple(anySide, fc.integer({ min: 900, max: 1_100 }), fc.integer({ min: 1, max: 9 }))
  .map(([side, price, size]) => quote(side, String(price / 10), String(size)));
const anyWorking = fc.array(fc.tuple(anyQuote, fc.boolean()), { maxLength: 12 });
const situation = fc
  .record({
    desired: fc.array(anyQuote, { maxLength: 12 }),
    orders: anyWorking,
    position: fc.integer({ min: -40, max: 40 }),
    positionMax: fc.integer({ min: 1, max: 60 }),
    tolerance: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ desired, orders, position, positionMax, tolerance }) => {
    const working = orders.map(([wanted, canceling], index) => order(index, wanted, canceling));
    return {
      desired,
      working,
      exposure: worstCase(working, decimalOf(position)),
      limits: { positionMax: decimalOf(positionMax), tolerance: decimalOf(tolerance) },
    };
  });

const ladder = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .map(([levels, tolerance]) => {
    const steps = Array.from({ length: levels }, (_, level) => (2 * level + 1) * tolerance);
    return {
      desired: steps.flatMap((step) => [
        quote("buy", String(100 - step), "3"),
        quote("sell", String(100 + step), "3"),
      ]),
      limits: { positionMax: decimalOf(levels * 3), tolerance: decimalOf(tolerance) },
    };
  });

describe("plan, whatever the situation", () => {
  it("never lets a placed order meet an own one", () => {
    fc.assert(
      fc.property(situation, (input) => {
        const { place } = plan(input);
        const sells = [...place, ...input.working].filter(({ side }) => side === "sell");
        const buys = [...place, ...input.working].filter(({ side }) => side === "buy");
        for (const placed of place) {
          for (const other of placed.side === "buy" ? sells : buys) {
            const [bid, ask] = placed.side === "buy" ? [placed, other] : [other, placed];
            expect(compare(bid.price, ask.price)).toBeLessThan(0);
          }
        }
      }),
      { numRuns: 1_000, seed: 21 },
    );
  });

  it("never carries the worst case over the limit by placing", () => {
    fc.assert(
      fc.property(situation, (input) => {
        const { place } = plan(input);
        const asOrders = place.map((placed, index) => order(1_000 + index, placed));
        const after = worstCase(asOrders);
        const max = add(input.exposure.max, after.max);
        const min = add(input.exposure.min, after.min);
        const limit = input.limits.positionMax;
        if (after.max !== ZERO) expect(compare(max, limit)).toBeLessThanOrEqual(0);
        if (after.min !== ZERO) expect(compare(min, negate(limit))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000, seed: 22 },
    );
  });

  it("keeps only what fits under the limit", () => {
    fc.assert(
      fc.property(situation, (input) => {
        const result = plan(input);
        const gone = new Set(result.cancel);
        const stays = input.working.filter((working) => !gone.has(working.cloid));
        const position = add(input.exposure.max, negate(worstCase(input.working).max));
        const after = worstCase(stays, position);
        const kept = new Set(result.keep);
        const keeps = (side: Side): boolean =>
          stays.some((working) => working.side === side && kept.has(working.cloid));
        const limit = input.limits.positionMax;
        if (keeps("buy")) expect(compare(after.max, limit)).toBeLessThanOrEqual(0);
        if (keeps("sell")) expect(compare(after.min, negate(limit))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000, seed: 23 },
    );
  });

  it("decides on each order once, and on each level at most once", () => {
    fc.assert(
      fc.property(situation, (input) => {
        const result = plan(input);
        const going = input.working.filter(({ canceling }) => canceling);
        const decided = [...result.keep, ...result.cancel, ...going.map((gone) => gone.cloid)];
        expect(decided.toSorted()).toEqual(
          input.working.map((working) => working.cloid).toSorted(),
        );
        const levels = result.keep.length + result.place.length + result.held.length;
        expect(levels).toBeLessThanOrEqual(input.desired.length);
      }),
      { numRuns: 1_000, seed: 24 },
    );
  });

  it("has nothing left to do once it was done, where levels are two tolerances apart", () => {
    fc.assert(
      fc.property(situation, ladder, (orders, desired) => {
        const input = { ...orders, ...desired };
        const first = plan(input);
        const kept = new Set(first.keep);
        const standing = [
          ...input.working.filter((working) => kept.has(working.cloid)),
          ...first.place.map((placed, index) => order(1_000 + index, placed)),
        ];
        const position = add(input.exposure.max, negate(worstCase(input.working).max));
        const second = plan({
          ...input,
          working: standing,
          exposure: worstCase(standing, position),
        });
        expect(second.cancel).toEqual([]);
      }),
      { numRuns: 1_000, seed: 25 },
    );
  });
});
