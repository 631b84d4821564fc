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
});
