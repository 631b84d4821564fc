import { describe, expect, it } from "vitest";
import { admitted, OPEN, resting, rig, SPEC, told, traded } from "../situations/rig.fixture.ts";

describe("a tracked order", () => {
  it("does not trouble its actor with what changes nothing, and tells it the rest", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    const heard: unknown[] = [];
    order.actor.subscribe(() => heard.push(1));
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, OPEN), traded(7, 1, { size: "0.0004" }));
    const before = heard.length;
    for (let times = 0; times < 10; times += 1) {
      venue.says(told(order.cloid, 7, OPEN), traded(7, 1, { size: "0.0004" }));
    }
    expect(heard).toHaveLength(before);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    venue.says(traded(7, 2, { size: "0.0006" }));
    expect(heard).toHaveLength(before + 1);
    expect(order.view().state).toBe("filled");
  });

  it("who inspects sees also what changes nothing", async () => {
    let events = 0;
    const { engine, venue } = await rig({
      inspect: ({ type }) => {
        if (type === "@xstate.event") events += 1;
      },
    });
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, OPEN));
    const before = events;
    venue.says(told(order.cloid, 7, OPEN));
    expect(events).toBe(before + 1);
  });
});
