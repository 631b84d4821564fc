import { describe, expect, it } from "vitest";
import {
  admitted,
  CANCELED,
  elementError,
  resting,
  rig,
  settled,
  SPEC,
  told,
} from "../situations/rig.fixture.ts";

describe("a handle", () => {
  it("is one per order, and its promises are made once, on first use", async () => {
    const { engine, venue, core } = await rig();
    const order = engine.place(SPEC);
    expect(engine.order(order.cloid)).toBe(order);
    const { heard: before } = core.sizes();
    expect(order.acknowledged).toBe(order.acknowledged);
    expect(order.closed).toBe(order.closed);
    expect(core.sizes()).toMatchObject({ heard: (before ?? 0) + 2 });
    venue.replies(admitted(resting(7)));
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
    expect(core.sizes()).toMatchObject({ heard: (before ?? 0) + 1 });
  });

  it("answers at once what is known already, also after the order was reaped", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place({ ...SPEC, tag: "t" });
    venue.replies(admitted(resting(7)));
    venue.says(told(order.cloid, 7, CANCELED));
    clock.advanceBy(10_000);
    expect(order.view()).toMatchObject({ state: "reaped", tag: "t" });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
    expect(await order.closed).toMatchObject({ state: "canceled", cause: "requested" });
    expect(await order.cancel()).toMatchObject({ kind: "settled", state: "canceled" });
    const late = await order.modify({ leaves: "0.002" });
    expect(late).toEqual({ kind: "refused", by: "local", reason: "orderEnded" });
  });

  it("closed waits for the ledger and for every request", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    venue.answers = () => undefined;
    venue.replies(admitted({ kind: "success" }));
    expect(order.view().state).toBe("canceled");
    expect(await settled(order.closed)).toBe("open");
    venue.says(told(order.cloid, 7, CANCELED));
    expect(await order.closed).toMatchObject({ state: "canceled", ledger: "complete" });
    expect(clock.monotonicMs()).toBeLessThan(1_000);
  });

  it("the actor is to be looked at only", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    expect(Object.keys(order.actor).toSorted()).toEqual(["getSnapshot", "id", "subscribe"]);
    const statuses: string[] = [];
    const { unsubscribe } = order.actor.subscribe(({ status }) => statuses.push(status));
    venue.replies(admitted(elementError("margin", "none")));
    unsubscribe();
    expect(statuses).not.toEqual([]);
    expect(order.actor.id).toBe(order.cloid);
    expect(order.actor.getSnapshot()).toMatchObject({ status: "active", value: "rejected" });
  });
});
