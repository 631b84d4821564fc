import type { Tick } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { TickHub } from "./tick-hub.ts";

function tick(sequence: number): Tick {
  return { sequence, atMs: 0, input: { kind: "venue", facts: [] }, changes: [], alarms: [] };
}

function start(limit: number) {
  const errors: unknown[] = [];
  const hub = new TickHub(limit, (error) => errors.push(error));
  const publish = (from: number, to: number): void => {
    for (let sequence = from; sequence <= to; sequence += 1) hub.publish(tick(sequence));
  };
  return { hub, errors, publish };
}

describe("the tick hub", () => {
  it("tells every listener each tick from now on, or after a sequence", () => {
    const { hub, publish } = start(10);
    publish(1, 3);
    const [now, all]: [number[], number[]] = [[], []];
    hub.listen(({ sequence }) => now.push(sequence));
    hub.listen(({ sequence }) => all.push(sequence), 0);
    publish(4, 5);
    expect(now).toEqual([4, 5]);
    expect(all).toEqual([1, 2, 3, 4, 5]);
  });

  it("who resumes while a tick is told hears it once", () => {
    const { hub, publish } = start(10);
    const seen: number[] = [];
    let isIn = false;
    hub.listen(() => {
      if (!isIn) hub.listen(({ sequence }) => seen.push(sequence), 0);
      isIn = true;
    });
    publish(1, 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it("what a listener brings about while it resumes is told as well", () => {
    const { hub, publish } = start(10);
    publish(1, 2);
    const seen: number[] = [];
    hub.listen(({ sequence }) => {
      seen.push(sequence);
      if (sequence < 5) hub.publish(tick(sequence + 2));
    }, 0);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    publish(7, 7);
    expect(seen.at(-1)).toBe(7);
  });

  it("names the gap when it is asked for what it no longer keeps", () => {
    const { hub, publish } = start(4);
    publish(1, 20);
    const gap = expect.objectContaining({ code: "ticksGap", details: { from: 2, to: 16 } });
    expect(() => hub.listen(() => undefined, 1)).toThrow(gap);
    expect(() => hub.listen(() => undefined, Number.NaN)).toThrow("no longer kept");
    const errors: unknown[] = [];
    hub.from(1).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([gap]);
    const kept: number[] = [];
    hub.listen(({ sequence }) => kept.push(sequence), 16);
    expect(kept).toEqual([17, 18, 19, 20]);
    expect(hub.heard).toBe(1);
  });

  it("a listener that throws is told of, in a replay too, and a listener that left hears nothing", () => {
    const { hub, errors, publish } = start(4);
    publish(1, 1);
    hub.listen(() => {
      throw new Error("no");
    }, 0);
    const seen: number[] = [];
    let stop = (): void => undefined;
    hub.listen(() => stop());
    stop = hub.listen(({ sequence }) => seen.push(sequence));
    publish(2, 2);
    expect(errors).toHaveLength(2);
    expect(seen).toEqual([]);
  });

  it("closed, it still tells what is kept, and completes", () => {
    const { hub, publish } = start(4);
    const seen: unknown[] = [];
    publish(1, 2);
    hub.ticks$.subscribe({ complete: () => seen.push("end") });
    hub.close();
    hub
      .from(1)
      .subscribe({ next: ({ sequence }) => seen.push(sequence), complete: () => seen.push("end") });
    expect(seen).toEqual(["end", 2, "end"]);
    expect(hub.heard).toBe(0);
  });

  it("a number that was not told yet is a gap: its ticks would never come", () => {
    const { hub, errors, publish } = start(10);
    const heard: number[] = [];
    expect(() => hub.listen(() => undefined, 2)).toThrow("no tick 2 was told yet; the next is 1");
    publish(1, 3);
    expect(() => hub.listen(() => undefined, 5)).toThrow("no tick 5 was told yet; the next is 4");
    expect(() => hub.listen(() => undefined, Number.POSITIVE_INFINITY)).toThrow("told yet");
    // The one under way may be named by who looks in the midst of it.
    hub.listen(({ sequence }) => heard.push(sequence), 4);
    publish(4, 6);
    expect(heard).toEqual([5, 6]);
    expect(errors).toEqual([]);
  });

  it("who is ended by another while a tick is told does not hear it", () => {
    const { hub, publish } = start(10);
    const heard: string[] = [];
    let stop = (): void => undefined;
    hub.listen(() => stop());
    stop = hub.listen(() => heard.push("ended"));
    hub.listen(() => heard.push("stays"));
    publish(1, 2);
    expect(heard).toEqual(["stays", "stays"]);
  });
});
