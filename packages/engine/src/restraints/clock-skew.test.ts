import { type Clock, ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { VenueHour } from "../reads/venue-hour.ts";
import { ClockSkew } from "./clock-skew.ts";

/** A clock whose wall somebody sets. */
function begin(offMs = 0) {
  const inner = new ManualClock();
  const wall = { offMs };
  const clock: Clock = {
    wallMs: () => inner.wallMs() + wall.offMs,
    monotonicMs: () => inner.monotonicMs(),
    after: (delayMs, callback) => inner.after(delayMs, callback),
  };
  const hour = new VenueHour(clock);
  let asked = 0;
  const skew = new ClockSkew({
    ...{ clock, hour, limits: { skewMaxMs: 2_000 } },
    askTime: () => {
      asked += 1;
    },
  });
  /** The venue's own hour is that of the clock nobody sets. */
  const read = (tookMs: number): void => {
    const begunAt = inner.monotonicMs();
    inner.advanceBy(tookMs / 2);
    const at = inner.wallMs();
    inner.advanceBy(tookMs / 2);
    hour.observe(at);
    skew.read(at, begunAt);
  };
  return { inner, wall, hour, skew, read, asked: () => asked };
}

describe("the local clock and the venue's", () => {
  it("situation 100: are taken as one until the venue has said anything", () => {
    const { skew } = begin(60_000);
    expect(skew.judge()).toBeUndefined();
    expect(skew.isSkewed).toBe(false);
  });

  it("situation 100: a local clock that is behind is seen by any news, once, and forgiven when it is set right", () => {
    const { skew, hour, inner, wall } = begin(-2_001);
    hour.observe(inner.wallMs());
    expect(skew.judge()).toBe("the local clock is 2001 ms behind the venue's");
    expect(skew.judge()).toBeUndefined();
    expect(skew.isSkewed).toBe(true);
    wall.offMs = -2_000;
    expect(skew.isSkewed).toBe(false);
    skew.judge();
    wall.offMs = -9_000;
    expect(skew.judge()).toMatch(/9000 ms behind/);
  });

  it("situation 100: news that is late is no clock that is ahead: the venue is asked, at a pace", () => {
    const { skew, hour, inner, asked, read } = begin();
    hour.observe(inner.wallMs() - 30_000);
    expect(skew.judge()).toBeUndefined();
    expect(skew.isSkewed).toBe(false);
    skew.judge();
    expect(asked()).toBe(1);
    inner.advanceBy(5_000);
    skew.judge();
    expect(asked()).toBe(2);
    read(4_000);
    expect(skew.judge()).toBeUndefined();
    inner.advanceBy(60_000);
    expect(skew.judge()).toBeUndefined();
    expect(asked(), "the doubt is gone").toBe(2);
  });

  it("situation 100: a read that takes long proves nothing", () => {
    const { skew, read } = begin(1_500);
    read(20_000);
    expect(skew.judge()).toBeUndefined();
    expect(skew.isSkewed).toBe(false);
  });

  it("situation 100: an answer older than its question proves that the local clock is ahead", () => {
    const { skew, wall, read } = begin();
    read(200);
    expect(skew.judge()).toBeUndefined();
    wall.offMs = 10_000;
    expect(skew.judge(), "it may be the venue that is silent").toBeUndefined();
    read(200);
    expect(skew.judge()).toMatch(/local clock is 10\d\d\d ms ahead of the venue's/);
    wall.offMs = 0;
    expect(skew.isSkewed).toBe(false);
  });

  it("situation 100: a venue whose clock was wrong and is right again is believed, once its last word is not from the future", () => {
    const { skew, hour, inner, read } = begin();
    hour.observe(inner.wallMs() + 5_000);
    expect(skew.judge()).toMatch(/5000 ms behind/);
    read(100);
    expect(skew.isSkewed, "its last word is still to come").toBe(true);
    inner.advanceBy(3_000);
    expect(skew.isSkewed).toBe(false);
    expect(skew.judge()).toBeUndefined();
  });
});
