import { parseCoin, parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  FILLED,
  OPEN,
  report,
  resting,
  rig,
  settled,
  SPEC,
  told,
  traded,
} from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const LOST = { type: "connection.lost", epoch: 1, reason: "gone" } as const;
const LIVE = { type: "connection.live", epoch: 2 } as const;
const ETH = { coin: "ETH", side: "buy", price: "3000", size: "0.01", tif: "Gtc" } as const;

async function withResting(options: Parameters<typeof rig>[0] = {}) {
  const all = await rig(options);
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

describe("commands that race with the connection", () => {
  it("a place from within the tick of the loss waits for the gate: sent after the barrier, or expired", async () => {
    const { engine, venue, clock } = await rig();
    const placed: ReturnType<typeof engine.place>[] = [];
    const stop = engine.ticks$.subscribe(({ input }) => {
      if (input.kind === "venue" && input.facts[0]?.type === "connection.lost") {
        placed.push(engine.place(SPEC));
      }
    });
    venue.says(LOST);
    expect(placed[0]?.view()).toMatchObject({ state: "pending", requests: [{ state: "queued" }] });
    venue.says(LIVE);
    expect(venue.written).toHaveLength(1);
    venue.says(LOST);
    stop.unsubscribe();
    clock.advanceBy(1_000);
    expect(await placed[1]?.acknowledged).toMatchObject({ by: "local", reason: "expiredInQueue" });
    expect(venue.written).toHaveLength(2);
  });

  it("the loss inside the same frame as the answer: the answer counts, nothing is doubtful", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    const copy = venue.written[0]?.copy ?? 0;
    const answer = admitted(resting(7));
    venue.says({ type: "copy.answered", copy, mouth: "socket", answer }, LOST);
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
    expect(engine.status).toMatchObject({ doubtful: 0, inFlight: 0, barrier: "recovering" });
  });

  it("cancelAll while recovering leaves by REST, answers in time, and holds places back only until then", async () => {
    const { engine, venue, clock, order } = await withResting();
    venue.answers = () => "fail";
    venue.says(LOST, LIVE, LOST);
    const swept = engine.cancelAll({ withinMs: 3_000 });
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest", action: { kind: "cancel" } });
    expect(await engine.place(SPEC).acknowledged).toMatchObject({ reason: "barrier" });
    clock.advanceBy(3_000);
    expect(await swept).toEqual({
      canceled: [],
      unresolved: [order.cloid],
      verified: false,
    });
    venue.answers = calm;
    venue.says(LIVE);
    expect(engine.place(SPEC).view().requests).toMatchObject([{ state: "inFlight" }]);
    venue.says(told(order.cloid, 7, CANCELED));
    expect(order.view()).toMatchObject({ state: "canceled", requests: [] });
  });

  it("halt, a loss, resume, close: every promise is answered, and nothing places after the halt", async () => {
    const { core, engine, venue, clock, order } = await withResting();
    const flying = engine.place(SPEC);
    engine.halt("enough");
    const modified = order.modify({ price: "63990" });
    const refused = engine.place(SPEC);
    venue.says(LOST);
    engine.resume();
    const waits = engine.place(SPEC);
    const swept = engine.cancelAll({ withinMs: 60_000 });
    const closing = engine.close({ withinMs: 5_000 });
    const drained = engine.place(SPEC);
    expect(await modified).toMatchObject({ kind: "refused", reason: "halted" });
    expect(await refused.acknowledged).toMatchObject({ reason: "halted" });
    expect(await waits.acknowledged).toMatchObject({ kind: "refused", by: "local" });
    expect(await drained.acknowledged).toMatchObject({ reason: "draining" });
    clock.advanceBy(5_000);
    const { unresolved, doubtful } = await closing;
    expect(new Set(unresolved)).toEqual(new Set([order.cloid, flying.cloid]));
    expect(doubtful).toHaveLength(1);
    expect(await swept).toMatchObject({ unresolved });
    expect(await flying.acknowledged).toMatchObject({ kind: "unresolved" });
    expect(await flying.closed).toMatchObject({ state: "pending" });
    const places = venue.written.filter(({ action }) => action.kind === "place");
    expect(places).toHaveLength(2);
    expect(core.isStopped).toBe(true);
  });

  it("a venue that speaks after the close is heard by nobody and throws at nobody", async () => {
    const { engine, venue, clock, order, ticks } = await withResting();
    venue.signs = () => "never";
    const late = engine.place(SPEC);
    await engine.close({ orders: "leave" });
    const before = ticks.length;
    for (const { done } of venue.unsigned) done();
    venue.says(traded(7, 1), told(order.cloid, 7, FILLED, { left: "0" }), LOST, LIVE);
    venue.says({ type: "read.failed", read: 1, reason: "late" });
    clock.advanceBy(600_000);
    expect(ticks).toHaveLength(before);
    expect(order.view()).toMatchObject({ state: "resting", filled: "0" });
    // Not a byte of it had left: that is known, and said.
    expect(await late.acknowledged).toMatchObject({ kind: "refused", reason: "draining" });
    expect(venue.written).toHaveLength(1);
  });
});

