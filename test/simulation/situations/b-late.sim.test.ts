import type { OrderHandle } from "@cloister/engine";
import { seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import {
  alarmed,
  BID,
  foreignJournal,
  hasSettled,
  hit,
  legsOf,
  pathOf,
  placed,
  quote,
  requestsOf,
  type Story,
  story,
  timesSaid,
  truthOf,
  until,
} from "./story.fixture.ts";

const OURS = { account: ACCOUNT };
const FILLS = { channel: "userFills", ...OURS };
const NO_FILLS_READ = { what: "truncatePage", keep: 0, to: { type: "userFillsByTime" } };

/** A long position, and a reduce-only order that would close a part of it: what is left of that states no total. */
async function closing(all: Story): Promise<OrderHandle> {
  await quote(all, { price: "50000", size: "0.01" });
  const opening = all.engine.place({ ...BID, size: "0.01", tif: "Ioc" });
  await settle(all.clock, opening.closed);
  return placed(all, { side: "sell", price: "51000", reduceOnly: true });
}

/** The rival buys from our ask. */
async function lift(all: Story, size: string, price = "51000"): Promise<void> {
  const order = all.rival.place({ ...BID, price, size, tif: "Ioc" });
  expect(await settle(all.clock, order.closed)).toMatchObject({ state: "filled", filled: size });
}

describe("fills after the end", () => {
  const lateFrom = (afterMs: number, ms: number) => ({
    ...{ what: "delayFrame", ms, to: FILLS, when: { afterMs } },
  });

  it("situation 35: after canceled: booked with an alarm, it stays canceled and never lives again", async () => {
    const faults = [lateFrom(6_000, 6_000), NO_FILLS_READ];
    const all = await story({ faults, rules: { venueLies: true } });
    const { engine, clock } = all;
    const order = await closing(all);
    clock.advanceTo(6_000);
    await lift(all, "0.0005");
    expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0" });
    until(all, () => all.fills.length === 2);
    expect(all.alarms).toContainEqual(
      expect.objectContaining({ name: "lateFill", cloid: order.cloid }),
    );
    expect(pathOf(all, order).map((step) => step.split(" ")[0])).toEqual([
      ...["pending", "resting", "canceled"],
    ]);
    expect(await settle(clock, order.closed)).toMatchObject({ state: "canceled" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0095" }]);
    clock.advanceBy(30_000);
    expect(truthOf(all).positions).toEqual({ BTC: "0.0095" });
    expect(engine.exposure).toMatchObject([{ position: "0.0095", min: "0.0095", max: "0.0095" }]);
  });

  it("situation 35: after canceled, and they reach the size: it was filled after all", async () => {
    const lies = { what: "renameStatus", from: "filled", status: "marginCanceled", to: OURS };
    const all = await story({
      faults: [lateFrom(6_000, 1_000), { ...lies, when: { afterMs: 6_000 } }],
      rules: { venueLies: true },
    });
    const { clock, engine } = all;
    const order = await closing(all);
    clock.advanceTo(6_000);
    await lift(all, "0.002");
    clock.advanceBy(200);
    expect(order.view()).toMatchObject({ state: "canceled", cause: "margin", filled: "0" });
    clock.advanceBy(1_000);
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.002", leaves: "0" });
    expect(pathOf(all, order).at(-1)).toBe("filled by venue.fill (userFills)");
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.008" }]);
    all.expectBooksAgree();
  });

  it("situation 36: after rejected: booked, alarmed, the verdict is called contradicted, what lives is canceled", async () => {
    const refused = "Insufficient margin to place order. asset=0";
    const lies = {
      what: "scriptAnswer",
      error: refused,
      executed: true,
      to: { type: "order", ...OURS },
    };
    const all = await story({
      faults: [
        { ...lies, times: 1 },
        ...["orderUpdates", "openOrders"].map((channel) => ({
          ...{ what: "loseFrame", to: { channel, ...OURS }, when: { untilMs: 3_400 } },
        })),
      ],
      rules: { venueLies: true },
    });
    const { engine, clock } = all;
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ reason: "margin" });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "margin" });
    await hit(all, "0.0005");
    until(all, () => all.fills.length > 0);
    expect(alarmed(all)).toEqual(expect.arrayContaining(["contradicted", "revived"]));
    expect(order.view().filled).toBe("0.0005");
    expect(engine.exposure).toMatchObject([{ coin: "BTC", position: "0.0005", max: "0.002" }]);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "canceled", filled: "0.0005", ledger: "complete" },
    });
    expect(legsOf(all, order)).toMatchObject([{ open: false }]);
    all.expectBooksAgree();
  });

  it("situation 37: after the order was reaped: its tombstone answers, nothing is dropped", async () => {
    const faults = [lateFrom(6_000, 30_000), NO_FILLS_READ];
    const all = await story({ faults, rules: { venueLies: true } });
    const { engine, clock } = all;
    const order = await closing(all);
    clock.advanceTo(6_000);
    await lift(all, "0.0005");
    await settle(clock, order.cancel());
    clock.advanceBy(20_000);
    expect(engine.orders).toEqual([]);
    expect(all.fills).toHaveLength(1);
    until(all, () => all.fills.length === 2);
    expect(all.fills[1]).toMatchObject({ cloid: order.cloid, size: "0.0005", side: "sell" });
    expect(all.alarms.at(-1)).toMatchObject({ name: "lateFill", cloid: order.cloid });
    expect(alarmed(all)).not.toContain("strangerFill");
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0095" }]);
    expect(truthOf(all).positions).toEqual({ BTC: "0.0095" });
  });
});

