import {
  type Change,
  ManualClock,
  type OrderState,
  parseCloid,
  type Tick,
  ZERO,
} from "@cloister/model";
import { Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { meterOf } from "./meter.ts";

function rig() {
  const clock = new ManualClock();
  const ticks$ = new Subject<Tick>();
  const meter = meterOf({ ticks$ }, clock);
  const move = (order: number, from: OrderState | "new", to: OrderState): void => {
    const change: Change = {
      cloid: parseCloid(`0x${String(order).padStart(32, "0")}`),
      from,
      to,
      evidence: { type: "order.reap" },
      filled: ZERO,
      leaves: ZERO,
      alarms: [],
    };
    ticks$.next({
      sequence: 1,
      atMs: 0,
      input: { kind: "venue", facts: [] },
      changes: [change],
      alarms: [],
    });
  };
  return { clock, meter, move, ticks$ };
}

describe("meterOf", () => {
  it("counts orders by state; one that was reaped stays counted", () => {
    const { meter, move } = rig();
    move(1, "new", "pending");
    move(2, "new", "pending");
    move(1, "pending", "resting");
    move(1, "resting", "filled");
    move(1, "filled", "reaped");
    const { placed, states } = meter.reading();
    expect(placed).toBe(2);
    expect(Object.fromEntries(states)).toEqual({ pending: 1, resting: 0, filled: 1 });
  });

  it("measures from the command to the venue's first word, once", () => {
    const { clock, meter, move } = rig();
    expect(meter.reading().latency).toBeUndefined();
    for (let order = 1; order <= 100; order += 1) {
      move(order, "new", "pending");
      clock.advanceBy(order);
      move(order, "pending", "resting");
      clock.advanceBy(500);
      move(order, "resting", "filled");
    }
    expect(meter.reading().latency).toEqual({ p50Ms: 50, p99Ms: 99 });
  });

  it("bears the end of the stream", () => {
    const { meter, ticks$ } = rig();
    ticks$.error(new Error("too slow"));
    expect(meter.reading().placed).toBe(0);
  });
});