describe("commands that race with each other", () => {
  it("two modifies and a cancel beside fills: the first flies, the second is dropped, every leg is canceled", async () => {
    const { engine, venue, order } = await withResting();
    const first = order.modify({ price: "63990" });
    const second = order.modify({ price: "63980" });
    const third = order.modify({ price: "63970" });
    const canceled = order.cancel();
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(await second).toMatchObject({ reason: "replacedModify" });
    expect(await third).toMatchObject({ reason: "withdrawn" });
    expect(engine.exposure).toMatchObject([{ position: "0.0004", max: "0.002" }]);
    const modify = venue.written.find(({ action }) => action.kind === "modify");
    venue.replies(admitted(resting(8)), modify);
    expect(await first).toMatchObject({ kind: "accepted", oid: 8 });
    venue.says(traded(8, 2, { size: "0.0001" }), told(order.cloid, 7, CANCELED));
    venue.says(told(order.cloid, 8, CANCELED));
    expect(await canceled).toEqual({ kind: "settled", state: "canceled", filled: "0.0005" });
    expect(order.view().requests).toEqual([]);
  });

  it("the expiry of a modify that waited counts from its command", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    const place = venue.written[0];
    void order.modify({ price: "63990" });
    clock.advanceBy(900);
    venue.replies(admitted(resting(7)), place);
    const modify = venue.written.at(-1);
    expect(modify?.action.kind).toBe("modify");
    expect(modify?.signed.expiresAfter).toBe(place?.signed.expiresAfter);
  });

  it("situation 28: one order of a batch that waits is canceled: it never leaves, its siblings do", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    const blocker = engine.place(SPEC);
    const [a, b, c] = engine.placeMany([SPEC, SPEC, SPEC]);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were placed");
    const canceled = b.cancel();
    expect(venue.written).toHaveLength(1);
    venue.replies(admitted(resting(1)), venue.written[0]);
    expect(await canceled).toMatchObject({ kind: "settled", state: "canceled" });
    const orders = [{ cloid: a.cloid }, { cloid: c.cloid }];
    expect(venue.written.slice(1)).toMatchObject([{ action: { kind: "place", orders } }]);
    venue.replies(admitted(resting(2), resting(3)));
    expect([a, c].map((order) => order.view())).toMatchObject([
      { state: "resting", oid: 2 },
      { state: "resting", oid: 3 },
    ]);
    expect(blocker.view().state).toBe("resting");
    expect(b.view()).toMatchObject({ state: "canceled", cause: "withdrawn", requests: [] });
  });

  it("situation 28: what is being signed is signed anew without the one that is canceled", async () => {
    const { engine, venue } = await rig();
    venue.signs = () => "never";
    const [a, b] = engine.placeMany([SPEC, SPEC]);
    const canceled = a?.cancel();
    expect(await canceled).toMatchObject({ kind: "settled", state: "canceled" });
    expect(venue.unsigned).toHaveLength(2);
    for (const { done } of venue.unsigned) done();
    const orders = [{ cloid: b?.cloid }];
    expect(venue.written).toMatchObject([{ action: { kind: "place", orders } }]);
    expect(venue.written[0]?.action).toHaveProperty("orders.length", 1);
  });

  it("a cloid that stands twice in a batch refuses the batch, and leaves the cloid free", async () => {
    const { engine, venue, core } = await rig();
    const cloid = `0x${"cd".repeat(16)}`;
    const twice = [
      { ...SPEC, cloid },
      { ...SPEC, cloid: cloid.toUpperCase().replace("0X", "0x") },
    ];
    expect(() => engine.placeMany(twice)).toThrow("belongs to another order");
    expect(core.sizes()).toMatchObject({ prepared: 0, orders: 0 });
    expect(engine.place({ ...SPEC, cloid }).cloid).toBe(cloid);
    expect(venue.written).toHaveLength(1);
  });

  it("with all 64 slots doubtful a place expires in the queue, and cancels leave at once", async () => {
    const { engine, venue, clock } = await rig();
    const orders = Array.from({ length: 64 }, () => engine.place(SPEC));
    venue.answers = () => undefined;
    clock.advanceBy(5_000);
    expect(engine.status).toMatchObject({ doubtful: 64, inFlight: 64, load: "saturated" });
    const waits = engine.place(SPEC);
    const before = venue.written.length;
    void orders[0]?.cancel();
    expect(venue.written.slice(before)).toMatchObject([{ action: { kind: "cancelByCloid" } }]);
    clock.advanceBy(1_000);
    expect(await waits.acknowledged).toMatchObject({ reason: "expiredInQueue" });
    expect(engine.exposure).toMatchObject([{ max: "0.064" }]);
  });

  it("what waits leaves in the order in which it came", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    const orders = Array.from({ length: 5 }, () => engine.place(SPEC));
    for (let oid = 1; oid <= 5; oid += 1) venue.replies(admitted(resting(oid)));
    const sent = venue.written.flatMap(({ action }) =>
      action.kind === "place" ? action.orders.map(({ cloid }) => cloid) : [],
    );
    expect(sent).toEqual(orders.map(({ cloid }) => cloid));
  });

  it("cancelAll of one coin lets the other coin's places pass, and a cancelAll of all beside it ends by itself", async () => {
    const { engine, venue, order } = await withResting();
    const other = engine.place(ETH);
    venue.replies(admitted(resting(8)));
    const btc = engine.cancelAll({ coin: "BTC" });
    const more = engine.place(ETH);
    venue.replies(admitted(resting(9)));
    const all = engine.cancelAll();
    expect(await engine.place(ETH).acknowledged).toMatchObject({ reason: "barrier" });
    venue.says(told(order.cloid, 7, CANCELED));
    expect(await btc).toMatchObject({ canceled: [order.cloid], unresolved: [] });
    expect(await settled(all)).toBe("open");
    venue.says(told(other.cloid, 8, CANCELED), told(more.cloid, 9, CANCELED));
    const { canceled } = await all;
    expect(new Set(canceled)).toEqual(new Set([order.cloid, other.cloid, more.cloid]));
  });
});

