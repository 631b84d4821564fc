import { type Input, ManualClock, type Query, type Report, ZERO } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { Deadlines } from "../inbox/deadlines.ts";
import { ReadGate } from "./read-gate.ts";
import { type AskTerms, type ReadOutcome, Reads } from "./reads.ts";
import { ScriptedVenue } from "../situations/scripted-venue.fixture.ts";

function start(readAgainMs = 0) {
  const venue = new ScriptedVenue();
  const clock = new ManualClock();
  const pushed: Input[] = [];
  const outcomes: ReadOutcome[] = [];
  const late: ReadOutcome[] = [];
  const push = (input: Input): void => void pushed.push(input);
  const deadlines = new Deadlines(clock, (deadline) => {
    if (deadline.kind === "read") reads.due(deadline.read);
  });
  const limits = { readTimeoutMs: 500, readAgainMs };
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

  it("one question under way or waiting answers all who are content with when it began", () => {
    const { venue, clock, heard, reads } = start();
    const told: string[] = [];
    const ask = (who: string, fromMs: number, terms: AskTerms = {}): void =>
      reads.ask(
        { kind: "fills", fromMs },
        ({ kind, begun }) => {
          told.push(`${who} ${kind} ${begun.begunAt}`);
        },
        terms,
      );
    ask("a", 100);
    clock.advanceBy(10);
    ask("b", 200, { notBefore: 0 });
    ask("younger", 200);
    ask("wider", 50, { notBefore: 0 });
    expect(venue.asked.map(({ query }) => query)).toEqual([
      { kind: "fills", fromMs: 100 },
      { kind: "fills", fromMs: 200 },
      { kind: "fills", fromMs: 50 },
    ]);
    const [first] = venue.asked;
    reads.answered(first?.read ?? 0, { kind: "fills", fills: [], complete: true });
    expect(told).toEqual(["a answered 0", "b answered 0"]);
    ask("recent", 300, { notBefore: 0, orRecent: true });
    ask("too late", 300, { notBefore: 11, orRecent: true });
    expect(told.at(-1)).toBe("recent answered 0");
    expect(heard.filter((word) => word === "asked fills")).toHaveLength(4);
  });

  it("what was asked before the connection was lost answers nobody who asks after it", () => {
    const { venue, reads, ask } = start();
    ask();
    ask();
    expect(venue.asked).toHaveLength(1);
    reads.lost();
    ask();
    expect(venue.asked).toHaveLength(2);
  });

  it("situation 23: without weight they wait, become one, and leave when there is some; not for ever", () => {
    const { venue, clock, room, outcomes, reads, ask } = start();
    room.weight = 0;
    ask();
    ask();
    expect([venue.asked.length, reads.open]).toEqual([0, 1]);
    clock.advanceBy(400);
    room.weight = 1;
    clock.advanceBy(99);
    reads.goOn();
    expect(venue.asked).toHaveLength(1);
    reads.answered(1, { kind: "openOrders", orders: [] });
    expect(outcomes).toMatchObject([{ begun: { begunAt: 499 } }, { begun: { begunAt: 499 } }]);
    room.weight = 0;
    ask();
    clock.advanceBy(500);
    expect(outcomes.at(-1)).toMatchObject({ kind: "failed", reason: /no weight/ });
    expect(reads.open).toBe(0);
  });

  it("situation 23: after a refusal one tries, and the others follow its answer", () => {
    const { venue, clock, reads } = start();
    const told: string[] = [];
    const ask = (kind: "budget" | "key" | "positions", rank: AskTerms["rank"] = "urgent"): void =>
      reads.ask({ kind }, (outcome) => told.push(`${kind} ${outcome.kind}`), { rank });
    ask("key");
    reads.failed(1, "HTTP 429", true);
    ask("budget", "compare");
    ask("positions");
    expect(venue.asked).toHaveLength(1);
    clock.advanceBy(1_000);
    reads.goOn();
    expect(venue.asked.map(({ query }) => query.kind)).toEqual(["key"]);
    expect(told).toEqual(["key failed", "budget failed", "positions failed"]);
    ask("budget", "compare");
    ask("positions");
    expect(venue.asked.map(({ query }) => query.kind)).toEqual(["key", "budget"]);
    reads.answered(venue.asked[1]?.read ?? 0, {
      ...{ kind: "budget", used: 0, cap: 1, surplus: 0, volume: ZERO },
    });
    expect(venue.asked.map(({ query }) => query.kind)).toEqual(["key", "budget", "positions"]);
  });

  it("an answer that seems lost is asked for once more, and both count as one", () => {
    const { venue, clock, outcomes, heard, reads, deadlines, ask } = start(200);
    ask();
    clock.advanceBy(199);
    expect(venue.asked).toHaveLength(1);
    clock.advanceBy(1);
    expect(venue.asked).toHaveLength(2);
    expect(reads.open).toBe(1);
    reads.answered(2, { kind: "openOrders", orders: [] });
    reads.answered(1, { kind: "openOrders", orders: [] });
    expect(outcomes).toMatchObject([{ kind: "answered", begun: { begunAt: 200 } }]);
    expect(heard.filter((word) => word.startsWith("answered"))).toHaveLength(2);
    expect([reads.open, deadlines.size]).toEqual([0, 0]);
  });

  it("asked twice it fails when both have failed, or when its time is over", () => {
    const { clock, outcomes, late, reads, ask } = start(200);
    ask();
    clock.advanceBy(200);
    reads.failed(1, "timeout");
    expect(outcomes).toEqual([]);
    reads.failed(2, "timeout");
    expect(outcomes).toMatchObject([{ kind: "failed" }]);
    ask();
    clock.advanceBy(500);
    expect(outcomes).toHaveLength(2);
    expect(outcomes.at(-1)).toMatchObject({ kind: "failed", reason: "no answer in time" });
    reads.answered(4, { kind: "openOrders", orders: [] });
    reads.answered(3, { kind: "openOrders", orders: [] });
    expect(late).toHaveLength(1);
  });
});
