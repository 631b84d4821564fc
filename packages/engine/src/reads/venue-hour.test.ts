import { ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { VenueHour } from "./venue-hour.ts";

describe("the venue's hour", () => {
  it("is the wall's until the venue was heard, then never falls and never runs ahead", () => {
    const clock = new ManualClock(5_000);
    const hour = new VenueHour(clock);
    expect([hour.seen, hour.now()]).toEqual([0, 5_000]);
    hour.observe(9_000);
    clock.advanceBy(100);
    expect([hour.seen, hour.now()]).toEqual([9_000, 9_100]);
    // Late news shows an older hour: it moves nothing.
    hour.observe(8_000);
    expect(hour.now()).toBe(9_100);
    hour.observe(9_050);
    expect([hour.seen, hour.now()]).toEqual([9_050, 9_100]);
  });

  it("situation 100: a wall clock that steps back does not move it", () => {
    const clock = new ManualClock(50_000);
    const hour = new VenueHour(clock);
    hour.observe(50_000);
    clock.stepWall(-20_000);
    clock.advanceBy(10);
    expect(hour.now()).toBe(50_010);
  });
});