describe("what the venue does by itself", () => {
  it("a reduce-only order shrinks by what a read shows; the exposure stays on the safe side", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, side: "sell", reduceOnly: true });
    venue.replies(admitted(resting(7)));
    const shown = report(order.cloid, 7, OPEN, { left: "0.0004", side: "sell", reduceOnly: true });
    venue.says({ type: "openOrders", dex: "", orders: [shown] });
    expect(order.view()).toMatchObject({ state: "resting", leaves: "0.0004", size: "0.001" });
    expect(engine.exposure).toMatchObject([{ min: "-0.001" }]);
    venue.says(traded(7, 1, { side: "sell", size: "0.0004" }));
    venue.says(told(order.cloid, 7, FILLED, { left: "0", side: "sell" }));
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.0004", leaves: "0" });
  });

  it("a trigger order sleeps, fires, and fills on its oid", async () => {
    const { engine, venue, clock } = await rig();
    const trigger = { price: "63000", kind: "sl", market: true } as const;
    const order = engine.place({ ...SPEC, side: "sell", reduceOnly: true, trigger });
    venue.replies(admitted(resting(7)));
    expect(order.view().state).toBe("untriggered");
    expect(await order.modify({ price: "63990" })).toMatchObject({ reason: "notModifiable" });
    const waiting = { ...report(order.cloid, 7, OPEN, { side: "sell" }), waitsForTrigger: true };
    venue.says({ type: "openOrders", dex: "", orders: [waiting] });
    expect(order.view().state).toBe("untriggered");
    venue.says(told(order.cloid, 7, { kind: "triggered" }, { side: "sell" }));
    expect(order.view().state).toBe("resting");
    venue.says(told(order.cloid, 7, FILLED, { left: "0", side: "sell" }));
    venue.says(traded(7, 1, { side: "sell" }));
    clock.advanceBy(10_000);
    expect(await order.closed).toMatchObject({ state: "filled", filled: "0.001" });
  });

  it("positions of several dexes each have their hour; a coin without a position has its dex's", async () => {
    const { engine, venue } = await rig({}, (scripted) => {
      scripted.answers = (query) =>
        query.kind === "positions"
          ? {
              kind: "positions",
              positions: [{ coin: parseCoin("BTC"), size: parseDecimal("1"), at: AT + 5 }],
              at: AT,
              hours: [
                { dex: "", at: AT + 5 },
                { dex: "xyz", at: AT },
              ],
            }
          : calm(query);
    });
    venue.says(traded(1, 1, { at: AT + 5 }), traded(1, 2, { at: AT + 6 }));
    venue.says(
      traded(2, 3, { at: AT + 5, coin: "ETH" }),
      traded(2, 4, { at: AT + 6, coin: "ETH" }),
    );
    venue.says(traded(3, 5, { at: AT + 1, coin: "xyz:TSLA" }));
    expect(engine.positions).toEqual([
      { coin: "BTC", size: "1.001" },
      { coin: "ETH", size: "0.001" },
      { coin: "xyz:TSLA", size: "0.001" },
    ]);
  });

  it("a fill for an order whose tombstone is forgotten is a stranger's: booked, alarmed, counted", async () => {
    const { engine, venue, clock, order, alarmed } = await withResting({
      limits: { tombstones: 1 },
    });
    const next = engine.place(SPEC);
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 7, CANCELED), told(next.cloid, 8, CANCELED));
    clock.advanceBy(10_000);
    expect(engine.counters.tombstonesForgotten).toBe(1);
    venue.says(traded(7, 1, { cloid: order.cloid }), traded(8, 2));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.002" }]);
    expect(alarmed()).toEqual(["tombstoneForgotten", "strangerFill", "lateFill"]);
    expect(engine.counters.youngTombstonesForgotten).toBe(1);
    expect(await order.cancel()).toMatchObject({ kind: "settled", state: "canceled" });
    expect(await order.modify({ price: "63990" })).toMatchObject({ reason: "orderEnded" });
  });

  it("a leg that nobody knew of, told after its order was reaped, is alarmed whatever the word", async () => {
    const { venue, clock, order, alarmed } = await withResting();
    venue.says(told(order.cloid, 7, CANCELED));
    clock.advanceBy(10_000);
    venue.says(told(order.cloid, 7, FILLED), told(order.cloid, 7, CANCELED));
    expect(alarmed()).toEqual([]);
    // Once each, however often the lists repeat it.
    for (let push = 0; push < 3; push += 1) venue.says(told(order.cloid, 9, OPEN));
    venue.says(told(order.cloid, 10, CANCELED));
    expect(alarmed()).toEqual(["revived", "contradicted"]);
  });

  it("pushed lists do not push out what a stranger's fills said, should it prove ours", async () => {
    const { engine, venue, core } = await rig();
    const order = engine.place(SPEC);
    const written = venue.written[0];
    venue.says(traded(7, 1, { size: "0.0004" }));
    const row = report(undefined, 7, OPEN);
    for (let push = 0; push < 200; push += 1) {
      venue.says({ type: "openOrders", dex: "", orders: [row] });
    }
    expect(core.sizes()["strangers"]).toBe(1);
    venue.replies(admitted(resting(7)), written);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(core.sizes()["strangers"]).toBe(0);
  });
});
