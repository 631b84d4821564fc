import type { VenueFact } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  CANCELED,
  OPEN,
  resting,
  type Rig,
  rig,
  SPEC,
  SUCCESS,
  told,
} from "./rig.fixture.ts";

/** What the looks at doubtful requests weigh is not the matter here. */
const WEIGHTY = { limits: { restWeight: 1_000_000 } };

/** Posts that nobody answers, one after another: each is doubtful after its deadline. */
function swallow({ engine, clock }: Rig, posts: number): void {
  for (let post = 0; post < posts; post += 1) {
    engine.place(SPEC);
    clock.advanceBy(5_000);
  }
}

function lastMouth({ venue }: Rig): string | undefined {
  return venue.written.findLast(({ action }) => action.kind !== "noop")?.mouth;
}

describe("the route of posts", () => {
  it("situation 93: after five posts in a row that nobody answered they go by REST, cancels too", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 4);
    expect(all.engine.status.route).toBe("socket");
    swallow(all, 1);
    expect(all.engine.status).toMatchObject({ route: "restOnly", gate: { place: true } });
    const order = all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("rest");
    all.venue.replies(admitted(resting(77)));
    void order.cancel();
    expect(lastMouth(all)).toBe("rest");
    all.venue.replies(admitted(SUCCESS));
    expect(order.view().state).toBe("canceled");
  });

  it("situation 93: an answer after the deadline is evidence, and speaks for the socket", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 4);
    const late = all.venue.written.findLast(({ mouth }) => mouth === "socket");
    all.venue.replies(admitted(resting(7)), late);
    expect(all.engine.orders.some(({ oid }) => oid === 7)).toBe(true);
    swallow(all, 4);
    expect(all.engine.status.route).toBe("socket");
  });

  it("situation 93: after the cooldown one post tries the socket; its answer brings the others back", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 5);
    all.clock.advanceBy(60_000);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("socket");
    const probe = all.venue.written.findLast(({ mouth }) => mouth === "socket");
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("rest");
    all.venue.replies(admitted(resting(7)), probe);
    expect(all.engine.status.route).toBe("socket");
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("socket");
  });

  it("situation 93: a probe that fails costs another cooldown", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 5);
    all.clock.advanceBy(60_000);
    swallow(all, 1);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("rest");
    all.clock.advanceBy(59_000);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("rest");
    all.clock.advanceBy(1_000);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("socket");
  });

  it("a probe whose request is over by other news is given up, and another one follows", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 5);
    all.clock.advanceBy(60_000);
    const order = all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("socket");
    all.venue.says(told(order.cloid, 7, OPEN), told(order.cloid, 7, CANCELED));
    all.clock.advanceBy(5_000);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("rest");
    all.clock.advanceBy(60_000);
    all.engine.place(SPEC);
    expect(lastMouth(all)).toBe("socket");
  });

  it("bytes never written to the socket go by REST as their first transmission, and count against the route", async () => {
    const all = await rig(WEIGHTY);
    for (let post = 1; post <= 5; post += 1) {
      all.engine.place(SPEC);
      const { copy = 0 } = all.venue.written.at(-1) ?? {};
      const failed: VenueFact = {
        ...{ type: "copy.failed", copy, mouth: "socket", written: "never", reason: "" },
      };
      all.venue.says(failed);
      expect(lastMouth(all)).toBe("rest");
      all.venue.replies(admitted(resting(post)));
    }
    expect(all.engine.status).toMatchObject({ route: "restOnly", doubtful: 0 });
    expect(all.engine.counters.doubts).toBe(0);
  });

  it("whatever the route, places need live streams", async () => {
    const all = await rig(WEIGHTY);
    swallow(all, 5);
    all.venue.answers = () => undefined;
    all.venue.says({ type: "connection.lost", epoch: 1, reason: "gone" });
    const order = all.engine.place(SPEC);
    all.clock.advanceBy(1_000);
    expect(await order.acknowledged).toMatchObject({ kind: "refused", reason: "expiredInQueue" });
  });
});
