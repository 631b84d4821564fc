import { type OrderReport, parseCloid, type Query, type Report } from "@cloister/model";
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
import { calm } from "./scripted-venue.fixture.ts";

const FOREIGN = parseCloid(`0x${"ab".repeat(16)}`);

/** Lists these as open; everything else is calm. */
function lists(...orders: readonly OrderReport[]): (query: Query) => Report {
  return (query) => (query.kind === "openOrders" ? { kind: "openOrders", orders } : calm(query));
}

describe("cancelAll", () => {
  it("situation 65: account scope cancels what nobody here placed, by its oid, with or without a cloid", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.answers = lists(report(undefined, 98, OPEN), report(FOREIGN, 99, OPEN));
    const all = engine.cancelAll({ scope: "account" });
    const oids = venue.written.flatMap(({ action }) =>
      action.kind === "cancel" ? action.targets.map(({ oid }) => oid) : [],
    );
    expect(oids.toSorted((a, b) => a - b)).toEqual([7, 98, 99]);
    expect(venue.written.some(({ action }) => action.kind === "cancelByCloid")).toBe(false);
    expect(engine.orders).toHaveLength(3);
    venue.answers = calm;
    venue.says(
      told(order.cloid, 7, CANCELED),
      told(undefined, 98, CANCELED),
      told(FOREIGN, 99, CANCELED),
    );
    const result = await all;
    expect(result).toMatchObject({ unresolved: [], verified: true });
    expect(result.canceled).toHaveLength(3);
    expect(result.canceled).toContain(FOREIGN);
  });

  it("situation 65: the default scope leaves them, also when they were taken in by another sweep", async () => {
    const { engine, venue, clock } = await rig();
    venue.answers = lists(report(FOREIGN, 99, OPEN));
    const account = engine.cancelAll({ scope: "account", withinMs: 100 });
    clock.advanceBy(100);
    expect(await account).toMatchObject({ unresolved: [FOREIGN], verified: false });
    expect(await engine.cancelAll()).toEqual({ canceled: [], unresolved: [], verified: true });
  });

  it("situation 65: an order with our mark that is in nobody's book is ours", async () => {
    const { engine, venue } = await rig();
    const orphan = parseCloid(`0x${engine.mark}${"77".repeat(12)}`);
    venue.answers = lists(report(orphan, 55, OPEN));
    const all = engine.cancelAll();
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets: [{ oid: 55 }] });
    venue.answers = calm;
    venue.replies(admitted(SUCCESS));
    expect(await all).toEqual({ canceled: [orphan], unresolved: [], verified: true });
  });

  it.each(["ours", "account"] as const)(
    "situation 95: a list that lags does not bring back what has left the book, scope %s",
    async (scope) => {
      const { engine, venue, clock, alarmed } = await rig();
      const order = engine.place(SPEC);
      venue.replies(admitted(resting(7)));
      venue.says(traded(7, 1), told(order.cloid, 7, FILLED, { left: "0" }));
      clock.advanceBy(10_000);
      expect(engine.orders).toEqual([]);
      venue.answers = lists(report(order.cloid, 7, OPEN));
      const written = venue.written.length;
      const all = engine.cancelAll({ scope });
      expect(await settled(all)).toBe("open");
      expect([engine.orders, order.view()]).toMatchObject([[], { filled: "0.001" }]);
      expect(venue.written).toHaveLength(written);
      venue.answers = calm;
      clock.advanceBy(1_000);
      expect(await all).toEqual({ canceled: [], unresolved: [], verified: true });
      expect(alarmed()).toEqual([]);
    },
  );

  it("situation 64: it is over only when a list that was begun afterwards shows nothing", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.answers = () => "fail";
    const all = engine.cancelAll();
    venue.replies(admitted(SUCCESS));
    expect(order.view().state).toBe("canceled");
    expect(await settled(all)).toBe("open");
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "barrier" });
    venue.answers = calm;
    clock.advanceBy(1_000);
    expect(await all).toMatchObject({ canceled: [order.cloid], unresolved: [], verified: true });
  });

  it("situation 64: what cannot be verified in time is said to be so", async () => {
    const { engine, venue, clock } = await rig();
    venue.answers = () => undefined;
    const all = engine.cancelAll({ withinMs: 3_000 });
    clock.advanceBy(3_000);
    expect(await all).toEqual({ canceled: [], unresolved: [], verified: false });
  });

  it("situation 65: keepReduceOnly leaves what only reduces, and lets it be placed meanwhile", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const stop = engine.place({ ...SPEC, side: "sell", reduceOnly: true });
    venue.replies(admitted(resting(8)));
    const all = engine.cancelAll({ keepReduceOnly: true });
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets: [{ oid: 7 }] });
    const cancel = venue.written.at(-1);
    expect(engine.place({ ...SPEC, side: "sell", reduceOnly: true }).view().state).toBe("pending");
    expect(engine.place(SPEC).view()).toMatchObject({ state: "rejected", cause: "barrier" });
    venue.replies(admitted(SUCCESS), cancel);
    expect(await all).toMatchObject({ canceled: [order.cloid], unresolved: [] });
    expect(stop.view().state).toBe("resting");
  });

  it("situation 66: of a mixed batch that waits, what is in scope never leaves, the rest does", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    engine.place({ ...SPEC, coin: "ETH", price: "3000", size: "0.01" });
    const [btc, eth] = engine.placeMany([
      SPEC,
      { ...SPEC, coin: "ETH", price: "3000", size: "0.02" },
    ]);
    const all = engine.cancelAll({ coin: "BTC" });
    expect(await all).toMatchObject({ canceled: [btc?.cloid], unresolved: [] });
    venue.replies(admitted(resting(1)), venue.written[0]);
    expect(venue.written.at(-1)?.action).toMatchObject({ orders: [{ cloid: eth?.cloid }] });
  });
});