describe("fills of nobody's order", () => {
  it("situation 38: of an order that is not ours: booked to the account, alarmed, no order of ours is touched", async () => {
    const all = await story();
    const { engine, clock, engineFor } = all;
    const order = await placed(all, { price: "49000" });
    const twin = await engineFor(ACCOUNT, {
      random: seededRandom(9),
      journal: foreignJournal(),
    });
    const theirs = twin.place(BID);
    await settle(clock, theirs.acknowledged);
    await hit(all, "0.0005");
    clock.advanceBy(500);
    expect(all.fills).toMatchObject([{ cloid: undefined, size: "0.0005", price: "50000" }]);
    expect(alarmed(all)).toEqual(["strangerFill"]);
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
    expect(engine.orders.map(({ cloid }) => cloid)).toEqual([order.cloid]);
    // It is another's: watched, and never canceled by a sweep of ours.
    expect(await settle(clock, engine.cancelAll())).toMatchObject({ canceled: [order.cloid] });
    expect(theirs.view().state).toBe("partiallyFilled");
    all.expectBooksAgree();
  });

  it("situation 39: more is filled than an order's size: booked, flagged, in the position, never discarded", async () => {
    const all = await story({ engine: { onRevived: "keep" } });
    const { engine, clock, engineFor } = all;
    const twin = await engineFor(ACCOUNT, { random: seededRandom(9) });
    // Two processes use one cloid at once, and the venue takes it: there are two legs of one order.
    const cloid = `0x${engine.mark}${"5".repeat(24)}`;
    const order = engine.place({ ...BID, cloid });
    clock.advanceBy(1);
    const second = twin.place({ ...BID, cloid });
    for (const { acknowledged } of [order, second]) await settle(clock, acknowledged);
    clock.advanceBy(300);
    expect(legsOf(all, order).filter(({ open }) => open)).toHaveLength(2);
    expect(engine.exposure).toMatchObject([{ coin: "BTC", max: "0.004" }]);
    await hit(all, "0.0035");
    clock.advanceBy(500);
    expect(order.view().filled).toBe("0.0035");
    expect(alarmed(all)).toContain("overfill");
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0035" }]);
    expect(engine.exposure).toMatchObject([{ position: "0.0035", max: "0.004" }]);
    await hit(all, "0.0005");
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.004" });
    all.expectBooksAgree();
  });

  it("situation 40: a liquidation has no order of ours: booked with its reason", async () => {
    const accounts = [
      { address: ACCOUNT, deposit: "100" },
      { address: `0x${"b2".repeat(20)}`, deposit: "1000000" },
    ];
    const all = await story({ exchange: { accounts } });
    const { engine, clock, exchange } = all;
    await quote(all, { price: "64000", size: "0.025" });
    const order = engine.place({ ...BID, price: "64000", size: "0.025", tif: "Ioc" });
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled" });
    exchange.setMark("BTC", "60500");
    until(all, () => all.fills.length > 1);
    expect(all.fills.slice(1)).toMatchObject([{ cloid: undefined, side: "sell", size: "0.025" }]);
    expect(all.fills[1]?.reason).toContain("liquidation");
    expect(all.alarms).toContainEqual(
      expect.objectContaining({
        name: "strangerFill",
        text: expect.stringContaining("liquidation"),
      }),
    );
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
    clock.advanceBy(60_000);
    expect(alarmed(all)).not.toContain("positionDiffers");
    all.expectBooksAgree();
  });

  it("situation 40: so has a deleverage", async () => {
    const all = await story();
    const { engine, clock, exchange, rival } = all;
    await placed(all, { size: "0.01" });
    await hit(all, "0.01");
    const sides = { account: ACCOUNT, counterparty: rival.account };
    const steps = [{ do: "deleverage", coin: "BTC", size: "0.004", ...sides }] as const;
    exchange.market({ steps });
    until(all, () => all.fills.length > 1);
    expect(all.fills[1]).toMatchObject({ cloid: undefined, side: "sell", size: "0.004" });
    expect(all.fills[1]?.reason).toBe("Auto-Deleveraging");
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.006" }]);
    clock.advanceBy(60_000);
    expect(alarmed(all)).not.toContain("positionDiffers");
    all.expectBooksAgree();
  });
});

