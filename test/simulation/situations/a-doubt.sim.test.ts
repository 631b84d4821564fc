import type { OrderHandle } from "@cloister/engine";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import {
  alarmed,
  BID,
  hasSettled,
  hit,
  legsOf,
  pathOf,
  requestsOf,
  type Story,
  story,
  timesSaid,
  until,
} from "./story.fixture.ts";

const OURS = { account: ACCOUNT };
const STREAMS = ["orderUpdates", "openOrders", "userFills"];

/** The answer to one place is lost, and until then no stream says a word. */
function unheard(untilMs: number): readonly object[] {
  return [
    { what: "loseAnswer", to: { type: "order", ...OURS }, times: 1 },
    ...STREAMS.map((channel) => ({
      ...{ what: "loseFrame", to: { channel, ...OURS }, when: { untilMs } },
    })),
  ];
}

/** Only the doubt itself may ask: the looks in between come seldom. */
const SELDOM = { limits: { reconcileOrdersMs: 3_600_000, reconcileAccountMs: 3_600_000 } };

/** No sign of an order is at the venue, and the only place of it was answered or lost. */
function expectNothing(all: Story, order: OrderHandle): void {
  expect(legsOf(all, order)).toEqual([]);
  expect(all.engine.exposure).toEqual([]);
}

describe("a place whose answer does not come", () => {
  it("situation 7: it landed: doubtful, never rejected, counted meanwhile, and found by its cloid", async () => {
    const all = await story({ faults: unheard(30_000), engine: SELDOM });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(5_010);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    expect(engine.status.doubtful).toBe(1);
    expect(engine.exposure).toMatchObject([{ coin: "BTC", min: "0", max: "0.002" }]);
    expect(await hasSettled(order.acknowledged)).toBe(false);
    const [leg] = legsOf(all, order);
    expect(await settle(clock, order.acknowledged)).toMatchObject({
      kind: "accepted",
      oid: leg?.oid,
    });
    expect(order.view()).toMatchObject({ state: "resting", oid: leg?.oid });
    expect(all.doubts).toMatchObject([{ kind: "place", cloids: [order.cloid], by: "orderStatus" }]);
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 7: it landed and filled meanwhile: adopted with its fills", async () => {
    const all = await story({ faults: unheard(11_000), engine: SELDOM });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(1_000);
    await hit(all, "0.002");
    clock.advanceTo(8_005);
    expect(engine.status.doubtful).toBe(1);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "filled", filled: "0.002", ledger: "complete" },
    });
    clock.advanceBy(20_000);
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    all.expectBooksAgree();
  });

  it("situation 8: it never landed, and a noop on its nonce proves it", async () => {
    const all = await story({
      faults: [{ what: "loseAction", to: { type: "order", ...OURS }, times: 1 }],
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(5_010);
    expect(order.view().state).toBe("pending");
    expect(await settle(clock, order.acknowledged)).toEqual({
      ...{ kind: "refused", by: "local", reason: "neverLanded" },
    });
    expect(all.doubts).toMatchObject([{ by: "noop" }]);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "rejected", filled: "0", ledger: "complete", unresolved: [] },
    });
    expectNothing(all, order);
    expect(requestsOf(all)).toEqual(["order", "noop"]);
    all.expectBooksAgree();
  });

  it("situation 8: without the noop, when it has expired and complete reads begun afterwards miss it", async () => {
    const all = await story({
      faults: [
        { what: "loseAction", to: { type: "order", ...OURS }, times: 1 },
        { what: "loseAction", to: { type: "noop", ...OURS } },
      ],
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    // It expires after 10 s of venue time, and two more make sure.
    clock.advanceBy(11_900);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    expect(timesSaid(all, "/info", order.cloid, "unknownOid")).toBeGreaterThan(1);
    until(all, () => order.view().requests[0]?.state === "looking");
    expect(order.view().state).toBe("pending");
    expect(await settle(clock, order.acknowledged)).toMatchObject({ reason: "neverLanded" });
    expect(all.doubts).toMatchObject([{ by: "absence" }]);
    // Never later than 15 s after it expired.
    expect(all.doubts[0]?.tookMs).toBeLessThan(20_000);
    expectNothing(all, order);
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 9: orderStatus does not know it for a while after the door closed: adopted once, sent once", async () => {
    const all = await story({
      faults: [...unheard(60_000), { what: "unknownOid", ms: 7_000, to: OURS }],
      engine: SELDOM,
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    until(all, () => timesSaid(all, "/exchange", "noop", "duplicate nonce") > 0);
    until(all, () => timesSaid(all, "/info", order.cloid, "unknownOid") > 0);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "looking" }] });
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(order.view().state).toBe("resting");
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    expect(legsOf(all, order)).toHaveLength(1);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 9: held on its way it lands long after it was doubtful, and is adopted", async () => {
    const all = await story({
      faults: [
        { what: "holdAction", ms: 8_000, to: { type: "order", ...OURS }, times: 1 },
        { what: "loseAction", to: { type: "noop", ...OURS } },
      ],
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(7_900);
    expect(order.view().state).toBe("pending");
    expect(timesSaid(all, "/info", order.cloid, "unknownOid")).toBeGreaterThan(0);
    expect(legsOf(all, order)).toEqual([]);
    clock.advanceBy(300);
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
    expect(legsOf(all, order)).toHaveLength(1);
    clock.advanceBy(10_000);
    expect(engine.counters).toMatchObject({ doubts: 1, doubtsEnded: 1 });
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 10: every query fails too: doubtful for as long as it takes, counted, one alarm, then adopted", async () => {
    const untilMs = 300_000;
    const all = await story({
      faults: [
        ...unheard(untilMs),
        { what: "loseAction", to: { type: "noop" }, when: { untilMs } },
        {
          what: "httpStatus",
          status: 500,
          body: "html",
          to: { path: "/info" },
          when: { afterMs: 3_000, untilMs },
        },
      ],
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    for (let at = 10_000; at < untilMs; at += 10_000) {
      clock.advanceTo(at);
      expect(order.view().state).toBe("pending");
      expect(engine.status.doubtful).toBe(1);
      expect(engine.exposure).toMatchObject([{ coin: "BTC", max: "0.002" }]);
    }
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "unresolved" });
    expect(alarmed(all).filter((name) => name === "doubtExhausted")).toHaveLength(1);
    expect(legsOf(all, order)).toHaveLength(1);
    clock.advanceTo(untilMs);
    until(all, () => order.view().state === "resting");
    expect(engine.status.doubtful).toBe(0);
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    until(all, () => engine.status.barrier === "open");
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });
});

