import { describe, expect, it } from "vitest";
import { type SlotKind, Slots } from "./slots.ts";

function start(inFlightMax: number, cancelReserve: number) {
  const slots = new Slots({ inFlightMax, cancelReserve });
  const granted: number[] = [];
  const wait = (id: number, kind: SlotKind): void =>
    slots.wait({ id, kind, grant: () => granted.push(id) });
  return { slots, granted, wait };
}

const ALL = (): boolean => true;

describe("slots", () => {
  it("cancels pass modifies, modifies pass places; within a kind the longest wait first", () => {
    const { slots, granted, wait } = start(10, 0);
    wait(1, "place");
    wait(2, "modify");
    wait(3, "place");
    wait(4, "cancel");
    slots.pump(ALL);
    expect(granted).toEqual([4, 2, 1, 3]);
  });

  it("places and modifies stop at inFlightMax; cancels may use the reserve on top", () => {
    const { slots, granted, wait } = start(1, 1);
    wait(1, "place");
    wait(2, "place");
    slots.pump(ALL);
    expect(granted).toEqual([1]);
    expect(slots.saturated).toBe(true);
    wait(3, "cancel");
    wait(4, "cancel");
    slots.pump(ALL);
    expect(granted).toEqual([1, 3]);
    expect(slots).toMatchObject({ inFlight: 2, queued: 2 });
    slots.release(1);
    slots.pump(ALL);
    expect(granted).toEqual([1, 3, 4]);
    slots.release(3);
    slots.pump(ALL);
    expect(granted).toEqual([1, 3, 4, 2]);
  });

  it("what the gate holds back waits, and is taken out when it is released", () => {
    const { slots, granted, wait } = start(5, 0);
    wait(1, "place");
    slots.pump((kind) => kind === "cancel");
    expect(granted).toEqual([]);
    slots.release(1);
    slots.pump(ALL);
    expect(granted).toEqual([]);
    expect(slots).toMatchObject({ inFlight: 0, queued: 0, saturated: false });
  });

  it("releasing twice gives one slot back", () => {
    const { slots, granted, wait } = start(2, 0);
    for (const id of [1, 2, 3, 4]) wait(id, "place");
    slots.pump(ALL);
    slots.release(1);
    slots.release(1);
    slots.pump(ALL);
    expect(granted).toEqual([1, 2, 3]);
    expect(slots.inFlight).toBe(2);
  });
});
