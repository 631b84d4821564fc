import { ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ReadGate } from "./read-gate.ts";

const LIST = { kind: "openOrders" } as const;

function start(weightMs = 0) {
  const clock = new ManualClock();
  const gate = new ReadGate({ clock, budgets: { readWaitMs: () => weightMs } });
  return { clock, gate, wait: () => gate.waitMs(LIST, "urgent") };
}

describe("when reads may leave", () => {
  it("situation 23: after a refusal nothing, then one read that tries, then all", () => {
    const { clock, gate, wait } = start();
    expect(wait()).toBe(0);
    gate.refused(0);
    expect(wait()).toBe(1_000);
    clock.advanceBy(1_000);
    expect(wait()).toBe(0);
    gate.began(1);
    expect(wait(), "one at a time").toBe(1_000);
    expect(gate.hasRoom(LIST, "urgent"), "the one that tries may be asked once more").toBe(true);
    gate.answered(clock.monotonicMs());
    gate.ended(1);
    expect(wait()).toBe(0);
  });

  it("situation 23: each further refusal doubles the pause, up to ten seconds", () => {
    const { clock, gate, wait } = start();
    const pauses = [1, 2, 3, 4, 5, 6].map((id) => {
      gate.began(id);
      gate.refused(clock.monotonicMs());
      gate.ended(id);
      const pause = wait();
      clock.advanceBy(pause);
      return pause;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it("situation 23: reads that were on their way together are refused once; what they say is old", () => {
    const { clock, gate, wait } = start();
    clock.advanceBy(10);
    gate.refused(0);
    gate.refused(10);
    expect(wait()).toBe(1_000);
    gate.answered(10);
    expect(wait()).toBe(1_000);
    gate.restarted();
    expect(wait()).toBe(0);
  });

  it("without weight it waits as long as our own count says", () => {
    expect(start(7_000).wait()).toBe(7_000);
    expect(start(7_000).gate.hasRoom(LIST, "urgent")).toBe(false);
  });
});
