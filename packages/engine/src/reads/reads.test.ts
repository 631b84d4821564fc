import { type Input, ManualClock, type Query, type Report } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { Deadlines } from "../inbox/deadlines.ts";
import { ReadGate } from "./read-gate.ts";
import { type ReadOutcome, Reads } from "./reads.ts";
import { ScriptedVenue } from "../situations/scripted-venue.fixture.ts";

function start() {
  const venue = new ScriptedVenue();
  const clock = new ManualClock();
  const pushed: Input[] = [];
  const outcomes: ReadOutcome[] = [];
  const late: ReadOutcome[] = [];
  const push = (input: Input): void => void pushed.push(input);
  const deadlines = new Deadlines(clock, (deadline) => {
    if (deadline.kind === "read") reads.due(deadline.read);
  });
  const limits = { readTimeoutMs: 500, readAgainMs: 0 };
  const heard: string[] = [];
  const listener = {
    asked: ({ kind }: Query) => void heard.push(`asked ${kind}`),
    answered: ({ kind }: Report) => void heard.push(`answered ${kind}`),
    unanswered: ({ kind }: Query) => void heard.push(`unanswered ${kind}`),
    throttled: () => void heard.push("throttled"),
  };
  const room = { weight: Number.POSITIVE_INFINITY };
  const gate = new ReadGate({
    clock,
    budgets: { readWaitMs: () => (room.weight > 0 ? 0 : 100) },
  });
  const reads = new Reads({
    venue,
    clock,
    deadlines,
    limits,
    venueTime: () => 42,
    push,
    listener,
    gate,
  });
  venue.answers = () => undefined;
  const ask = (): void =>
    reads.ask({ kind: "openOrders" }, (outcome) => outcomes.push(outcome), {
      late: (outcome) => late.push(outcome),
    });
  return { room, venue, clock, heard, pushed, outcomes, late, deadlines, reads, ask };
}

describe("reads", () => {
  it("one that nobody answers has failed after its time; what comes after all is heard once", () => {
    const { clock, outcomes, late, deadlines, reads, ask } = start();
    ask();
    clock.advanceBy(499);
    expect(outcomes).toEqual([]);
    clock.advanceBy(1);
    expect(outcomes).toMatchObject([{ kind: "failed", reason: "no answer in time" }]);
    reads.answered(1, { kind: "openOrders", orders: [] });
    reads.answered(1, { kind: "openOrders", orders: [] });
    reads.failed(1, "twice");
    expect(outcomes).toHaveLength(1);
    expect(late).toMatchObject([{ kind: "answered", begun: { begunVenueTime: 42 } }]);
    expect([reads.open, deadlines.size]).toEqual([0, 0]);
  });

  it("each is answered once, and speaks of the hour at which it began", () => {
    const { venue, clock, outcomes, reads, ask } = start();
    clock.advanceBy(7);
    ask();
    clock.advanceBy(100);
    const read = venue.asked[0]?.read ?? 0;
    reads.answered(read, { kind: "openOrders", orders: [] });
    reads.answered(read, { kind: "openOrders", orders: [] });
    reads.failed(read, "late");
    expect(outcomes).toMatchObject([
      { kind: "answered", begun: { begunAt: 7, begunVenueTime: 42 } },
    ]);
    expect(reads.open).toBe(0);
  });

  it("a venue that throws has failed the read, and says so through the inbox", () => {
    const { venue, pushed, outcomes, reads, ask } = start();
    venue.reads = "throws";
    ask();
    expect(outcomes).toEqual([]);
    expect(pushed).toMatchObject([{ kind: "venue", facts: [{ type: "read.failed", read: 1 }] }]);
    reads.failed(1, "no way to ask");
    expect(outcomes).toMatchObject([{ kind: "failed" }]);
  });

  it("situation 23: who counts them hears of each once, also of one that came late or too often", () => {
    const { clock, heard, reads, ask } = start();
    ask();
    clock.advanceBy(500);
    reads.answered(1, { kind: "openOrders", orders: [] });
    reads.answered(1, { kind: "openOrders", orders: [] });
    ask();
    reads.failed(2, "HTTP 429", true);
    expect(heard).toEqual([
      "asked openOrders",
      "unanswered openOrders",
      "answered openOrders",
      "asked openOrders",
      "throttled",
    ]);
  });
});
