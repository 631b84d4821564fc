import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  FILLED,
  fillOf,
  filledNow,
  OPEN,
  report,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";

/** A rig with one order that rests as oid 7. */
async function withResting() {
  const all = await rig();
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

describe("fills", () => {
  it("situation 31: the same fill twice on one stream is booked once", async () => {
    const { engine, venue, order, alarms } = await withResting();
    const seen: unknown[] = [];
    engine.fills$.subscribe((fill) => seen.push(fill.tid));
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(order.view()).toMatchObject({ filled: "0.0004", leaves: "0.0006" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
    expect(seen).toEqual([1]);
    expect(alarms).toEqual([]);
  });

  it("situation 32: the same fill by stream, read and snapshot is booked once", async () => {
    const { engine, venue, clock, order } = await withResting();
    const fill = fillOf(7, 1, { size: "0.0004" });
    venue.says({ type: "fill", fill, snapshot: false });
    venue.says({ type: "fill", fill: { ...fill }, snapshot: true });
    // 0.0005 executed: more than the stream told.
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0005" }));
    const fills = [{ ...fill }, fillOf(7, 2, { size: "0.0001" })];
    venue.answers = (query) =>
      query.kind === "fills" ? { kind: "fills", fills, complete: true } : undefined;
    clock.advanceBy(2_000);
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.0005" });
    venue.says({ type: "fill", fill: fillOf(7, 2, { size: "0.0001" }), snapshot: true });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
  });

  it("situation 33: the same trade with another price or size: an alarm, the first stays", async () => {
    const { engine, venue, order, alarmed } = await withResting();
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(7, 1, { size: "0.0005" }));
    venue.says(traded(7, 1, { size: "0.0004", price: "64001" }));
    expect(alarmed()).toEqual(["otherPrice", "otherPrice"]);
    expect(order.view()).toMatchObject({ filled: "0.0004", averagePrice: "64000" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
  });

  it("situation 34: two fills equal in price, size and time with different trade ids are both booked", async () => {
    const { venue, order } = await withResting();
    venue.says(traded(7, 1, { size: "0.0002" }), traded(7, 2, { size: "0.0002" }));
    expect(order.view()).toMatchObject({ filled: "0.0004" });
  });

  it("situation 34: dust fills without a trade id are told apart by position and size", async () => {
    const { venue, order } = await withResting();
    const dust = { size: "0.0001", at: AT + 5 };
    venue.says(
      traded(7, 0, { ...dust, startPosition: "0" }),
      traded(7, 0, { ...dust, startPosition: "0.0001" }),
      traded(7, 0, { ...dust, startPosition: "0.0001" }),
    );
    expect(order.view()).toMatchObject({ filled: "0.0002" });
  });

  it("situation 35: a fill after canceled is booked and alarmed; with the whole size it is filled after all", async () => {
    const { engine, venue, order, alarmed } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED));
    expect(order.view().state).toBe("canceled");
    venue.says(traded(7, 1, { size: "0.0004", at: AT + 10 }));
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.0004" });
    expect(alarmed()).toContain("lateFill");
    venue.says(traded(7, 2, { size: "0.0006", at: AT + 11 }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.001" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
  });

  it("situation 36: a fill after rejected is booked, and the verdict is called contradicted", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    venue.replies({ admission: "admittedBare" });
    expect(order.view().state).toBe("rejected");
    venue.says(traded(7, 1, { size: "0.0004", cloid: order.cloid }));
    expect(order.view()).toMatchObject({ filled: "0.0004", state: "partiallyFilled" });
    expect(alarmed()).toEqual(expect.arrayContaining(["contradicted", "revived"]));
    expect(engine.exposure).toMatchObject([{ position: "0.0004", max: "0.001" }]);
  });

  it("situation 37: a fill after the order was reaped finds its tombstone, by cloid or by oid", async () => {
    const { engine, venue, clock, order, alarmed } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED));
    clock.advanceBy(10_000);
    expect(engine.orders).toEqual([]);
    const seen: unknown[] = [];
    engine.fills$.subscribe(({ cloid, tid }) => seen.push([cloid, tid]));
    venue.says(traded(7, 1, { size: "0.0004", at: AT + 10 }));
    venue.says(traded(7, 2, { size: "0.0002", at: AT + 11, cloid: order.cloid }));
    expect(seen).toEqual([
      [order.cloid, 1],
      [order.cloid, 2],
    ]);
    expect(alarmed()).toEqual(["lateFill", "lateFill"]);
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0006" }]);
  });

  it("situation 38: a fill of an order that is not ours is booked to the account, with an alarm", async () => {
    const { engine, venue, alarmed } = await rig();
    const seen: unknown[] = [];
    engine.fills$.subscribe(({ cloid, oid }) => seen.push({ cloid, oid }));
    venue.says(traded(99, 1, { size: "0.5", side: "sell" }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "-0.5" }]);
    expect(alarmed()).toEqual(["strangerFill"]);
    expect(seen).toEqual([{ cloid: undefined, oid: 99 }]);
    expect(engine.orders).toEqual([]);
  });

  it("situation 39: more filled than the size is booked, alarmed, and in the position", async () => {
    const { engine, venue, order, alarmed } = await withResting();
    venue.says(traded(7, 1, { size: "0.0008" }), traded(7, 2, { size: "0.0008" }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.0016", leaves: "0" });
    expect(alarmed()).toContain("overfill");
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0016" }]);
  });

  it("situation 40: a liquidation has no order of ours: booked with its reason", async () => {
    const { engine, venue, alarms } = await rig();
    venue.says(traded(99, 1, { side: "sell", liquidation: { method: "market" } }));
    expect(alarms[0]).toMatchObject({ name: "strangerFill" });
    expect(alarms[0]?.text).toContain("liquidation (market)");
    expect(engine.positions).toEqual([{ coin: "BTC", size: "-0.001" }]);
  });

  it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[2, 0, 3, 1]], [[1, 1, 3, 0, 2, 2]]])(
    "situation 41: fills and words in the order %j come to the same end",
    async (sequence) => {
      const { engine, venue, order } = await withResting();
      const facts = [
        traded(7, 1, { size: "0.0002", at: AT + 1 }),
        traded(7, 2, { size: "0.0003", at: AT + 2 }),
        traded(7, 3, { size: "0.0005", at: AT + 3 }),
        told(order.cloid, 7, FILLED, { left: "0" }),
      ];
      for (const index of sequence) venue.says(...facts.slice(index, index + 1));
      expect(order.view()).toMatchObject({ state: "filled", filled: "0.001", ledger: "complete" });
      expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    },
  );

  it("situation 42: filled without a fill: the ledger stays open and the fills are fetched", async () => {
    const { venue, clock, order } = await withResting();
    venue.says(told(order.cloid, 7, FILLED, { left: "0" }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    venue.answers = (query) =>
      query.kind === "fills" ? { kind: "fills", fills: [fillOf(7, 1)], complete: true } : undefined;
    clock.advanceBy(2_000);
    expect(await order.closed).toMatchObject({ filled: "0.001", ledger: "complete" });
  });

  it("situation 43: canceled with more executed than is booked: the end waits for the missing fills", async () => {
    const { engine, venue, clock, order } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0", ledger: "open" });
    expect(engine.exposure).toMatchObject([{ max: "0.0004" }]);
    const fills = [fillOf(7, 1, { size: "0.0004" })];
    venue.answers = (query) =>
      query.kind === "fills" ? { kind: "fills", fills, complete: true } : undefined;
    clock.advanceBy(2_000);
    expect(await order.closed).toMatchObject({ filled: "0.0004", ledger: "complete" });
    expect(engine.exposure).toMatchObject([{ position: "0.0004", max: "0.0004" }]);
  });

  it("situation 44: a record with less executed than is booked takes nothing back", async () => {
    const { venue, order } = await withResting();
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(told(order.cloid, 7, OPEN, { left: "0.001" }));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
  });

  it("situation 47: decimals that floats cannot add are exact: the last lot fills it", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, price: "60000", size: "0.3" });
    venue.replies(admitted(resting(7)));
    for (const tid of [1, 2, 3]) venue.says(traded(7, tid, { size: "0.1" }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.3", leaves: "0" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.3" }]);
  });

  it("situation 49: both sides of a self trade are updated; the venue's cancel for it is typed", async () => {
    const { engine, venue, order } = await withResting();
    const other = engine.place({ ...SPEC, side: "sell" });
    venue.replies(admitted(resting(8)));
    venue.says(traded(7, 5, { size: "0.0004" }), traded(8, 5, { size: "0.0004", side: "sell" }));
    const stp = { kind: "canceled", cause: "selfTrade" } as const;
    venue.says(told(order.cloid, 7, stp, { left: "0.0006" }));
    expect(order.view()).toMatchObject({ state: "canceled", cause: "selfTrade", filled: "0.0004" });
    expect(other.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
  });

  it("situation 50: a spot buy pays its fee in base: quantity and position differ", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, coin: "@1", price: "20", size: "2" });
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1, { coin: "@1", size: "2", price: "20", fee: "0.001" }));
    expect(order.view()).toMatchObject({ filled: "2" });
    expect(engine.positions).toEqual([{ coin: "@1", size: "1.999" }]);
  });

  it("situation 123: late news exactly when the order is reaped is answered by the tombstone", async () => {
    const { engine, venue, clock, order, alarmed } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED));
    engine.ticks$.subscribe(({ changes }) => {
      if (changes.some(({ to }) => to === "reaped")) venue.says(traded(7, 1, { at: AT + 10 }));
    });
    clock.advanceBy(10_000);
    expect(alarmed()).toEqual(["lateFill"]);
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    expect(() => engine.place({ ...SPEC, cloid: order.cloid })).toThrow("belongs to another order");
    expect(order.view().state).toBe("reaped");
    expect(await order.closed).toMatchObject({ state: "canceled" });
    expect(await order.cancel()).toEqual({ kind: "settled", state: "canceled", filled: "0" });
  });

  it("situation 124: exposure counts open, pending and doubtful orders, and both legs of a modify", async () => {
    const { engine, venue, clock, order } = await withResting();
    engine.place({ ...SPEC, side: "sell" });
    expect(engine.exposure).toMatchObject([{ min: "-0.001", max: "0.001" }]);
    clock.advanceBy(5_000);
    expect(engine.status.doubtful).toBe(1);
    expect(engine.exposure).toMatchObject([{ min: "-0.001", max: "0.001" }]);
    void order.modify({ leaves: "0.003" });
    expect(engine.exposure).toMatchObject([{ min: "-0.001", max: "0.004" }]);
    venue.replies(admitted(resting(9)));
    // The old leg has ended, but not every fill of it need have been heard.
    expect(engine.exposure).toMatchObject([{ min: "-0.001", max: "0.004" }]);
    venue.says(told(order.cloid, 7, CANCELED));
    expect(engine.exposure).toMatchObject([{ min: "-0.001", max: "0.003" }]);
  });
});

