import { ManualClock, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { createEngine } from "./create-engine.ts";
import {
  admitted,
  FILLED,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./situations/rig.fixture.ts";
import { ScriptedVenue } from "./situations/scripted-venue.fixture.ts";

describe("an engine", () => {
  it("keeps an order from place to reap", async () => {
    const { engine, venue, clock } = await rig();
    const states: string[] = [];
    const order = engine.place({ ...SPEC, tag: "mm-1" });
    order.changes$.subscribe({
      next: ({ from, to }) => states.push(`${from}>${to}`),
      complete: () => states.push("end"),
    });
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(7, 2, { size: "0.0006" }));
    venue.says(told(order.cloid, 7, FILLED, { left: "0" }));
    expect(await order.closed).toEqual({
      state: "filled",
      filled: "0.001",
      averagePrice: "64000",
      fees: { USDC: "0.02" },
      ledger: "complete",
      unresolved: [],
    });
    expect(engine.snapshot()).toMatchObject({
      orders: [{ cloid: order.cloid, tag: "mm-1", state: "filled", oids: [7] }],
      positions: [{ coin: "BTC", size: "0.001" }],
      exposure: [{ coin: "BTC", position: "0.001", min: "0.001", max: "0.001" }],
      status: { barrier: "open", inFlight: 0 },
    });
    clock.advanceBy(3_000);
    expect(engine.orders).toEqual([]);
    expect(engine.order(order.cloid)).toBeUndefined();
    expect(states).toEqual([
      "pending>resting",
      "resting>partiallyFilled",
      "partiallyFilled>filled",
      "filled>filled",
      "filled>reaped",
      "end",
    ]);
    const late: string[] = [];
    order.changes$.subscribe({ complete: () => late.push("end") });
    expect(late).toEqual(["end"]);
  });

  it("closes: cancels what lives, waits for it, and answers", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const closing = engine.close();
    venue.replies(admitted(SUCCESS));
    clock.advanceBy(1_000);
    expect(await closing).toEqual({
      canceled: [order.cloid],
      unresolved: [],
      doubtful: [],
      verified: true,
    });
    expect(venue.isClosed).toBe(true);
    expect(engine.status.life).toBe("stopped");
  });

  it("starts still recovering when the streams do not come in time, and says so", async () => {
    const { engine } = await rig({}, (venue) => {
      venue.opens = "silent";
    });
    expect(engine.status).toMatchObject({ barrier: "recovering", gate: { place: false } });
  });

  it("an order may expire sooner than the others; a batch expires with its first", async () => {
    const { engine, venue, clock } = await rig();
    const at = clock.wallMs();
    engine.place({ ...SPEC, expiresAfterMs: 60_000 });
    engine.placeMany([{ ...SPEC, expiresAfterMs: 60_000 }, SPEC]);
    engine.placeMany([{ ...SPEC, expiresAfterMs: 3_000 }, SPEC]);
    const expiries = venue.written.map(({ signed }) => Number(signed.expiresAfter));
    const [first = 0, second = 0, third = 0] = expiries;
    // Venue time is younger than the wall here: it has shown only its first hour.
    expect([first - second, second - third]).toEqual([50_000, 7_000]);
    expect(first).toBeLessThanOrEqual(at + 60_000);
  });

  it("refuses an option that is none before anything is opened", async () => {
    const venue = new ScriptedVenue();
    const options = { venue, clock: new ManualClock(), random: seededRandom(1) };
    const bad = [{ inFlightMax: 0 }, { queueMs: -1 }, { queueMs: 1.5 }, { settleMs: Number.NaN }];
    for (const limits of bad) {
      await expect(createEngine({ ...options, limits })).rejects.toMatchObject({
        code: "invalidOption",
      });
    }
    const unknown = Object.assign({ queueMs: 5 }, { toString: 5 });
    await expect(createEngine({ ...options, limits: unknown })).rejects.toMatchObject({
      code: "invalidOption",
      details: { field: "limits.toString" },
    });
  });

  it("refuses what is no option and no venue, by name", async () => {
    for (const [given, field] of [
      [undefined, "options"],
      [{}, "venue"],
      [{ venue: 5 }, "venue"],
      [{ venue: { open: 1, write: 1 }, logLevel: "x" }, "logLevel"],
    ] as const) {
      // As a caller without types would.
      const starting = Reflect.apply(createEngine, undefined, [given]);
      await expect(starting).rejects.toMatchObject({ code: "invalidOption", details: { field } });
    }
  });

  it("refuses a field that nobody reads, and says in which spec it stands", async () => {
    const { engine, venue } = await rig();
    const wrong = Object.assign({ reduceonly: true }, SPEC);
    expect(() => engine.place(wrong)).toThrow(
      expect.objectContaining({
        code: "invalidSpec",
        details: expect.objectContaining({ field: "reduceonly" }),
      }),
    );
    expect(() => engine.placeMany([SPEC, { ...SPEC, price: "1e5" }])).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ field: "specs[1].price" }) }),
    );
    const none = (): unknown => Reflect.apply(engine.placeMany, engine, [null]);
    expect(none).toThrow(expect.objectContaining({ code: "invalidSpec" }));
    expect(venue.written).toEqual([]);
    expect(engine.counters.refusedSpecs).toBe(3);
  });

  it("tells a subscriber's failure once, and counts the rest", async () => {
    const { engine, venue, alarmed } = await rig();
    engine.ticks$.subscribe(() => {
      throw new Error("strategy bug");
    });
    for (let count = 0; count < 5; count += 1) {
      venue.says({ type: "ignored", what: "funding", reason: "no order of ours" });
    }
    expect(alarmed().filter((name) => name === "subscriberFailed")).toHaveLength(1);
    // Five inputs, and the one that tells of the first failure.
    expect(engine.counters.subscriberFailures).toBe(6);
  });

  it("makes cloids of its mark, and reads any spelling of them", async () => {
    const { engine } = await rig();
    const order = engine.place(SPEC);
    expect(order.cloid.slice(2, 10)).toBe(engine.mark);
    expect(engine.order(order.cloid.slice(2).toUpperCase())).toBe(order);
    expect(engine.order("no cloid")).toBeUndefined();
    await expect(engine.cancel("no cloid")).rejects.toMatchObject({ code: "invalidSpec" });
    expect(await engine.cancel("0".repeat(32))).toEqual({ kind: "unknownOrder" });
    const gone = { kind: "refused", by: "local", reason: "unknownOrder" };
    expect(await engine.modify("0".repeat(32), { leaves: "0.001" })).toEqual(gone);
  });
});
