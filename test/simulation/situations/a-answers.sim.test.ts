import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import {
  alarmed,
  BID,
  hasSettled,
  hit,
  legsOf,
  pathOf,
  quote,
  requestsOf,
  story,
  timesSaid,
  truthOf,
  until,
} from "./story.fixture.ts";

const OURS = { account: ACCOUNT };
/** The answer to a place comes long after all that the streams say. */
const LATE_ANSWER = { what: "delayAnswer", ms: 2_000, to: { type: "order", ...OURS }, times: 1 };
const LATE_WORDS = ["orderUpdates", "openOrders"].map((channel) => ({
  ...{ what: "delayFrame", ms: 2_000, to: { channel, ...OURS } },
}));

describe("a place, its answer and its words", () => {
  it("situation 1: the answer, then the word open: it rests once, by one acceptance", async () => {
    const all = await story({ faults: [{ what: "answersFirst" }] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceBy(2_000);
    expect(pathOf(all, order)).toEqual([
      "pending by command.place",
      "resting by venue.accepted (answer)",
    ]);
    expect(timesSaid(all, "orderUpdates", order.cloid, '"open"')).toBe(1);
    expect(order.view()).toMatchObject({ state: "resting", leaves: "0.002", requests: [] });
    expect(requestsOf(all)).toEqual(["order"]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 2: the word open before the answer: it rests, the answer changes nothing", async () => {
    const all = await story({ faults: [LATE_ANSWER] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(500);
    expect(order.view()).toMatchObject({ state: "resting", leaves: "0.002" });
    const [leg] = legsOf(all, order);
    expect(await settle(clock, order.acknowledged)).toMatchObject({
      kind: "accepted",
      oid: leg?.oid,
    });
    clock.advanceBy(4_000);
    expect(pathOf(all, order)).toEqual([
      "pending by command.place",
      "resting by venue.accepted (orderUpdates)",
    ]);
    expect(order.view()).toMatchObject({ oids: [leg?.oid], requests: [] });
    expect(engine.counters.doubts).toBe(0);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 3: fills before the answer and the word open imply acceptance; neither undoes them", async () => {
    const all = await story({ faults: [LATE_ANSWER, ...LATE_WORDS] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(200);
    expect(order.view().state).toBe("pending");
    await hit(all, "0.0005");
    clock.advanceBy(100);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    await hit(all, "0.0015");
    clock.advanceBy(100);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.002", leaves: "0" });
    expect(timesSaid(all, "post", order.cloid, "resting")).toBe(1);
    clock.advanceBy(1_800);
    expect(pathOf(all, order)).toEqual([
      "pending by command.place",
      "partiallyFilled by venue.fill (userFills)",
      "filled by venue.fill (userFills)",
    ]);
    clock.advanceBy(4_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 4: filled before the answer, which says resting: it stays filled", async () => {
    const all = await story({ faults: [LATE_ANSWER] });
    const { engine, clock } = all;
    const order = engine.place(BID);
    clock.advanceBy(200);
    await hit(all, "0.002");
    clock.advanceBy(200);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.002" });
    clock.advanceBy(2_000);
    expect(timesSaid(all, "post", order.cloid, "resting")).toBe(1);
    expect(pathOf(all, order).at(-1)).toContain("filled by venue.fill");
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    clock.advanceBy(5_000);
    expect(engine.orders).toEqual([]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 4: canceled by the venue before the answer, which says resting: it stays canceled", async () => {
    const all = await story({ faults: [LATE_ANSWER] });
    const { engine, clock, exchange } = all;
    const order = engine.place(BID);
    clock.advanceBy(200);
    const oid = legsOf(all, order)[0]?.oid ?? 0;
    const status = "marginCanceled";
    exchange.market({ steps: [{ do: "cancelAs", account: ACCOUNT, oid, status }] });
    clock.advanceBy(300);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "margin" });
    clock.advanceBy(2_000);
    expect(timesSaid(all, "post", order.cloid, "resting")).toBe(1);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "margin", requests: [] });
    expect(pathOf(all, order).slice(1)).toEqual([
      "resting by venue.accepted (orderUpdates)",
      "canceled by venue.canceled (orderUpdates)",
    ]);
    expect(engine.exposure).toEqual([]);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});

describe("an answer that says filled", () => {
  const LATE_FILLS = { what: "delayFrame", ms: 3_000, to: { channel: "userFills", ...OURS } };

  it("situation 5: the quantity counts at once, and each trade is booked once when it comes", async () => {
    const all = await story({ faults: [LATE_FILLS, ...LATE_WORDS] });
    const { engine, clock, fills } = all;
    await quote(all, { size: "0.0005" });
    await quote(all, { price: "50001", size: "0.0015" });
    const order = engine.place({ ...BID, price: "50001", tif: "Ioc" });
    await settle(clock, order.acknowledged);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    expect(engine.exposure).toEqual([{ coin: "BTC", position: "0", min: "0", max: "0.002" }]);
    expect(await hasSettled(order.closed)).toBe(false);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "filled", filled: "0.002", averagePrice: "50000.75", ledger: "complete" },
    });
    clock.advanceBy(6_000);
    expect(fills.map(({ price, size }) => [price, size])).toEqual([
      ["50000", "0.0005"],
      ["50001", "0.0015"],
    ]);
    expect(timesSaid(all, "userFills", order.cloid)).toBe(1);
    expect(pathOf(all, order).slice(0, 2)).toEqual([
      "pending by command.place",
      "filled by venue.filled (answer)",
    ]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 6: its fills never come by stream: they are asked for by time", async () => {
    const all = await story({ faults: [{ what: "loseFrame", to: { channel: "userFills" } }] });
    const { engine, clock } = all;
    await quote(all);
    const order = engine.place({ ...BID, tif: "Ioc" });
    await settle(clock, order.acknowledged);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "filled", filled: "0.002", ledger: "complete" },
    });
    expect(timesSaid(all, "/info", "userFillsByTime", order.cloid)).toBeGreaterThan(0);
    until(all, () => alarmed(all).includes("streamSilent"));
    until(all, () => engine.status.barrier === "open");
    expect(alarmed(all)).toEqual(["streamSilent"]);
    all.expectBooksAgree();
  });

  it("situation 6: while reads fail the fills stay missing: it counts by the answer, no price is invented", async () => {
    const when = { afterMs: 3_000, untilMs: 150_000 };
    const all = await story({
      faults: [
        { what: "loseFrame", to: { channel: "userFills", ...OURS }, when },
        { what: "httpStatus", status: 500, body: "null", to: { type: "userFillsByTime" }, when },
      ],
    });
    const { engine, clock } = all;
    await quote(all);
    const order = engine.place({ ...BID, tif: "Ioc" });
    await settle(clock, order.acknowledged);
    expect(engine.exposure).toEqual([{ coin: "BTC", position: "0", min: "0", max: "0.002" }]);
    clock.advanceTo(149_000);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open", fees: {} });
    expect(order.view().averagePrice).toBeUndefined();
    expect(await hasSettled(order.closed)).toBe(false);
    expect(all.fills).toEqual([]);
    // The venue's position was read: it is believed, and says nothing of the price.
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.002" }]);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ filled: "0.002", averagePrice: "50000", ledger: "complete" },
    });
    clock.advanceTo(190_000);
    expect(all.fills).toMatchObject([{ cloid: order.cloid, price: "50000", size: "0.002" }]);
    expect(alarmed(all)).toEqual(expect.arrayContaining(["positionDiffers", "streamSilent"]));
    expect(alarmed(all)).not.toContain("ledgerIncomplete");
    all.expectBooksAgree();
  });

  it("situation 6: reads that show nothing for a minute: told as incomplete, counted, and booked when they come", async () => {
    const all = await story({
      faults: [
        { what: "delayFrame", ms: 100_000, to: { channel: "userFills", ...OURS } },
        { what: "truncatePage", keep: 0, to: { type: "userFillsByTime" } },
      ],
      engine: { limits: { reconcileAccountMs: 3_600_000, reconcileOrdersMs: 3_600_000 } },
    });
    const { engine, clock } = all;
    await quote(all);
    const order = engine.place({ ...BID, tif: "Ioc" });
    await settle(clock, order.acknowledged);
    clock.advanceBy(55_000);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0", ledger: "open" });
    const closed = await settle(clock, order.closed);
    expect(closed).toMatchObject({ state: "filled", filled: "0", ledger: "incomplete", fees: {} });
    expect(closed.averagePrice).toBeUndefined();
    expect(all.alarms).toMatchObject([{ name: "ledgerIncomplete", cloid: order.cloid }]);
    expect(engine.exposure).toEqual([{ coin: "BTC", position: "0", min: "0", max: "0.002" }]);
    clock.advanceBy(10_000);
    expect(engine.orders).toEqual([]);
    // The alarm led to a look at the position: what is unproved is in it, and counted on top until it comes.
    expect(engine.exposure).toMatchObject([{ position: "0.002", min: "0.002" }]);
    until(all, () => all.fills.length > 0);
    expect(all.fills).toMatchObject([{ cloid: order.cloid, price: "50000", size: "0.002" }]);
    expect(alarmed(all)).toEqual(["ledgerIncomplete", "positionDiffers", "lateFill"]);
    expect(truthOf(all).positions).toEqual({ BTC: "0.002" });
    expect(engine.exposure).toEqual([
      { coin: "BTC", position: "0.002", min: "0.002", max: "0.002" },
    ]);
  });
});
