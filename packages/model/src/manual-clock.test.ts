import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ManualClock } from "./manual-clock.ts";

describe("virtual time", () => {
  it("walks from deadline to deadline, each at its own hour", () => {
    const clock = new ManualClock(1_000);
    const seen: string[] = [];
    const note = (name: string) => () =>
      seen.push(`${name}@${clock.monotonicMs()}/${clock.wallMs()}`);
    clock.after(30, note("c"));
    clock.after(10, note("a"));
    clock.after(20, note("b"));
    clock.advanceBy(25);
    expect(seen).toEqual(["a@10/1010", "b@20/1020"]);
    expect(clock.monotonicMs()).toBe(25);
    expect(clock.nextDueMs()).toBe(30);
    clock.advanceTo(100);
    expect(seen.at(-1)).toBe("c@30/1030");
    expect(clock.monotonicMs()).toBe(100);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("fires equal deadlines in the order they were armed", () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    for (let id = 0; id < 50; id += 1) clock.after(10, () => seen.push(id));
    clock.advanceBy(10);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });

  it("fires a timer on its hour, not before", () => {
    const clock = new ManualClock();
    let fired = 0;
    clock.after(10, () => (fired += 1));
    clock.advanceTo(9);
    expect(fired).toBe(0);
    clock.advanceTo(10);
    expect(fired).toBe(1);
    clock.advanceTo(1_000);
    expect(fired).toBe(1);
  });

  it("counts a timer armed in a callback from the callback's hour", () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    clock.after(10, () => {
      clock.after(10, () => seen.push(clock.monotonicMs()));
      clock.after(0, () => seen.push(clock.monotonicMs()));
      clock.after(-5, () => seen.push(clock.monotonicMs()));
    });
    clock.advanceBy(100);
    expect(seen).toEqual([10, 10, 20]);
  });

  it("lets a callback arm itself again", () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    const tick = (): void => {
      seen.push(clock.monotonicMs());
      clock.after(7, tick);
    };
    clock.after(7, tick);
    clock.advanceBy(30);
    expect(seen).toEqual([7, 14, 21, 28]);
  });

  it("cancels, also twice, also from a callback of the same hour, also too late", () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const cancelB = clock.after(10, () => seen.push("b"));
    clock.after(5, () => seen.push("a"));
    cancelB();
    cancelB();
    clock.after(20, () => cancelD());
    const cancelC = clock.after(20, () => seen.push("c"));
    const cancelD = clock.after(20, () => seen.push("d"));
    clock.advanceBy(20);
    cancelC();
    clock.after(20, () => seen.push("e"));
    cancelB();
    clock.advanceBy(20);
    expect(seen).toEqual(["a", "c", "e"]);
  });

  it("never goes back", () => {
    const clock = new ManualClock();
    clock.advanceTo(50);
    clock.advanceTo(10);
    clock.advanceBy(-10);
    expect(clock.monotonicMs()).toBe(50);
  });

  it("may be advanced from a callback", () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    clock.after(10, () => {
      clock.advanceBy(50);
      seen.push(`outer@${clock.monotonicMs()}`);
    });
    clock.after(20, () => seen.push(`inner@${clock.monotonicMs()}`));
    clock.advanceTo(30);
    expect(seen).toEqual(["inner@20", "outer@60"]);
    expect(clock.monotonicMs()).toBe(60);
  });

  it("takes a past deadline as due now, behind those already due", () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    clock.advanceTo(100);
    clock.after(0, () => seen.push("due"));
    clock.after(-50, () => seen.push("past"));
    expect(clock.nextDueMs()).toBe(100);
    clock.advanceBy(0);
    expect(seen).toEqual(["due", "past"]);
  });

  it("keeps the other timers when a callback throws", () => {
    const clock = new ManualClock();
    let fired = 0;
    clock.after(10, () => {
      throw new Error("a bad callback");
    });
    clock.after(20, () => (fired += 1));
    expect(() => clock.advanceTo(30)).toThrow("a bad callback");
    expect(clock.monotonicMs()).toBe(10);
    clock.advanceTo(30);
    expect(fired).toBe(1);
  });

  it("steps the wall without touching timers", () => {
    const clock = new ManualClock(1_000_000);
    let fired = 0;
    clock.after(10, () => (fired += 1));
    clock.stepWall(-500_000);
    expect(clock.wallMs()).toBe(500_000);
    expect(clock.monotonicMs()).toBe(0);
    expect(fired).toBe(0);
    clock.advanceBy(10);
    expect(fired).toBe(1);
    expect(clock.wallMs()).toBe(500_010);
  });

  it("refuses what is no number, which would stop it without a word", () => {
    const clock = new ManualClock();
    expect(() => clock.after(Number.NaN, () => undefined)).toThrow("must be a number of ms");
    expect(() => clock.advanceTo(Number.NaN)).toThrow("must be a number of ms");
    expect(() => clock.stepWall(Number.NaN)).toThrow("must be a number of ms");
    expect(clock.monotonicMs()).toBe(0);
  });

  it("agrees with a plain list, whatever is armed and canceled", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("arm" as const), ms: fc.nat(30) }),
      fc.record({ kind: fc.constant("cancel" as const), ms: fc.nat(40) }),
      fc.record({ kind: fc.constant("advance" as const), ms: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const clock = new ManualClock();
        const fired: number[] = [];
        const cancels: (() => void)[] = [];
        let plain: { id: number; dueMs: number }[] = [];
        const expected: number[] = [];
        for (const { kind, ms } of steps) {
          if (kind === "arm") {
            const id = cancels.length;
            plain.push({ id, dueMs: clock.monotonicMs() + ms });
            cancels.push(clock.after(ms, () => fired.push(id)));
          } else if (kind === "cancel") {
            cancels[ms]?.();
            plain = plain.filter(({ id }) => id !== ms);
          } else {
            const now = clock.monotonicMs() + ms;
            const due = plain.filter(({ dueMs }) => dueMs <= now);
            expected.push(...due.toSorted((a, b) => a.dueMs - b.dueMs).map(({ id }) => id));
            plain = plain.filter(({ dueMs }) => dueMs > now);
            clock.advanceBy(ms);
          }
          expect(clock.nextDueMs()).toBe(plain.toSorted((a, b) => a.dueMs - b.dueMs)[0]?.dueMs);
        }
        expect(fired).toEqual(expected);
      }),
      { seed: 21, numRuns: 500 },
    );
  });
});
