import { formatDecimal, parseCoin, parseDecimal } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";
import { AT, fillOf } from "../situations/rig.fixture.ts";

const BTC = parseCoin("BTC");

function based(at = AT, size = "0"): Ledger {
  const ledger = new Ledger(100);
  ledger.setBase({ positions: [{ coin: BTC, size: parseDecimal(size) }], at });
  return ledger;
}

describe("the ledger", () => {
  it("books a fill once, whatever its repetition", () => {
    const ledger = based();
    expect(ledger.book(fillOf(7, 1)).kind).toBe("new");
    expect(ledger.book(fillOf(7, 1, { size: "9" })).kind).toBe("repeated");
    expect(formatDecimal(ledger.position(BTC))).toBe("0.001");
  });

  it("counts on top of the base only what is later than it", () => {
    const ledger = based(AT + 10, "5");
    expect(ledger.book(fillOf(7, 1, { at: AT + 10 })).kind).toBe("history");
    expect(ledger.book(fillOf(7, 2, { at: AT + 11, side: "sell" })).kind).toBe("new");
    expect(formatDecimal(ledger.position(BTC))).toBe("4.999");
  });

  it("fills that come before the base are sorted by its hour, once it is there", () => {
    const ledger = new Ledger(100);
    ledger.book(fillOf(7, 1, { at: AT + 1 }));
    ledger.book(fillOf(7, 2, { at: AT + 20 }));
    expect(formatDecimal(ledger.position(BTC))).toBe("0");
    ledger.setBase({ positions: [{ coin: BTC, size: parseDecimal("1") }], at: AT + 10 });
    ledger.setBase({ positions: [{ coin: BTC, size: parseDecimal("7") }], at: AT + 99 });
    expect(formatDecimal(ledger.position(BTC))).toBe("1.001");
  });

  it("what is forgotten is history ever after, never booked a second time", () => {
    const ledger = new Ledger(3);
    ledger.setBase({ positions: [], at: AT });
    for (let tid = 1; tid <= 5; tid += 1) ledger.book(fillOf(7, tid, { at: AT + tid }));
    expect(ledger.book(fillOf(7, 1, { at: AT + 1 })).kind).toBe("history");
    expect(formatDecimal(ledger.position(BTC))).toBe("0.005");
  });

  it("the order and repetition of fills do not matter to the position", () => {
    const fills = [1, 2, 3, 4, 5].map((tid) =>
      fillOf(7, tid, { size: `0.00${tid}`, side: tid % 2 === 0 ? "sell" : "buy", at: AT + tid }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...fills, ...fills], { minLength: 10 }), (sequence) => {
        const ledger = based();
        for (const fill of sequence) ledger.book(fill);
        expect(formatDecimal(ledger.position(BTC))).toBe("0.003");
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it("what comes before a base that never comes is bounded, the oldest is forgotten first", () => {
    const ledger = new Ledger(100);
    for (let tid = 1; tid <= 1_000; tid += 1) ledger.book(fillOf(7, tid, { at: AT + tid }));
    expect(ledger.early).toBeLessThan(200);
    ledger.setBase({ positions: [], at: AT + 990 });
    expect(formatDecimal(ledger.position(BTC))).toBe("0.01");
    expect(ledger.early).toBe(0);
  });

  it("the floor begins at the base, and moves only to what was certified, never back", () => {
    const ledger = new Ledger(100);
    expect(ledger.fillFloorMs).toBeUndefined();
    ledger.setBase({ positions: [], at: AT });
    expect(ledger.fillFloorMs).toBe(AT);
    ledger.book(fillOf(7, 1, { at: AT + 50 }));
    expect(ledger.fillFloorMs).toBe(AT);
    ledger.certify(AT + 40);
    ledger.certify(AT + 10);
    expect(ledger.fillFloorMs).toBe(AT + 40);
  });

  it("keys that are forgotten below the certified time are nobody's loss; above it somebody is told", () => {
    const forgot: number[] = [];
    const ledger = new Ledger(2, (at) => forgot.push(at - AT));
    ledger.setBase({ positions: [], at: AT });
    ledger.certify(AT + 2);
    for (let tid = 1; tid <= 5; tid += 1) ledger.book(fillOf(7, tid, { at: AT + tid }));
    expect(forgot).toEqual([2, 3]);
  });

  it("situation 113: the venue's word for a position counts from its hour on, and mends the chain", () => {
    const ledger = based();
    ledger.book(fillOf(7, 1, { at: AT + 5, startPosition: "3" }));
    expect(ledger.gaps()).toEqual([{ coin: BTC, gaps: 1 }]);
    ledger.rebase(BTC, parseDecimal("3.001"), AT + 9);
    expect(ledger.gaps()).toEqual([]);
    // News to whoever listens, and in the position already.
    expect(ledger.book(fillOf(7, 2, { at: AT + 4 })).kind).toBe("new");
    expect(ledger.book(fillOf(7, 9, { at: AT })).kind).toBe("history");
    ledger.book(fillOf(7, 3, { at: AT + 10, startPosition: "3.001" }));
    expect(formatDecimal(ledger.position(BTC))).toBe("3.002");
    expect(ledger.gaps()).toEqual([]);
  });

  it("situation 48, 50: a spot buy joins by what its fee leaves, and where the first begins is its own", () => {
    const ledger = based();
    const spot = { coin: "@1", size: "10", fee: "0.01" };
    ledger.book(fillOf(7, 1, { ...spot, at: AT + 1, startPosition: "5" }));
    ledger.book(fillOf(7, 2, { ...spot, at: AT + 2, startPosition: "14.99" }));
    expect(ledger.gaps()).toEqual([]);
    ledger.book(fillOf(7, 3, { ...spot, at: AT + 3, startPosition: "25" }));
    expect(ledger.gaps()).toEqual([{ coin: parseCoin("@1"), gaps: 1 }]);
  });
});
