import { describe, expect, it } from "vitest";
import { ALICE, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { LimitsOption } from "../limits/limits.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Schedules and lets it fire: what the request was answered. */
function fire(alice: Desk): unknown {
  const answer = alice.act({ type: "scheduleCancel", time: alice.clock.wallMs() + 5_100 });
  alice.clock.advanceBy(5_200);
  return answer;
}

function begin(limits: LimitsOption): Desk {
  return new Desk(openExchange({ limits, rules: { scheduleCancelVolume: "0" } }), ALICE);
}

const EXHAUSTED = {
  status: "err",
  response: "Cannot set scheduled cancel time, already triggered 10 times today.",
};
const DONE = { status: "ok", response: { type: "default" } };

describe("the daily budget of scheduled cancels (protocol §6.2)", () => {
  it("is ten that fire, and begins anew at 00:00 UTC", () => {
    const alice = begin({});
    for (let count = 0; count < 10; count += 1) expect(fire(alice)).toEqual(DONE);
    expect(fire(alice)).toEqual(EXHAUSTED);
    expect(alice.act({ type: "scheduleCancel" })).toEqual(DONE);
    const midnightMs = (Math.floor(alice.clock.wallMs() / DAY_MS) + 1) * DAY_MS;
    alice.clock.stepWall(midnightMs - alice.clock.wallMs() - 1_000);
    expect(fire(alice)).toEqual(EXHAUSTED);
    expect(alice.clock.wallMs()).toBeGreaterThan(midnightMs);
    expect(fire(alice)).toEqual(DONE);
  });

  it("counts what fires, not what is put off or withdrawn", () => {
    const alice = begin({ scheduledCancels: 1 });
    for (let count = 0; count < 3; count += 1) {
      const time = alice.clock.wallMs() + 5_100;
      expect(alice.act({ type: "scheduleCancel", time })).toEqual(DONE);
    }
    expect(alice.act({ type: "scheduleCancel" })).toEqual(DONE);
    alice.place(limit({ b: true, p: "60000", s: "0.001" }));
    expect(fire(alice)).toEqual(DONE);
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
    expect(fire(alice)).toMatchObject({ status: "err" });
  });

  it("is off without limits", () => {
    const alice = begin(false);
    for (let count = 0; count < 11; count += 1) expect(fire(alice)).toEqual(DONE);
  });
});
