import { describe, expect, it } from "vitest";
import { FillWindow } from "./fill-window.ts";

const LIMITS = { fillOverlapMs: 30_000, readLagMs: 10_000 };

/** Floors in venue ms, and so many fills per second. */
function windowOf(ledger: { baseMs?: number; certifiedMs?: number }, perSecond = 0): FillWindow {
  const { baseMs, certifiedMs } = ledger;
  return new FillWindow({
    ledger: {
      hasBase: baseMs !== undefined,
      baseAt: baseMs ?? 0,
      certifiedMs,
      fillFloorMs: certifiedMs ?? baseMs,
    },
    limits: LIMITS,
    pace: () => perSecond / 1_000,
  });
}

describe("from where fills are read", () => {
  it("overlaps by its limit, by less where that is many rows, never by less than a read may lag", () => {
    const overlaps = [0, 1, 20, 65, 1_000].map((pace) => windowOf({}, pace).overlapMs);
    expect(overlaps).toEqual([30_000, 30_000, 20_000, 10_000, 10_000]);
  });

  it("begins at the last whole window, else at the base, else at the beginning", () => {
    expect(windowOf({ baseMs: 100_000, certifiedMs: 200_000 }).startMs).toBe(170_000);
    expect(windowOf({ baseMs: 100_000 }).startMs).toBe(70_000);
    expect(windowOf({}).startMs).toBe(0);
  });

  it("who wants fills of longer ago is spared what was read whole", () => {
    const known = windowOf({ baseMs: 100_000, certifiedMs: 200_000 }, 65);
    expect(known.fromMs(120_000)).toBe(190_000);
    expect(known.fromMs(195_000)).toBe(195_000);
  });

  it("nothing is spared before the base, nor before the first whole window", () => {
    expect(windowOf({ baseMs: 100_000, certifiedMs: 200_000 }).fromMs(99_999)).toBe(99_999);
    expect(windowOf({ baseMs: 100_000 }).fromMs(120_000)).toBe(120_000);
    expect(windowOf({ certifiedMs: 200_000 }).fromMs(120_000)).toBe(120_000);
  });
});
