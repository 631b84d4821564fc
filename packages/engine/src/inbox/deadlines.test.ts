import { type Deadline, ManualClock } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

const look = (request: number): Deadline => ({ kind: "look", request });

function start() {
  const clock = new ManualClock();
  const fired: [number, Deadline][] = [];
  const deadlines: Deadlines = new Deadlines(clock, (due) =>
    fired.push([clock.monotonicMs(), due]),
  );
  return { clock, fired, deadlines };
}

describe("deadlines", () => {
  it("fire in order of their hour, equal ones as they were armed, each once", () => {
    const { clock, fired, deadlines } = start();
    deadlines.arm(20, look(1));
    deadlines.arm(10, look(2));
    deadlines.arm(10, look(3));
    clock.advanceBy(50);
    expect(fired).toEqual([
      [10, look(2)],
      [10, look(3)],
      [20, look(1)],
    ]);
    expect(deadlines.size).toBe(0);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it("arming again moves, disarming takes away, kinds do not meet", () => {
    const { clock, fired, deadlines } = start();
    deadlines.arm(10, look(1));
    deadlines.arm(30, look(1));
    deadlines.arm(10, { kind: "expiry", request: 1 });
    deadlines.arm(10, look(2));
    deadlines.disarm(look(2));
    expect(deadlines.isArmed(look(1))).toBe(true);
    expect(deadlines.isArmed(look(2))).toBe(false);
    clock.advanceBy(100);
    expect(fired.map(([at, due]) => [at, due.kind])).toEqual([
      [10, "expiry"],
      [30, "look"],
    ]);
  });

  it("stopped within a deadline they fire no more", () => {
    const clock = new ManualClock();
    let fired = 0;
    const deadlines: Deadlines = new Deadlines(clock, () => {
      fired += 1;
      deadlines.stop();
    });
    deadlines.arm(5, look(1));
    deadlines.arm(5, look(2));
    clock.advanceBy(10);
    deadlines.arm(5, look(3));
    clock.advanceBy(10);
    expect(fired).toBe(1);
  });

  it("a delay beyond what a timer can hold still comes at its hour, not before", () => {
    const { clock, fired, deadlines } = start();
    const year = 366 * 24 * 3_600_000;
    deadlines.arm(year, look(1));
    expect(clock.nextDueMs()).toBeLessThan(2 ** 31);
    clock.advanceBy(year - 1);
    expect(fired).toEqual([]);
    clock.advanceBy(1);
    expect(fired).toEqual([[year, look(1)]]);
  });

  it("any series of arming and disarming fires what a plain list would", () => {
    const act = fc.record({
      request: fc.nat(20),
      delayMs: fc.nat(50),
      what: fc.constantFrom("arm", "disarm", "pass"),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const { clock, fired, deadlines } = start();
        const plain = new Map<number, number>();
        const expected: [number, number][] = [];
        const pass = (untilMs: number): void => {
          const due = [...plain].filter(([, at]) => at <= untilMs);
          for (const [request, at] of due) expected.push([at, request]);
          for (const [request] of due) plain.delete(request);
        };
        for (const { request, delayMs, what } of acts) {
          const nowMs = clock.monotonicMs();
          if (what === "arm") {
            plain.set(request, nowMs + delayMs);
            deadlines.arm(delayMs, look(request));
          } else if (what === "disarm") {
            plain.delete(request);
            deadlines.disarm(look(request));
          } else {
            pass(nowMs + delayMs);
            clock.advanceBy(delayMs);
          }
        }
        const told = fired.map(([at, due]) => `${at} ${"request" in due ? due.request : ""}`);
        const wanted = expected.map(([at, request]) => `${at} ${request}`);
        expect(told.toSorted()).toEqual(wanted.toSorted());
        expect(fired.map(([at]) => at)).toEqual(fired.map(([at]) => at).toSorted((a, b) => a - b));
        expect(deadlines.size).toBe(plain.size);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it("the heap keeps in proportion to what is armed", () => {
    const { clock, fired, deadlines } = start();
    for (let time = 0; time < 20_000; time += 1) deadlines.arm(1_000 + time, look(time % 3));
    clock.advanceBy(30_000);
    expect(fired).toHaveLength(3);
  });
});
