import { CloisterError, type Journal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { admitted, resting, type Rig, rig, SPEC, told, OPEN } from "./rig.fixture.ts";

type Waiting = Parameters<Journal["whenDurable"]>[0];

/** A journal of which the disk takes its time. */
function slowDisk() {
  const waiting: Waiting[] = [];
  const journal: Journal = {
    mark: "c1015700",
    recall: () => ({ checkpoint: undefined, records: [], damage: [], lastSequence: 0 }),
    append: () => undefined,
    whenDurable: (done) => void waiting.push(done),
    checkpoint: () => undefined,
    close: () => undefined,
  };
  const synced = (error?: CloisterError): void => {
    for (const done of waiting.splice(0)) done(error);
  };
  return { journal, synced };
}

const writes = ({ venue }: Rig): readonly string[] =>
  venue.written.map(({ action }) => action.kind);

describe("what must be durable before it leaves", () => {
  it("a send waits for the disk, and what is heard meanwhile does not", async () => {
    const { journal, synced } = slowDisk();
    const all = await rig({ journal });
    const { engine, venue } = all;
    const order = engine.place(SPEC);
    expect(writes(all)).toEqual([]);
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view().state).toBe("resting");
    synced();
    expect(writes(all)).toEqual(["place"]);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    expect(writes(all)).toEqual(["place"]);
    synced();
    expect(writes(all)).toEqual(["place", "cancel"]);
  });

  it("what the disk refuses does not leave; a cancel does, and places wait for a resume", async () => {
    const { journal, synced } = slowDisk();
    const all = await rig({ journal });
    const { engine, venue } = all;
    const order = engine.place(SPEC);
    synced();
    venue.replies(admitted(resting(7)));
    const refused = engine.place(SPEC);
    void order.cancel();
    synced(new CloisterError("journalFailed", "the disk is full"));
    expect(writes(all)).toEqual(["place", "cancel"]);
    expect(refused.view()).toMatchObject({ state: "rejected" });
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "journalFailed" });
    expect(engine.status.gate).toMatchObject({ place: false, cancel: true });
    engine.resume();
    engine.place(SPEC);
    synced();
    expect(writes(all)).toEqual(["place", "cancel", "place"]);
  });

  it("what waits for the disk when the engine is closed never leaves", async () => {
    const { journal, synced } = slowDisk();
    const all = await rig({ journal });
    all.engine.place(SPEC);
    await all.engine.close({ orders: "leave" });
    synced();
    expect(writes(all)).toEqual([]);
  });
});
