import { ManualClock } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Minute } from "./minute.ts";

describe("a budget by the minute", () => {
  it("situation 119: counts exactly what came within the last minute, whatever came and when", () => {
    const uses = fc.array(
      fc.record({ pauseMs: fc.integer({ min: 0, max: 30_000 }), weight: fc.nat({ max: 60 }) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(uses, (all) => {
        const clock = new ManualClock();
        const minute = new Minute(clock, 1_200);
        const told: { atMs: number; weight: number }[] = [];
        for (const { pauseMs, weight } of all) {
          clock.advanceBy(pauseMs);
          minute.add(weight);
          told.push({ atMs: clock.monotonicMs(), weight });
          const nowMs = clock.monotonicMs();
          const since = told.filter(({ atMs }) => nowMs - atMs < 60_000);
          expect(minute.used).toBe(since.reduce((sum, use) => sum + use.weight, 0));
        }
      }),
      { seed: 119 },
    );
  });

  it("situation 119: says to the millisecond when there is room again", () => {
    const clock = new ManualClock();
    const minute = new Minute(clock, 100);
    minute.add(60);
    clock.advanceBy(1_000);
    minute.add(40);
    expect(minute.waitMs(0)).toBe(0);
    expect(minute.waitMs(1)).toBe(59_000);
    expect(minute.waitMs(61)).toBe(60_000);
    expect(minute.waitMs(101), "never").toBe(60_000);
    clock.advanceBy(58_999);
    expect(minute.left).toBe(0);
    clock.advanceBy(1);
    expect(minute.left).toBe(60);
    expect(minute.waitMs(60)).toBe(0);
  });

  it("tells the present rate, and forgets it within ten seconds", () => {
    const clock = new ManualClock();
    const minute = new Minute(clock, 100);
    for (let second = 0; second < 10; second += 1) {
      clock.advanceBy(1_000);
      minute.add(3);
    }
    expect(minute.perMinute).toBe(180);
    clock.advanceBy(10_000);
    expect(minute.perMinute).toBe(0);
    expect(minute.used).toBe(30);
  });

  it("situation 23: is full for a while when the venue says so", () => {
    const clock = new ManualClock();
    const minute = new Minute(clock, 100);
    minute.add(5);
    minute.fill(10_000);
    expect(minute.left).toBe(0);
    expect(minute.waitMs(1)).toBe(10_000);
    clock.advanceBy(10_000);
    expect(minute.left).toBe(95);
  });
});
