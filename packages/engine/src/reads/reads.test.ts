import { type Input, ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { type ReadOutcome, Reads } from "./reads.ts";
import { ScriptedVenue } from "../situations/scripted-venue.fixture.ts";

function start() {
  const venue = new ScriptedVenue();
  const clock = new ManualClock();
  const pushed: Input[] = [];
  const outcomes: ReadOutcome[] = [];
  const push = (input: Input): void => void pushed.push(input);
  const reads = new Reads({ venue, clock, venueTime: () => 42, push });
  venue.answers = () => undefined;
  const ask = (): void => reads.ask({ kind: "openOrders" }, (outcome) => outcomes.push(outcome));
  return { venue, clock, pushed, outcomes, reads, ask };
}

describe("reads", () => {
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
});
