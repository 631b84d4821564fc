import type { RequestTiming } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  OPEN,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";

/** A rig whose venue signs after a while. */
async function slow() {
  const all = await rig({}, (venue) => {
    venue.signs = () => "never";
  });
  const timings: RequestTiming[] = [];
  all.engine.timings$.subscribe((timing) => timings.push(timing));
  const sign = (): void => {
    all.clock.advanceBy(3);
    all.venue.unsigned.splice(0).forEach(({ done }) => done());
  };
  return { ...all, timings, sign };
}

describe("how long each step of a request took", () => {
  it("a place: command, signature, write, answer, and the answer as first evidence", async () => {
    const { engine, venue, clock, timings, sign } = await slow();
    const order = engine.place(SPEC);
    const atMs = clock.wallMs();
    expect(order.timings).toEqual([
      { request: 1, kind: "place", cloids: [order.cloid], command: { atMs, afterMs: 0 } },
    ]);
    sign();
    clock.advanceBy(20);
    venue.replies(admitted(resting(7)));
    const timing = {
      request: 1,
      kind: "place",
      cloids: [order.cloid],
      command: { atMs, afterMs: 0 },
      signed: { atMs: atMs + 3, afterMs: 3 },
      written: { atMs: atMs + 3, afterMs: 3, mouth: "socket", venueMs: 1 },
      answered: { atMs: atMs + 23, afterMs: 23 },
      evidence: { atMs: atMs + 23, afterMs: 23, by: "answer" },
    };
    expect(order.timings).toEqual([timing]);
    expect(order.view().timings).toEqual([timing]);
    expect(timings).toEqual([timing]);
  });

  it("situation 2: the stream that is faster than the answer is the first evidence, with its own hour", async () => {
    const { engine, venue, clock, timings, sign } = await slow();
    const order = engine.place(SPEC);
    sign();
    clock.advanceBy(10);
    venue.says(told(order.cloid, 7, OPEN, { at: AT }));
    expect(order.timings[0]).toMatchObject({
      evidence: { afterMs: 13, by: "orderUpdates", venueMs: AT },
    });
    // Its answer is awaited still.
    expect(timings).toEqual([]);
    clock.advanceBy(5);
    venue.replies(admitted(resting(7)));
    expect(timings).toMatchObject([{ answered: { afterMs: 18 }, evidence: { afterMs: 13 } }]);
  });

  it("situation 3: a fill may be the first evidence", async () => {
    const { engine, venue, sign } = await slow();
    const order = engine.place(SPEC);
    sign();
    venue.says(traded(7, 1, { cloid: order.cloid }));
    expect(order.timings[0]?.evidence).toMatchObject({ by: "userFills", venueMs: AT + 1 });
  });

  it("a cancel, and a wall clock that steps between command and answer", async () => {
    const { engine, venue, clock, timings, sign } = await slow();
    const order = engine.place(SPEC);
    sign();
    venue.replies(admitted(resting(7)));
    void order.cancel();
    sign();
    clock.stepWall(-3_600_000);
    clock.advanceBy(40);
    venue.replies(admitted(SUCCESS));
    venue.says(told(order.cloid, 7, CANCELED));
    expect(timings.at(-1)).toMatchObject({
      kind: "cancel",
      cloids: [order.cloid],
      signed: { afterMs: 3 },
      answered: { afterMs: 43 },
      evidence: { afterMs: 43, by: "answer" },
    });
    const { command, answered } = timings.at(-1) ?? {};
    expect((answered?.atMs ?? 0) - (command?.atMs ?? 0)).toBe(43 - 3_600_000);
  });

  it("situation 30: a request that never left has no write and no answer", async () => {
    const { engine, venue, timings } = await slow();
    venue.signs = () => "failed";
    const order = engine.place(SPEC);
    expect(timings).toEqual(order.timings);
    expect(timings[0]).toMatchObject({ evidence: { by: "request" } });
    expect(timings[0]).not.toHaveProperty("written");
    expect(timings[0]).not.toHaveProperty("answered");
  });

  it("situation 7: a doubt that a read decided is told when it ended, though no answer came", async () => {
    const { engine, venue, clock, timings, sign } = await slow();
    const order = engine.place(SPEC);
    sign();
    clock.advanceBy(6_000);
    expect(timings).toEqual([]);
    venue.says(told(order.cloid, 7, OPEN, { at: AT }));
    expect(timings).toMatchObject([{ evidence: { by: "orderUpdates", afterMs: 6_003 } }]);
    expect(timings[0]).not.toHaveProperty("answered");
    venue.replies(admitted(resting(7)), venue.written[0]);
    expect(timings).toHaveLength(1);
  });

  it("keeps the latest sixteen of an order that is modified all day", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    for (let oid = 8; oid < 30; oid += 1) {
      void order.modify({ price: `${64_000 - oid}` });
      venue.replies(admitted(resting(oid)));
    }
    expect(order.timings).toHaveLength(16);
    expect(order.timings.every(({ kind }) => kind === "modify")).toBe(true);
  });
});
