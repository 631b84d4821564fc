import { ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { listenForStop } from "./stop.ts";

describe("listenForStop", () => {
  it("waits for its time when nobody asks", async () => {
    const clock = new ManualClock();
    const over = listenForStop(fakeTerminal().terminal, clock).within(1_000);
    clock.advanceBy(1_000);
    await over;
  });

  it("stops at the first Ctrl-C, and leaves no timer behind", async () => {
    const clock = new ManualClock();
    const { terminal, said } = fakeTerminal();
    const stop = listenForStop(terminal, clock);
    const over = stop.within(1_000);
    said.interrupt();
    await over;
    await stop.asked;
    expect(clock.nextDueMs()).toBeUndefined();
    expect(said.exits).toEqual([]);
    await stop.within(60_000);
  });

  it("ends the process at the second Ctrl-C", () => {
    const { terminal, said } = fakeTerminal();
    listenForStop(terminal, new ManualClock());
    said.interrupt();
    said.interrupt();
    expect(said.exits).toEqual([130]);
  });

  it("stops in order when its reader goes away, before or after a Ctrl-C", async () => {
    const { terminal, said } = fakeTerminal();
    const stop = listenForStop(terminal, new ManualClock());
    said.interrupt("unheard");
    await stop.asked;
    said.interrupt();
    said.interrupt("unheard");
    expect(said.exits).toEqual([]);
    said.interrupt();
    expect(said.exits).toEqual([130]);
  });

  it("listens no more once it is released", () => {
    const { terminal, said } = fakeTerminal();
    listenForStop(terminal, new ManualClock()).release();
    said.interrupt();
    said.interrupt();
    expect(said.exits).toEqual([]);
  });
});