describe("halt", () => {
  it("situation 64: with cancel: what waits is refused, what is sent is canceled, and nothing is placed until resume", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const inFlight = engine.place(SPEC);
    const waits = engine.place(SPEC);
    const place = venue.written.at(-1);
    engine.halt("enough", { cancel: true });
    expect(waits.view()).toMatchObject({ state: "rejected", cause: "halted" });
    const kinds = venue.written.slice(2).map(({ action }) => action.kind);
    expect(kinds).toContain("cancel");
    expect(kinds).toContain("cancelByCloid");
    venue.says(told(order.cloid, 7, CANCELED), told(inFlight.cloid, 8, CANCELED));
    venue.replies(admitted(resting(8)), place);
    expect(order.view().state).toBe("canceled");
    expect(inFlight.view().state).toBe("canceled");
    expect(engine.status.brake).toBe("halted");
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "halted" });
    const wrong: { cancel: boolean } = JSON.parse('{"cancel":"yes"}');
    expect(() => engine.halt("x", wrong)).toThrow("true or false");
  });
});

describe("close", () => {
  it('situation 121: "wait" cancels nothing, and ends when nothing is doubtful any more', async () => {
    const { engine, venue, clock } = await rig();
    const resting7 = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    engine.place(SPEC);
    const place = venue.written.at(-1);
    clock.advanceBy(5_000);
    const closing = engine.close({ orders: "wait" });
    expect(await settled(closing)).toBe("open");
    venue.replies(admitted(resting(8)), place);
    expect(await closing).toEqual({ canceled: [], unresolved: [], doubtful: [], verified: false });
    expect(resting7.view().state).toBe("resting");
    expect(venue.written.some(({ action }) => action.kind === "cancel")).toBe(false);
  });

  it('situation 121: "wait" gives up in time and lists what is unresolved, "leave" at once', async () => {
    for (const orders of ["wait", "leave"] as const) {
      const { engine, venue, clock } = await rig();
      const doubtful = engine.place(SPEC);
      venue.answers = () => "fail";
      clock.advanceBy(5_000);
      const closing = engine.close({ orders, withinMs: 2_000 });
      if (orders === "wait") {
        clock.advanceBy(1_900);
        expect(await settled(closing)).toBe("open");
        clock.advanceBy(100);
      }
      const result = await closing;
      expect(result).toMatchObject({ canceled: [], unresolved: [doubtful.cloid] });
      expect(result.doubtful).toHaveLength(1);
    }
  });
});

describe("an order that lives again", () => {
  const GONE = elementError("alreadyGone", "Order was never placed, already canceled, or filled.");

  async function reaped(onRevived: "cancel" | "keep" = "cancel") {
    const all = await rig({ onRevived });
    const order = all.engine.place(SPEC);
    all.venue.replies(admitted(resting(7)));
    all.venue.says(told(order.cloid, 7, CANCELED));
    all.clock.advanceBy(10_000);
    expect(all.engine.orders).toEqual([]);
    return { ...all, order };
  }

  it("situation 123: a leg that nobody knew of, after the reaping: alarmed, in exposure, and canceled", async () => {
    const { engine, venue, order, alarms } = await reaped();
    venue.says(told(order.cloid, 8, OPEN));
    expect(alarms).toMatchObject([{ name: "revived", cloid: order.cloid }]);
    expect(engine.exposure).toMatchObject([{ coin: "BTC", max: "0.001" }]);
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets: [{ oid: 8 }] });
    venue.replies(admitted(SUCCESS));
    venue.says(told(order.cloid, 8, CANCELED));
    expect(engine.exposure).toEqual([]);
    expect(alarms).toHaveLength(1);
  });

  it('situation 123: onRevived "keep" tracks it and sends nothing', async () => {
    const { engine, venue, order } = await reaped("keep");
    const before = venue.written.length;
    venue.says(told(order.cloid, 8, OPEN));
    expect(venue.written).toHaveLength(before);
    expect(engine.exposure).toMatchObject([{ coin: "BTC", max: "0.001" }]);
    expect(engine.orders).toMatchObject([{ state: "resting", oid: 8 }]);
    const all = engine.cancelAll();
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets: [{ oid: 8 }] });
    venue.replies(admitted(SUCCESS));
    expect((await all).canceled).toHaveLength(1);
  });

  it("situation 9: read as dead, and it lives: alarmed and canceled by default, once", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    venue.replies({ admission: "admittedBare" }, venue.written.at(-1));
    expect(order.view().state).toBe("rejected");
    const before = venue.written.length;
    venue.says(told(order.cloid, 7, OPEN));
    expect(alarmed()).toContain("revived");
    expect(order.view()).toMatchObject({ state: "resting", requests: [{ kind: "cancel" }] });
    venue.replies(admitted(GONE));
    venue.says(told(order.cloid, 7, OPEN));
    expect(venue.written.slice(before)).toMatchObject([{ action: { targets: [{ oid: 7 }] } }]);
    venue.says(told(order.cloid, 7, CANCELED));
    expect(order.view()).toMatchObject({ state: "canceled", requests: [] });
  });
});