describe("what the venue ends by itself", () => {
  it.each([
    "margin",
    "openInterestCap",
    "delisted",
    "selfTrade",
    "vaultWithdrawal",
    "reduceOnly",
    "siblingFilled",
    "liquidated",
    "scheduled",
  ] as const)("situation 67: canceled by the venue for %s keeps that cause", async (cause) => {
    const { venue, order, alarms } = await withResting();
    venue.says(told(order.cloid, 7, { kind: "canceled", cause }));
    expect(order.view()).toMatchObject({ state: "canceled", cause });
    expect(alarms).toEqual([]);
    expect(await order.closed).toMatchObject({ cause, filled: "0", ledger: "complete" });
  });

  it("situation 67: a cancel by the venue whose word never comes is asked for", async () => {
    const { venue, clock, order } = await withResting();
    const { coin, oid } = report(order.cloid, 7, OPEN);
    venue.says({ type: "venueCancel", coin, oid });
    expect(order.view().state).toBe("resting");
    const found = report(order.cloid, 7, { kind: "canceled", cause: "margin" });
    venue.answers = (query) =>
      query.kind === "orderStatus" ? { kind: "orderStatus", found } : undefined;
    clock.advanceBy(2_000);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "margin" });
  });

  it("situation 99: a word we do not know is alarmed and asked about, also when the first read fails", async () => {
    const { venue, clock, order, alarmed } = await withResting();
    let failures = 0;
    const found = report(order.cloid, 7, { kind: "canceled", cause: "margin" });
    venue.answers = (query) => {
      if (query.kind !== "orderStatus") return undefined;
      failures += 1;
      return failures === 1 ? "fail" : { kind: "orderStatus", found };
    };
    venue.says(told(order.cloid, 7, { kind: "unknown" }, { raw: "frobnicated" }));
    expect(order.view().state).toBe("resting");
    expect(alarmed()).toEqual(["unknownWord"]);
    clock.advanceBy(2_000);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "margin" });
  });

  it("situation 99: a frame that was not understood is counted, kept with its text, and the stream goes on", async () => {
    const { engine, venue, ticks, order, alarms } = await withResting();
    const fact = {
      type: "unrecognized",
      channel: "?",
      reason: "no such channel",
      text: "{!",
    } as const;
    venue.says(fact, told(order.cloid, 7, CANCELED));
    expect(engine.counters.unrecognized).toBe(1);
    expect(alarms).toMatchObject([{ name: "frameUnrecognized" }]);
    expect(ticks.at(-1)?.input).toMatchObject({ facts: [fact, {}] });
    expect(order.view().state).toBe("canceled");
  });

  it("situation 85: a trigger order that waits is untriggered, not resting liquidity", async () => {
    const { engine, venue } = await rig();
    const trigger = { price: "63000", kind: "sl", market: true } as const;
    const order = engine.place({ ...SPEC, side: "sell", reduceOnly: true, trigger });
    venue.replies(admitted({ kind: "waiting", waitsFor: "trigger" }));
    expect(order.view()).toMatchObject({ state: "untriggered" });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted" });
  });

  it("situation 101: an older word that comes later does not undo a newer one, and still names its oid", async () => {
    const { venue, order } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED, { at: AT + 50 }));
    venue.says(told(order.cloid, 7, OPEN, { at: AT }));
    expect(order.view()).toMatchObject({ state: "canceled", oids: [7] });
  });

  it("situation 35: a total that an answer stated is awaited: its fills are no late ones", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(filledNow(7, "0.001")));
    venue.says(traded(7, 1));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.001" });
    expect(alarms).toEqual([]);
  });

  it("a cancel that succeeds on an order that just filled ends it filled", async () => {
    const { venue, order } = await withResting();
    const done = order.cancel();
    venue.says(traded(7, 1));
    venue.replies(admitted(SUCCESS));
    expect(await done).toEqual({ kind: "settled", state: "filled", filled: "0.001" });
  });
});
