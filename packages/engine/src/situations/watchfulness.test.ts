import { parseCoin, parseDecimal, type Query, type Report } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { admitted, resting, rig, SPEC, traded } from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const LOST = { type: "connection.lost", epoch: 1, reason: "closed" } as const;
const LIVE = { type: "connection.live", epoch: 2 } as const;

/** An account with this BTC position, at an hour later than every fill here. */
function holding(size: string): (query: Query) => Report {
  const at = 1_700_000_100_000;
  return (query) => {
    const report = calm(query);
    if (report.kind !== "positions" || report.positions.length > 0) return report;
    const position = { coin: parseCoin("BTC"), size: parseDecimal(size) };
    return { kind: "positions", positions: [position], at };
  };
}

describe("what the venue has forgotten, or knows otherwise", () => {
  it("alarms a live order that is neither open nor known after a reconnect, and leaves it live", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    // Long after it was placed: reads may lag.
    venue.answers = (query) =>
      query.kind === "positions" ? { kind: "positions", positions: [], at: 60_000 } : calm(query);
    for (let time = 0; time < 2; time += 1) venue.says(LOST, LIVE);
    expect(alarms).toContainEqual(
      expect.objectContaining({ name: "forgotten", cloid: order.cloid }),
    );
    expect(order.view().state).toBe("resting");
  });

  it("alarms a position that stays other than our fills make it, once", async () => {
    const { clock, venue, alarmed } = await rig();
    venue.answers = holding("0.5");
    venue.says(LOST);
    venue.says(LIVE);
    expect(alarmed()).not.toContain("positionDiffers");
    clock.advanceBy(2_000);
    expect(alarmed().filter((name) => name === "positionDiffers")).toHaveLength(1);
    venue.says(LOST);
    venue.says(LIVE);
    clock.advanceBy(10_000);
    expect(alarmed().filter((name) => name === "positionDiffers")).toHaveLength(1);
  });

  it("waits for the fills of the gap before it calls a position wrong", async () => {
    const { engine, clock, venue, alarmed } = await rig();
    engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.answers = holding("0.001");
    venue.says(LOST);
    venue.says(LIVE);
    venue.says(traded(7, 1));
    clock.advanceBy(10_000);
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    expect(alarmed()).not.toContain("positionDiffers");
  });
});
