import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  elementError,
  FILLED,
  filledNow,
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

async function withModify() {
  const all = await rig();
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  const states: string[] = [];
  order.changes$.subscribe(({ to }) => states.push(to));
  const done = order.modify({ price: "63990" });
  return { ...all, order, done, states };
}

describe("modifies", () => {
  it("situation 70: the new leg, then the end of the old one: one updated order", async () => {
    const { venue, order, done, states } = await withModify();
    expect(venue.written.at(-1)?.action).toMatchObject({
      kind: "modify",
      target: 7,
      order: { terms: { tif: "Alo" } },
    });
    venue.says(told(order.cloid, 8, OPEN), told(order.cloid, 7, CANCELED));
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    expect(order.view()).toMatchObject({ state: "resting", oid: 8, oids: [7, 8] });
    expect(new Set(states)).toEqual(new Set(["resting"]));
  });

  it("situation 71: the end of the old leg, then the new one: never ended in between", async () => {
    const { engine, venue, order, done, states } = await withModify();
    venue.says(told(order.cloid, 7, CANCELED));
    expect(order.view().state).toBe("resting");
    expect(engine.exposure).toMatchObject([{ max: "0.001" }]);
    venue.says(told(order.cloid, 8, OPEN));
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    expect(order.view()).toMatchObject({ state: "resting", oid: 8 });
    expect(new Set(states)).toEqual(new Set(["resting"]));
  });

  it("situation 72: a fill on the new oid before its word binds and books", async () => {
    const { venue, order } = await withModify();
    venue.says(traded(8, 1, { size: "0.0004", cloid: order.cloid }));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004", oid: 8 });
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 8, OPEN), told(order.cloid, 7, CANCELED));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", oid: 8, leaves: "0.0006" });
  });

  it("situation 73: a fill on the old oid after the replacement is booked; the binding does not move back", async () => {
    const { venue, order } = await withModify();
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 8, OPEN));
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(order.view()).toMatchObject({ oid: 8, filled: "0.0004", state: "partiallyFilled" });
  });

  it("situation 74: a refused modify leaves the order as the venue says it is", async () => {
    const { venue, clock, order, done } = await withModify();
    venue.answers = (query) => {
      if (query.kind !== "orderStatus") return { kind: "openOrders", orders: [] };
      const found = report(order.cloid, 7, OPEN);
      return { kind: "orderStatus", found };
    };
    venue.replies(admitted(elementError("postOnly", "would match")));
    clock.advanceBy(5_000);
    const answer = { kind: "refused", by: "venue", reason: "postOnly", text: "would match" };
    expect(await done).toEqual(answer);
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, leaves: "0.001", requests: [] });
  });

  it("situation 75: a modify without an answer: both legs are unknown, nothing is guessed", async () => {
    const { engine, venue, clock, order, done } = await withModify();
    venue.answers = () => "fail";
    clock.advanceBy(60_000);
    expect(order.view()).toMatchObject({ state: "resting", requests: [{ kind: "modify" }] });
    expect(await settled(done)).toBe("open");
    expect(engine.exposure).toMatchObject([{ max: "0.002" }]);
    venue.says(told(order.cloid, 8, OPEN), told(order.cloid, 7, CANCELED));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
  });

  it("situation 76: leaves of nothing, a trigger, an Ioc: refused here", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const broken = expect.objectContaining({ code: "invalidSpec" });
    for (const spec of [{}, { leaves: "0" }, { leaves: "-1" }, { price: "64000.5" }]) {
      expect(() => order.modify(spec)).toThrow(broken);
    }
    const refused = { kind: "refused", by: "local", reason: "notModifiable" };
    const ioc = engine.place({ ...SPEC, tif: "Ioc" });
    expect(await ioc.modify({ leaves: "0.002" })).toEqual(refused);
    const trigger = { price: "63000", kind: "sl", market: true } as const;
    const stop = engine.place({ ...SPEC, side: "sell", reduceOnly: true, trigger });
    venue.replies(admitted({ kind: "waiting", waitsFor: "trigger" }));
    expect(await stop.modify({ price: "62000" })).toEqual(refused);
    const small = await order.modify({ leaves: "0.0001" });
    expect(small).toEqual({ kind: "refused", by: "local", reason: "minNotional" });
    expect(venue.written.filter(({ action }) => action.kind === "modify")).toEqual([]);
  });

  it("situation 77: a part fill while a modify is in flight: both legs count until the old one is proved ended", async () => {
    const { engine, venue, order } = await withModify();
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(engine.exposure).toMatchObject([{ position: "0.0004", max: "0.002" }]);
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    expect(engine.exposure).toMatchObject([{ position: "0.0004", max: "0.0014" }]);
    expect(order.view()).toMatchObject({ oid: 8, leaves: "0.001", filled: "0.0004" });
  });

  it("situation 78: modifies one after another: the last wins, every leg is attributed", async () => {
    const { venue, order, done } = await withModify();
    const second = order.modify({ price: "63980" });
    const third = order.modify({ price: "63970" });
    expect(await second).toEqual({ kind: "refused", by: "local", reason: "replacedModify" });
    venue.replies(admitted(resting(8)));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "modify", target: 8 });
    venue.replies(admitted(resting(9)));
    expect(await third).toEqual({ kind: "accepted", oid: 9 });
    venue.says(traded(7, 1, { size: "0.0001" }), traded(9, 2, { size: "0.0002" }));
    expect(order.view()).toMatchObject({ oid: 9, oids: [7, 8, 9], filled: "0.0003" });
  });

  it("situation 79: canceled before the modify is answered: the new leg is learned and canceled", async () => {
    const { venue, clock, order, done } = await withModify();
    const canceled = order.cancel();
    const kinds = venue.written.slice(2).map(({ action }) => action.kind);
    expect(kinds).toEqual(["cancel", "cancelByCloid"]);
    const modify = venue.written[1];
    for (const written of venue.written.slice(2)) {
      venue.replies(admitted(elementError("alreadyGone", "never placed, …")), written);
    }
    venue.replies(admitted(resting(8)), modify);
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    clock.advanceBy(1_000);
    const targets = [{ coin: "BTC", oid: 8 }];
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "cancel", targets });
    venue.replies(admitted(SUCCESS));
    expect(await canceled).toMatchObject({ kind: "settled", state: "canceled" });
  });

  it("situation 80: a modify after a cancel is refused here", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    const refused = { kind: "refused", by: "local", reason: "cancelPending" };
    expect(await order.modify({ price: "63990" })).toEqual(refused);
    venue.replies(admitted(SUCCESS));
    const ended = { kind: "refused", by: "local", reason: "orderEnded" };
    expect(await order.modify({ price: "63990" })).toEqual(ended);
  });

  it("situation 81: the old leg ended and the new one was rejected: the order is lost, with the reason", async () => {
    const { venue, clock, order, done } = await withModify();
    venue.answers = (query) => {
      if (query.kind !== "orderStatus") return { kind: "openOrders", orders: [] };
      const found = report(order.cloid, 7, CANCELED, { at: AT + 5 });
      return { kind: "orderStatus", found };
    };
    const rejected = { kind: "rejected", cause: "postOnly" } as const;
    venue.says(
      told(order.cloid, 7, CANCELED, { at: AT + 5 }),
      told(order.cloid, 8, rejected, { at: AT + 5 }),
    );
    venue.replies(admitted(elementError("postOnly", "would match")));
    clock.advanceBy(5_000);
    expect(await done).toMatchObject({ kind: "refused", by: "venue", reason: "postOnly" });
    expect(await order.closed).toMatchObject({ state: "canceled", cause: "postOnly" });
  });

  it("situation 83: an older read of the old leg does not bring it back", async () => {
    const { venue, order } = await withModify();
    venue.replies(admitted(resting(8)));
    venue.says(told(order.cloid, 8, OPEN), told(order.cloid, 7, CANCELED));
    const orders = [report(order.cloid, 7, OPEN)];
    venue.says({ type: "openOrders", dex: "", orders });
    expect(order.view()).toMatchObject({ oid: 8, state: "resting" });
  });

  it("situation 84: an old leg that stays open beside the new one counts, and is asked about until it is decided", async () => {
    const { engine, venue, clock, order } = await withModify();
    venue.answers = () => "fail";
    venue.says(told(order.cloid, 8, OPEN));
    expect(engine.exposure).toMatchObject([{ max: "0.002" }]);
    clock.advanceBy(2_000);
    venue.answers = (query) => {
      if (query.kind !== "orderStatus") return undefined;
      const word = query.key === 7 ? CANCELED : OPEN;
      return { kind: "orderStatus", found: report(order.cloid, Number(query.key), word) };
    };
    clock.advanceBy(10_000);
    expect(order.view()).toMatchObject({ oid: 8, state: "resting" });
  });

  it("a modify of an order that is not answered waits, and expires after queueMs", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    const soon = order.modify({ price: "63990" });
    venue.replies(admitted(resting(7)));
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "modify", target: 7 });
    venue.replies(admitted(resting(8)));
    expect(await soon).toEqual({ kind: "accepted", oid: 8 });
    const other = engine.place(SPEC);
    const late = other.modify({ price: "63990" });
    clock.advanceBy(1_000);
    expect(await late).toEqual({ kind: "refused", by: "local", reason: "expiredInQueue" });
    venue.replies(admitted(resting(9)), venue.written.at(-1));
    expect(other.view()).toMatchObject({ state: "resting", requests: [] });
  });

  it("a modify that waits is dropped by a cancel, by a lost connection, by a halt and by the order's end", async () => {
    const reasons: string[] = [];
    const ends = [
      ["withdrawn", "cancel"],
      ["connectionLost", "lost"],
      ["halted", "halt"],
      ["orderEnded", "end"],
    ] as const;
    for (const [, how] of ends) {
      const { engine, venue, core } = await rig();
      const order = engine.place(SPEC);
      const waiting = order.modify({ price: "63990" });
      if (how === "cancel") void order.cancel();
      if (how === "lost") venue.says({ type: "connection.lost", epoch: 1, reason: "" });
      if (how === "halt") engine.halt("test");
      if (how === "end") venue.replies(admitted(elementError("margin", "none")));
      const result = await waiting;
      reasons.push(result.kind === "refused" ? result.reason : result.kind);
      expect(core.sizes()).toMatchObject({ modifies: 0, waiting: 0 });
    }
    expect(reasons).toEqual(ends.map(([reason]) => reason));
  });

  it("a halt lets a modify pass that only makes smaller", async () => {
    const { engine, venue } = await rig();
    const order = engine.place({ ...SPEC, size: "0.002" });
    venue.replies(admitted(resting(7)));
    engine.halt("test");
    const bigger = await order.modify({ leaves: "0.003" });
    expect(bigger).toEqual({ kind: "refused", by: "local", reason: "halted" });
    const smaller = order.modify({ leaves: "0.001" });
    expect(venue.written.at(-1)?.action.kind).toBe("modify");
    venue.replies(admitted(resting(8)));
    expect(await smaller).toEqual({ kind: "accepted", oid: 8 });
  });

  it("a modify that is answered filled ends the order filled", async () => {
    const { venue, order, done } = await withModify();
    venue.replies(admitted(filledNow(8, "0.001")));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    venue.says(traded(8, 1), told(order.cloid, 8, FILLED, { left: "0" }));
    venue.says(told(order.cloid, 7, CANCELED));
    expect(await order.closed).toMatchObject({ state: "filled", filled: "0.001" });
  });
});
