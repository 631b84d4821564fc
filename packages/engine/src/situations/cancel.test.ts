import { describe, expect, it } from "vitest";
import {
  admitted,
  CANCELED,
  elementError,
  FILLED,
  OPEN,
  report,
  resting,
  rig,
  settled,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";

async function withResting() {
  const all = await rig();
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

const GONE = elementError("alreadyGone", "Order was never placed, already canceled, or filled.");

describe("cancels", () => {
  it("situation 51: a cancel that is accepted ends it once", async () => {
    const { venue, order, ticks } = await withResting();
    const done = order.cancel();
    const targets = [{ coin: "BTC", oid: 7 }];
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets });
    venue.replies(admitted(SUCCESS));
    venue.says(told(order.cloid, 7, CANCELED));
    expect(await done).toEqual({ kind: "settled", state: "canceled", filled: "0" });
    const ends = ticks.flatMap(({ changes }) => changes).filter(({ to }) => to === "canceled");
    expect(ends.filter(({ from }) => from !== "canceled")).toHaveLength(1);
    expect(venue.written).toHaveLength(2);
  });

  it("situation 52: acknowledged, and the word never comes: ended by the answer, the quantity by a read", async () => {
    const { venue, clock, order } = await withResting();
    void order.cancel();
    venue.replies(admitted(SUCCESS));
    expect(order.view()).toMatchObject({ state: "canceled", ledger: "open", requests: [] });
    clock.advanceBy(2_000);
    expect(await order.closed).toMatchObject({
      state: "canceled",
      filled: "0",
      ledger: "complete",
    });
  });

  it("situation 53: the word canceled before the answer: ended; the answer changes nothing", async () => {
    const { engine, venue, order, alarms } = await withResting();
    const done = order.cancel();
    venue.says(told(order.cloid, 7, CANCELED));
    expect(await done).toEqual({ kind: "settled", state: "canceled", filled: "0" });
    venue.replies(admitted(SUCCESS));
    expect(order.view()).toMatchObject({ state: "canceled", requests: [] });
    expect(engine.status).toMatchObject({ inFlight: 0 });
    expect(alarms).toEqual([]);
  });

  it.each([
    ["54", GONE, FILLED, "filled", [traded(7, 1)]],
    ["55", GONE, CANCELED, "canceled", []],
  ] as const)(
    "situation %s: a refusal with three meanings decides nothing; the order is asked about",
    async (_number, refusal, word, state, fills) => {
      const { venue, order } = await withResting();
      const done = order.cancel();
      venue.answers = () => undefined;
      venue.replies(admitted(refusal));
      expect(order.view()).toMatchObject({ state: "resting", requests: [{ state: "looking" }] });
      const keys = venue.asked.map(({ query }) => query);
      expect(keys).toContainEqual({ kind: "orderStatus", key: 7 });
      const [asked] = venue.asked;
      const found = report(order.cloid, 7, word, { left: "0" });
      venue.says({
        type: "read.answered",
        read: asked?.read ?? 0,
        report: { kind: "orderStatus", found },
      });
      // What was filled is told when it is known.
      venue.says(...fills);
      expect(await done).toMatchObject({ kind: "settled", state });
    },
  );

  it("situation 56: a fill while a cancel is pending is booked, and the cancel stays pending with its timer", async () => {
    const { venue, clock, order } = await withResting();
    const done = order.cancel();
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(order.view()).toMatchObject({
      state: "partiallyFilled",
      filled: "0.0004",
      requests: [{ kind: "cancel", state: "inFlight" }],
    });
    clock.advanceBy(5_000);
    expect(order.view().requests).toMatchObject([{ kind: "cancel", state: "looking" }]);
    clock.advanceBy(1_000);
    expect(venue.written.filter(({ action }) => action.kind === "cancel")).toHaveLength(2);
    venue.replies(admitted(SUCCESS));
    expect(await done).toEqual({ kind: "settled", state: "canceled", filled: "0.0004" });
  });

  it("situation 57: partly filled, then canceled: the quantity is kept", async () => {
    const { venue, order } = await withResting();
    venue.says(traded(7, 1, { size: "0.0004" }));
    void order.cancel();
    venue.replies(admitted(SUCCESS));
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.0004", leaves: "0" });
    expect(await order.closed).toMatchObject({ state: "canceled", ledger: "complete" });
  });

  it("situation 58: canceled before the place is answered: by cloid, by the same mouth, again until both have ended", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    const done = order.cancel();
    expect(venue.written.at(-1)).toMatchObject({
      mouth: "socket",
      action: { kind: "cancelByCloid", targets: [{ coin: "BTC", cloid: order.cloid }] },
    });
    venue.replies(admitted(GONE));
    venue.replies(admitted(resting(7)), venue.written[0]);
    expect(order.view()).toMatchObject({ state: "resting", requests: [{ kind: "cancel" }] });
    clock.advanceBy(1_000);
    const targets = [{ coin: "BTC", oid: 7 }];
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets });
    venue.replies(admitted(SUCCESS));
    expect(await done).toMatchObject({ kind: "settled", state: "canceled" });
  });

  it("situation 58: a place that went by REST is canceled by REST, so that the cancel does not overtake it", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    const copy = venue.written[0]?.copy ?? 0;
    venue.says({ type: "copy.failed", copy, mouth: "socket", written: "never", reason: "" });
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest", action: { kind: "place" } });
    void order.cancel();
    expect(venue.written.at(-1)).toMatchObject({
      mouth: "rest",
      action: { kind: "cancelByCloid" },
    });
  });

  it("situation 59: cancel and answer cross: the late answer does not clear the cancel", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    const done = order.cancel();
    venue.says(told(order.cloid, 7, OPEN));
    venue.says(told(order.cloid, 7, CANCELED));
    venue.replies(admitted(SUCCESS));
    venue.replies(admitted(resting(7)), venue.written[0]);
    expect(await done).toMatchObject({ kind: "settled", state: "canceled" });
    expect(order.view()).toMatchObject({ state: "canceled", requests: [] });
  });

  it("situation 60: canceled twice at once: one request, both callers answered", async () => {
    const { engine, venue, order } = await withResting();
    const first = order.cancel();
    const second = engine.cancel(order.cloid.toUpperCase().replace("0X", "0x"));
    expect(venue.written).toHaveLength(2);
    venue.replies(admitted(SUCCESS));
    const settledAs = { kind: "settled", state: "canceled", filled: "0" };
    expect(await Promise.all([first, second])).toEqual([settledAs, settledAs]);
    expect(await order.cancel()).toEqual(settledAs);
    expect(venue.written).toHaveLength(2);
  });

  it("situation 61: a cancel without an answer leaves the order live and in the exposure, and goes on", async () => {
    const { engine, venue, clock, order, alarmed } = await withResting();
    const done = order.cancel();
    venue.answers = () => "fail";
    clock.advanceBy(120_000);
    expect(order.view().state).toBe("resting");
    expect(engine.exposure).toMatchObject([{ max: "0.001" }]);
    // Its caller is told so, openly; the repeating goes on.
    expect(await settled(done)).toMatchObject({
      kind: "unresolved",
      doubt: expect.stringContaining("10th"),
    });
    expect(order.view().requests).toMatchObject([{ kind: "cancel" }]);
    const cancels = venue.written.filter(({ action }) => action.kind === "cancel");
    expect(cancels.length).toBeGreaterThanOrEqual(10);
    expect(new Set(cancels.map(({ signed }) => signed.nonce)).size).toBe(cancels.length);
    expect(alarmed()).toContain("cancelStuck");
    venue.replies(admitted(SUCCESS));
    expect(await order.cancel()).toMatchObject({ kind: "settled" });
  });

  it("situation 62: the cancel is refused, then the order fills", async () => {
    const { venue, order } = await withResting();
    const done = order.cancel();
    venue.answers = () => undefined;
    venue.replies(admitted(GONE));
    venue.says(traded(7, 1));
    expect(await done).toEqual({ kind: "settled", state: "filled", filled: "0.001" });
  });

  it("situation 63: cancel of a doubtful place: by cloid, beside the noop, whichever proves first", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    const noop = venue.written.at(-1);
    const done = order.cancel();
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancelByCloid" });
    venue.replies(admitted(GONE));
    expect(order.view()).toMatchObject({ state: "pending" });
    venue.replies({ admission: "admittedBare" }, noop);
    expect(await done).toMatchObject({ kind: "settled", state: "rejected" });
    expect(engine.status).toMatchObject({ inFlight: 0, doubtful: 0 });
  });

  it("situation 64: cancelAll includes places in flight, and holds new ones back until it is done", async () => {
    const { engine, venue, clock, order } = await withResting();
    const inFlight = engine.place({ ...SPEC, coin: "ETH", price: "3000", size: "0.01" });
    const place = venue.written.at(-1);
    const all = engine.cancelAll();
    expect(engine.place(SPEC).view()).toMatchObject({ state: "rejected", cause: "barrier" });
    const oids = venue.written.find(({ action }) => action.kind === "cancel");
    const cloids = venue.written.find(({ action }) => action.kind === "cancelByCloid");
    venue.replies(admitted(SUCCESS), oids);
    venue.replies(admitted(GONE), cloids);
    expect(await settled(all)).toBe("open");
    venue.replies(admitted(resting(8)), place);
    clock.advanceBy(1_000);
    venue.replies(admitted(SUCCESS));
    const canceled = [order.cloid, inFlight.cloid];
    expect(await all).toEqual({ canceled, unresolved: [], verified: true });
    expect(engine.place(SPEC).view().state).toBe("pending");
  });

  it("situation 65: cancelAll leaves orders that are not ours, and other coins when one is named", async () => {
    const { engine, venue, order } = await withResting();
    venue.says(told(undefined, 99, OPEN));
    const eth = engine.place({ ...SPEC, coin: "ETH", price: "3000", size: "0.01" });
    venue.replies(admitted(resting(8)));
    const all = engine.cancelAll({ coin: "BTC" });
    const targets = [{ coin: "BTC", oid: 7 }];
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets });
    venue.replies(admitted(SUCCESS));
    expect(await all).toMatchObject({ canceled: [order.cloid], unresolved: [] });
    expect(eth.view().state).toBe("resting");
  });

  it("situation 66: cancelAll with a batch that fails in part says which orders are not proved ended", async () => {
    const { engine, venue, clock, order } = await withResting();
    const other = engine.place(SPEC);
    venue.replies(admitted(resting(8)));
    const all = engine.cancelAll({ withinMs: 3_000 });
    venue.replies(admitted(SUCCESS, GONE));
    venue.answers = () => "fail";
    clock.advanceBy(3_000);
    expect(await all).toMatchObject({ canceled: [order.cloid], unresolved: [other.cloid] });
  });

  it("situation 64: what waits for a slot is withdrawn by cancelAll and counts as canceled", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    const first = engine.place(SPEC);
    const queued = engine.place(SPEC);
    const all = engine.cancelAll();
    expect(queued.view()).toMatchObject({ state: "canceled", cause: "barrier" });
    venue.says(told(first.cloid, 7, CANCELED));
    expect((await all).canceled).toEqual([first.cloid, queued.cloid]);
  });

  it("situation 68: a refused cancel after the order lives on is recorded, and changes nothing", async () => {
    const { venue, order, alarms } = await withResting();
    void order.cancel();
    venue.answers = (query) =>
      query.kind === "orderStatus"
        ? { kind: "orderStatus", found: report(order.cloid, 7, OPEN) }
        : undefined;
    venue.replies(admitted(GONE));
    expect(order.view().state).toBe("resting");
    expect(alarms).toEqual([]);
  });

  it("a cancel names several orders in one request, in as many as the venue allows", async () => {
    const { engine, venue } = await rig({ limits: { batchMax: 2 } });
    const orders = [engine.placeMany([SPEC, SPEC]), engine.placeMany([SPEC])].flat();
    venue.replies(admitted(resting(7), resting(8)), venue.written[0]);
    venue.replies(admitted(resting(9)), venue.written[1]);
    const done = engine.cancelMany([...orders.map(({ cloid }) => cloid), `0x${"ab".repeat(16)}`]);
    const cancels = venue.written.filter(({ action }) => action.kind === "cancel");
    expect(cancels).toHaveLength(2);
    for (const written of cancels) {
      const { action } = written;
      const count = action.kind === "cancel" ? action.targets.length : 0;
      venue.replies(admitted(...Array<typeof SUCCESS>(count).fill(SUCCESS)), written);
    }
    const ended = { kind: "settled", state: "canceled", filled: "0" };
    expect(await done).toEqual([ended, ended, ended, { kind: "unknownOrder" }]);
  });

  it("a cancel whose signature never comes is alarmed and tried again, and leaks nothing", async () => {
    const { venue, clock, order, core, alarmed } = await withResting();
    venue.signs = () => "never";
    const done = order.cancel();
    clock.advanceBy(1_000);
    expect(alarmed()).toEqual(["signFailed"]);
    expect(order.view().requests).toMatchObject([{ state: "looking" }]);
    venue.signs = () => "signed";
    clock.advanceBy(1_000);
    expect(venue.written.at(-1)?.action.kind).toBe("cancel");
    for (const { done: late } of venue.unsigned) late();
    venue.replies(admitted(SUCCESS));
    expect(await done).toMatchObject({ kind: "settled" });
    expect(venue.written).toHaveLength(2);
    expect(core.sizes()).toMatchObject({ signJobs: 0, cancels: 0, copies: 0, slots: 0 });
  });
});
