import { describe, expect, it } from "vitest";
import type { EngineOptions } from "../options.ts";
import {
  admitted,
  CANCELED,
  resting,
  rig,
  settled,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";

async function withModify(options: Partial<EngineOptions> = {}) {
  const all = await rig(options);
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  const done = order.modify({ price: "63990" });
  return { ...all, order, done };
}

describe("situation 77: a fill races a modify", () => {
  it("known when the answer comes: the excess is stated exactly, alarmed once, and left", async () => {
    const { venue, order, done, alarms } = await withModify();
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8, excess: "0.0004" });
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    expect(alarms).toMatchObject([
      {
        name: "excess",
        cloid: order.cloid,
        text: "leg 7 filled 0.0004 while it was replaced by 8",
      },
    ]);
    expect(venue.written).toHaveLength(2);
    expect(order.view()).toMatchObject({ filled: "0.0004", leaves: "0.001" });
  });

  it("told after the answer: each further fill of the old leg is alarmed with the new sum", async () => {
    const { venue, done, alarms } = await withModify();
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    venue.says(traded(7, 1, { size: "0.0001" }), traded(8, 2, { size: "0.0002" }));
    venue.says(traded(7, 3, { size: "0.0003" }), traded(7, 3, { size: "0.0003" }));
    const texts = alarms.filter(({ name }) => name === "excess").map(({ text }) => text);
    expect(texts).toEqual([
      "leg 7 filled 0.0001 while it was replaced by 8",
      "leg 7 filled 0.0004 while it was replaced by 8",
    ]);
  });

  it("what had been filled before is no excess", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1, { size: "0.0004" }));
    const done = order.modify({ price: "63990" });
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    expect(alarms).toEqual([]);
  });

  it('onExcess "reduce": rests less by the excess, and so again when more comes', async () => {
    const { venue, order, done } = await withModify({ onExcess: "reduce" });
    venue.says(traded(7, 1, { size: "0.0002" }));
    venue.replies(admitted(resting(8)));
    expect(await done).toMatchObject({ kind: "accepted", excess: "0.0002" });
    const reduced = venue.written.at(-1);
    expect(reduced?.action).toMatchObject({ kind: "modify", target: 8 });
    venue.says(traded(7, 2, { size: "0.0001" }));
    venue.replies(admitted(resting(9)), reduced);
    expect(order.view()).toMatchObject({ oid: 9, size: "0.0008", filled: "0.0003" });
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "modify", target: 9 });
    venue.replies(admitted(resting(10)));
    expect(order.view()).toMatchObject({ oid: 10, size: "0.0007", filled: "0.0003" });
    expect(venue.written).toHaveLength(4);
  });

  it('onExcess "reduce": when nothing would be left the order is canceled', async () => {
    const { venue, order, done } = await withModify({ onExcess: "reduce" });
    venue.says(traded(7, 1, { size: "0.001" }));
    venue.replies(admitted(resting(8)));
    expect(await done).toMatchObject({ kind: "accepted", excess: "0.001" });
    const targets = [{ coin: "BTC", oid: 8 }];
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets });
    venue.replies(admitted(SUCCESS));
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.001" });
  });

  it('onExcess "reduce": a modify that waits goes first, and the excess is taken off what it rests', async () => {
    const { venue, order, done } = await withModify({ onExcess: "reduce" });
    const waiting = order.modify({ price: "63980" });
    venue.says(traded(7, 1, { size: "0.0002" }));
    venue.replies(admitted(resting(8)));
    await done;
    expect(await settled(waiting)).toBe("open");
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "modify", target: 8 });
    venue.replies(admitted(resting(9)));
    expect(await waiting).toMatchObject({ kind: "accepted", oid: 9 });
    venue.replies(admitted(resting(10)));
    expect(order.view()).toMatchObject({ oid: 10, size: "0.0008", price: "64000" });
  });
});