describe("words that say more or less than the fills", () => {
  const lost = { what: "loseFrame", to: FILLS, when: { afterMs: 3_000 } };

  it("situation 42: filled without any fill: terminal, its fills are fetched, no quantity is made up", async () => {
    const all = await story({ faults: [lost] });
    const { clock, engine } = all;
    const order = await placed(all);
    await hit(all, "0.002");
    clock.advanceBy(200);
    expect(order.view()).toMatchObject({
      state: "filled",
      filled: "0",
      ledger: "open",
      leaves: "0",
    });
    expect(engine.exposure).toMatchObject([{ position: "0", max: "0.002" }]);
    expect(await hasSettled(order.closed)).toBe(false);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "filled", filled: "0.002", averagePrice: "50000", ledger: "complete" },
    });
    expect(timesSaid(all, "/info", "userFillsByTime", order.cloid)).toBeGreaterThan(0);
    clock.advanceBy(10_000);
    all.expectBooksAgree();
  });

  it("situation 43: canceled, and more was executed than is booked: the end is told with the fills", async () => {
    const all = await story({ faults: [lost] });
    const { clock, engine } = all;
    const order = await placed(all);
    await hit(all, "0.0005");
    const canceled = order.cancel();
    until(all, () => order.view().state === "canceled");
    expect(order.view()).toMatchObject({ filled: "0", ledger: "open" });
    expect(engine.exposure).toMatchObject([{ position: "0", min: "0", max: "0.0005" }]);
    expect(await hasSettled(order.closed)).toBe(false);
    expect(await hasSettled(canceled)).toBe(false);
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "canceled", filled: "0.0005", averagePrice: "50000", ledger: "complete" },
    });
    expect(await settle(clock, canceled)).toMatchObject({ kind: "settled", filled: "0.0005" });
    expect(requestsOf(all)).toEqual(["order", "cancel"]);
    clock.advanceBy(10_000);
    all.expectBooksAgree();
  });

  it("situation 44: reads that lag and records that are frozen show less than is booked: nothing is taken back", async () => {
    const all = await story({
      faults: [
        { what: "lagReads", ms: 5_000, to: OURS },
        { what: "echoFrame", ms: 3_000, to: { channel: "openOrders", ...OURS } },
      ],
    });
    const { clock, engine } = all;
    const order = await placed(all);
    clock.advanceBy(3_000);
    await hit(all, "0.0015");
    clock.advanceBy(100);
    expect(order.view().filled).toBe("0.0015");
    for (let round = 0; round < 4; round += 1) {
      await settle(clock, engine.reconcile());
      clock.advanceBy(1_000);
      expect(order.view()).toMatchObject({
        ...{ state: "partiallyFilled", filled: "0.0015", leaves: "0.0005" },
      });
      expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0015" }]);
    }
    expect(timesSaid(all, "/info", "frontendOpenOrders", '"sz":"0.002"')).toBeGreaterThan(0);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});