describe("once more, and never twice", () => {
  /** The place is executed, and the connection ends instead of its answer. */
  const CUT = {
    what: "disconnect",
    to: { channel: "post", contains: '"order"', ...OURS },
    times: 1,
  };

  it("situation 11, 12: landed, cut off, sent again by REST: a duplicate nonce closes the door and is no verdict", async () => {
    const all = await story({ faults: [CUT, ...unheard(6_000).slice(1)] });
    const { engine, clock } = all;
    const order = engine.place({ ...BID, onDoubt: "land" });
    until(all, () => timesSaid(all, "/exchange", order.cloid, "duplicate nonce") > 0);
    expect(order.view().state).toBe("pending");
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceBy(10_000);
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
    expect(legsOf(all, order)).toHaveLength(1);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 11: by default it is withdrawn, and a new order goes after the proof alone", async () => {
    const lost = { what: "loseAction", to: { type: "order", ...OURS }, times: 1 };
    const all = await story({ faults: [lost] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    const answer = await settle(clock, order.acknowledged);
    expect(answer).toMatchObject({ kind: "refused", reason: "neverLanded" });
    const again = engine.place(BID);
    expect(await settle(clock, again.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(requestsOf(all)).toEqual(["order", "noop", "order"]);
    clock.advanceBy(5_000);
    expect(legsOf(all, order)).toEqual([]);
    expect(legsOf(all, again)).toHaveLength(1);
    all.expectBooksAgree();
  });

  it("situation 12: a duplicate nonce answered to the noop closes the door; the order lives", async () => {
    const all = await story({ faults: unheard(30_000), engine: SELDOM });
    const { engine, clock } = all;
    const order = engine.place(BID);
    until(all, () => timesSaid(all, "/exchange", "noop", "duplicate nonce") > 0);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(pathOf(all, order).join(" ")).not.toMatch(/rejected|canceled/);
    expect(alarmed(all)).toEqual([]);
    clock.advanceTo(31_000);
    await hit(all, "0.002");
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    all.expectBooksAgree();
  });

  it("situation 12: a cloid is used once here, whether the venue would take it again or not", async () => {
    const all = await story({ exchange: { rules: { reusedCloid: "reject" } } });
    const { engine, clock } = all;
    const cloid = `0x${engine.mark}${"5".repeat(24)}`;
    const order = engine.place({ ...BID, cloid });
    await settle(clock, order.acknowledged);
    await settle(clock, order.cancel());
    clock.advanceBy(5_000);
    expect(engine.orders).toEqual([]);
    expect(() => engine.place({ ...BID, cloid })).toThrow("belongs to another order");
    expect(requestsOf(all)).toEqual(["order", "cancel"]);
    all.expectBooksAgree();
  });

  it("situation 13: a cloid that lives is refused before anything is sent; its order is untouched", async () => {
    const all = await story();
    const { engine, clock } = all;
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    const refused = expect.objectContaining({ code: "duplicateCloid", outcome: "never-sent" });
    const cloid = order.cloid.toUpperCase().replace("0X", "0x");
    expect(() => engine.place({ ...BID, price: "49000", cloid })).toThrow(refused);
    expect(() => engine.placeMany([BID, { ...BID, cloid }])).toThrow(refused);
    clock.advanceBy(5_000);
    expect(requestsOf(all)).toEqual(["order"]);
    expect(order.view()).toMatchObject({ state: "resting", price: "50000", requests: [] });
    expect(engine.orders).toHaveLength(1);
    all.expectBooksAgree();
  });

  it("situation 14: a nonce that somebody else spent is no verdict: looked for, places held, a new one after proof", async () => {
    const refusal = "Invalid nonce: duplicate nonce 1700000000000";
    const scripted = { what: "scriptAnswer", refusal, to: { type: "order", ...OURS }, times: 1 };
    const all = await story({ faults: [scripted] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    until(all, () => alarmed(all).includes("signerShared"));
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "looking" }] });
    expect(engine.status.gate).toMatchObject({ place: false, cancel: true });
    const held = engine.place({ ...BID, price: "49000" });
    void held.acknowledged;
    expect(await settle(clock, order.acknowledged)).toMatchObject({ reason: "neverLanded" });
    expect(engine.status.gate.place).toBe(true);
    expect(await held.acknowledged).toMatchObject({ by: "local", reason: "expiredInQueue" });
    const next = engine.place({ ...BID, price: "49000" });
    expect(await settle(clock, next.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual(["signerShared"]);
    all.expectBooksAgree();
  });
});
