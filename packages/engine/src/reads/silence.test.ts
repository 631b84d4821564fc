import { ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { Deadlines } from "../inbox/deadlines.ts";
import { Turn } from "../inbox/turn.ts";
import { AT, CANCELED, OPEN, report } from "../situations/rig.fixture.ts";
import { ScriptedVenue } from "../situations/scripted-venue.fixture.ts";
import { Silence } from "./silence.ts";
import { VenueHour } from "./venue-hour.ts";

/** Streams that are live since AT. */
function start() {
  const venue = new ScriptedVenue();
  const clock = new ManualClock(AT);
  const hour = new VenueHour(clock);
  hour.observe(AT);
  const deadlines = new Deadlines(clock, () => {
    silence.due();
    turn.complete(() => undefined);
  });
  const turn = new Turn({ kind: "deadline", deadline: { kind: "silence" } });
  const limits = { silenceMs: 5_000 };
  const silence = new Silence({ venue, clock, deadlines, hour, limits, turn: () => turn });
  silence.begin();
  return { silence, clock, deadlines, venue, turn };
}

const YOUNG = report(undefined, 7, OPEN, { at: AT + 1 });
const OLD = report(undefined, 7, OPEN, { at: AT });
const ENDED = report(undefined, 7, CANCELED, { at: AT + 9 });

type Silent = ReturnType<typeof start>["silence"];

describe("silence", () => {
  it.each<[string, (silence: Silent) => void, (silence: Silent) => void]>([
    ["a listed leg", (one) => one.listed(YOUNG), (one) => one.streamedOrder(YOUNG)],
    ["an end that a read knows", (one) => one.readOrder(ENDED), (one) => one.streamedOrder(ENDED)],
    [
      "a fill that a read knows",
      (one) => one.readFill("k", AT + 1),
      (one) => one.streamedFill("k", YOUNG.oid),
    ],
    [
      "a leg with less left",
      (one) => one.shrunk(YOUNG.oid),
      (one) => one.streamedFill("x", YOUNG.oid),
    ],
  ])("%s must be told in time; told a little later it is none", (_, claim, told) => {
    const late = start();
    claim(late.silence);
    late.clock.advanceBy(4_999);
    expect(late.venue.distrusted).toEqual([]);
    late.clock.advanceBy(1);
    expect(late.venue.distrusted).toHaveLength(1);
    expect(late.turn.alarms).toMatchObject([{ name: "streamSilent" }]);
    expect(late.deadlines.size).toBe(0);
    const soon = start();
    claim(soon.silence);
    soon.clock.advanceBy(4_000);
    told(soon.silence);
    soon.clock.advanceBy(60_000);
    expect(soon.venue.distrusted).toEqual([]);
  });

  it.each<[string, (silence: Silent) => void]>([
    ["a leg from before the streams", (one) => one.listed(OLD)],
    ["a trigger that waits", (one) => one.listed({ ...YOUNG, waitsForTrigger: true })],
    ["a record that is open", (one) => one.readOrder(YOUNG)],
    ["a fill from before the streams", (one) => one.readFill("k", AT)],
  ])("of %s no stream need have told", (_, claim) => {
    const { silence, deadlines } = start();
    claim(silence);
    expect(deadlines.size).toBe(0);
  });

  it("an end needs its own word: that the leg was open is not enough", () => {
    const { silence, clock, venue } = start();
    silence.streamedOrder(YOUNG);
    silence.listed(YOUNG);
    silence.readOrder(ENDED);
    clock.advanceBy(5_000);
    expect(venue.distrusted).toHaveLength(1);
  });

  it("a connection that went has nothing to tell any more", () => {
    const { silence, clock, venue, deadlines } = start();
    silence.listed(YOUNG);
    silence.stop();
    silence.listed(YOUNG);
    silence.shrunk(YOUNG.oid);
    clock.advanceBy(60_000);
    expect(venue.distrusted).toEqual([]);
    expect(deadlines.size).toBe(0);
  });
});
