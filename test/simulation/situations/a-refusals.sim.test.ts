import type { OrderHandle } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle } from "../world.ts";
import {
  alarmed,
  BID,
  foreignJournal,
  legsOf,
  NETWORK,
  pathOf,
  quote,
  requestsOf,
  type Story,
  story,
  timesSaid,
  until,
} from "./story.fixture.ts";
import { listen } from "./told.fixture.ts";

const OURS = { account: ACCOUNT };
/** Money for small orders: 4,000 of value at a leverage of 40. */
const POOR = {
  accounts: [
    { address: ACCOUNT, deposit: "100" },
    { address: OTHER, deposit: "1000000" },
  ],
};
const LARGE = { ...BID, size: "0.2" };

function statesOf(orders: readonly OrderHandle[]): readonly string[] {
  return orders.map((order) => order.view().state);
}

/** The last word that the exchange's record of an order has. */
function wordOf(all: Story, order: OrderHandle): string | undefined {
  return legsOf(all, order).at(-1)?.statuses.at(-1)?.status;
}

describe("what the venue refuses", () => {
  it("situation 15: an error inside an ok answer refuses the order, typed and with its text", async () => {
    const all = await story({ exchange: POOR });
    const { engine, clock } = all;
    const order = engine.place(LARGE);
    const answer = await settle(clock, order.acknowledged);
    expect(answer).toMatchObject({ kind: "refused", by: "venue", reason: "margin" });
    expect(answer).toMatchObject({ text: "Insufficient margin to place order. asset=0" });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "margin", filled: "0" });
    expect(await settle(clock, order.closed)).toMatchObject({ ledger: "complete" });
    expect(timesSaid(all, "post", '"status":"ok"', '"error"')).toBe(1);
    expect(wordOf(all, order)).toBe("perpMarginRejected");
    expect(engine.exposure).toEqual([]);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 16: one error of the static list refuses every order of a batch", async () => {
    const all = await story();
    const { engine, clock, exchange } = all;
    exchange.market({ steps: [{ do: "postOnly", on: true }] });
    clock.advanceBy(200);
    const orders = engine.placeMany([BID, { ...BID, price: "49999" }, { ...BID, price: "49998" }]);
    for (const order of orders) {
      const answer = await settle(clock, order.acknowledged);
      expect(answer).toMatchObject({ kind: "refused", by: "venue", reason: "postOnlyPeriod" });
    }
    expect(timesSaid(all, "post", '"statuses":[{"error":')).toBe(1);
    expect(orders.flatMap((order) => legsOf(all, order))).toEqual([]);
    expect(engine.status).toMatchObject({ doubtful: 0, inFlight: 0 });
    expect(engine.counters.doubts).toBe(0);
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 16: so does a text for the whole request", async () => {
    const spent = { what: "limits", limits: { addressRequests: 2 }, when: { afterMs: 2_900 } };
    const all = await story({ faults: [spent] });
    const { engine, clock } = all;
    const orders = engine.placeMany([BID, { ...BID, price: "49999" }, { ...BID, price: "49998" }]);
    for (const order of orders) {
      const answer = await settle(clock, order.acknowledged);
      expect(answer).toMatchObject({ kind: "refused", by: "venue", reason: "addressBudget" });
    }
    expect(timesSaid(all, "post", '"status":"err"', "Too many cumulative requests")).toBe(1);
    expect(engine.counters.doubts).toBe(0);
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 17: the second of three fails, the first and the third live", async () => {
    const all = await story({ exchange: POOR });
    const { engine, clock } = all;
    const orders = engine.placeMany([BID, LARGE, { ...BID, price: "49999" }]);
    for (const order of orders) await settle(clock, order.acknowledged);
    expect(statesOf(orders)).toEqual(["resting", "rejected", "resting"]);
    expect(orders[1]?.view().cause).toBe("margin");
    expect(requestsOf(all)).toEqual(["order"]);
    clock.advanceBy(5_000);
    expect(orders.map((order) => wordOf(all, order))).toEqual([
      ...["open", "perpMarginRejected", "open"],
    ]);
    all.expectBooksAgree();
  });

  it.each([
    ["fewer", 2],
    ["more", 4],
  ])(
    "situation 18: %s statuses than orders: what names its cloid counts, the rest is asked about",
    async (_, count) => {
      const silent = ["orderUpdates", "openOrders", "userFills"].map((channel) => ({
        ...{ what: "loseFrame", to: { channel, ...OURS }, when: { untilMs: 4_000 } },
      }));
      const short = { what: "resizeStatuses", count, to: { type: "order", ...OURS }, times: 1 };
      const slow = { what: "delayAnswer", ms: 400, to: { type: "orderStatus", ...OURS } };
      const all = await story({ exchange: POOR, faults: [short, slow, ...silent] });
      const { engine, clock } = all;
      const orders = engine.placeMany([BID, LARGE, { ...BID, price: "49999" }]);
      until(all, () => orders[0]?.view().state === "resting");
      expect(timesSaid(all, "post", "statuses")).toBe(1);
      // An error names nobody: it might be anybody's.
      const third = count === 2 ? "pending" : "resting";
      expect(statesOf(orders)).toEqual(["resting", "pending", third]);
      expect(engine.status.doubtful).toBe(1);
      for (const order of orders) await settle(clock, order.acknowledged);
      expect(statesOf(orders)).toEqual(["resting", "rejected", "resting"]);
      expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
      clock.advanceBy(5_000);
      all.expectBooksAgree();
    },
  );

  it("situation 19: the transport fails under a batch: each order is doubtful, and resolved alone", async () => {
    const cut = { what: "disconnect", to: { channel: "post", contains: '"order"', ...OURS } };
    const silent = ["orderUpdates", "openOrders", "userFills"].map((channel) => ({
      ...{ what: "loseFrame", to: { channel, ...OURS }, when: { afterMs: 3_000, untilMs: 3_400 } },
    }));
    const all = await story({ exchange: POOR, faults: [{ ...cut, times: 1 }, ...silent] });
    const { engine, clock } = all;
    await quote(all, { price: "50100", size: "0.001" });
    const orders = engine.placeMany([
      BID,
      LARGE,
      { ...BID, price: "50100", size: "0.001" },
      { ...BID, price: "50099", tif: "Ioc" },
    ]);
    until(all, () => engine.status.barrier === "recovering");
    expect(statesOf(orders)).toEqual(orders.map(() => "pending"));
    expect(engine.exposure).toMatchObject([{ coin: "BTC", max: "0.205" }]);
    for (const order of orders) await settle(clock, order.acknowledged);
    expect(statesOf(orders)).toEqual(["resting", "rejected", "filled", "canceled"]);
    expect(orders.map((order) => order.view().cause)).toEqual([
      ...[undefined, "margin", undefined, "iocNoMatch"],
    ]);
    expect(requestsOf(all).filter((type) => type === "order")).toHaveLength(1);
    clock.advanceBy(10_000);
    all.expectBooksAgree();
  });

  it("situation 20: a post-only order that would match is rejected, with the prices it met", async () => {
    const all = await story();
    const { engine, clock } = all;
    await quote(all, { side: "buy", price: "49990" });
    await quote(all);
    const order = engine.place({ ...BID, tif: "Alo" });
    expect(await settle(clock, order.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "postOnly" },
      text: expect.stringContaining("bbo was 49990@50000"),
    });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "postOnly", filled: "0" });
    expect(wordOf(all, order)).toBe("badAloPxRejected");
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 22: a market order without liquidity is rejected, typed", async () => {
    const error = "No liquidity available for market order. asset=0";
    const status = "marketOrderNoLiquidityRejected";
    const all = await story({ faults: [{ what: "rejectOrders", status, error, to: OURS }] });
    const { engine, clock } = all;
    const order = engine.place({ ...BID, tif: "Ioc" });
    expect(await settle(clock, order.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "noLiquidity", text: error },
    });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "noLiquidity" });
    expect(wordOf(all, order)).toBe(status);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});

describe("an Ioc", () => {
  it("situation 21: that matches nothing is canceled, not refused", async () => {
    const all = await story();
    const { engine, clock } = all;
    const order = engine.place({ ...BID, tif: "Ioc" });
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(await settle(clock, order.closed)).toMatchObject({
      ...{ state: "canceled", cause: "iocNoMatch", filled: "0", ledger: "complete" },
    });
    expect(wordOf(all, order)).toBe("iocCancelRejected");
    expect(pathOf(all, order).map((step) => step.split(" ")[0])).toEqual(["pending", "canceled"]);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it.each([
    [{ partialIocStatus: "filled", partialIocSize: "remainder" }, false],
    [{ partialIocStatus: "filled", partialIocSize: "zero" }, false],
    [{ partialIocStatus: "canceled" }, false],
    [{ partialIocStatus: "filled", partialIocSize: "remainder" }, true],
    [{ partialIocStatus: "filled", partialIocSize: "zero" }, true],
    [{ partialIocStatus: "canceled" }, true],
  ] as const)(
    "situation 21: that matches in part is canceled for the rest, %o, answer lost: %s",
    async (rules, isLost) => {
      const lost = { what: "loseAnswer", to: { type: "order", ...OURS }, times: 1 };
      const all = await story({ exchange: { rules }, faults: isLost ? [lost] : [] });
      const { engine, clock } = all;
      await quote(all, { size: "0.0005" });
      const order = engine.place({ ...BID, tif: "Ioc" });
      expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
      const closed = await settle(clock, order.closed);
      expect(closed).toMatchObject({
        ...{ state: "canceled", cause: "iocRemainder", filled: "0.0005", ledger: "complete" },
      });
      expect(wordOf(all, order)).toBe(rules.partialIocStatus);
      clock.advanceBy(5_000);
      expect(alarmed(all)).toEqual([]);
      all.expectBooksAgree();
    },
  );
});

describe("what the venue turns away", () => {
  it("situation 23: an address without requests: refused for sure, and cancels keep their lane", async () => {
    const spent = { what: "limits", limits: { addressRequests: 3 }, when: { afterMs: 2_900 } };
    const all = await story({ faults: [spent] });
    const { engine, clock } = all;
    const orders = [0, 1, 2].map((at) => engine.place({ ...BID, price: String(50_000 - at) }));
    for (const order of orders) await settle(clock, order.acknowledged);
    const turned = engine.place(BID);
    expect(await settle(clock, turned.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "addressBudget" },
    });
    expect(engine.counters.doubts).toBe(0);
    // It waits before it asks for more; cancels do not.
    const sent = requestsOf(all).length;
    const soon = engine.place({ ...BID, price: "49000" });
    expect(await settle(clock, soon.acknowledged)).toMatchObject({ by: "local", reason: "budget" });
    expect(requestsOf(all)).toHaveLength(sent);
    for (const order of orders) {
      expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
    }
    expect(legsOf(all, turned)).toEqual([]);
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 23: a 429 of somebody on the way decides nothing of a place that went by REST", async () => {
    const all = await story({
      faults: [
        {
          what: "postError",
          text: "500 Internal Server Error",
          to: { type: "order", ...OURS },
          when: { untilMs: 3_500 },
        },
        { what: "httpStatus", status: 429, body: "null", to: { path: "/exchange" }, times: 1 },
      ],
      engine: { limits: { restOnlyAfter: 1 } },
    });
    const { engine, clock } = all;
    const first = engine.place(BID);
    clock.advanceBy(600);
    expect(engine.status.route).toBe("restOnly");
    const order = engine.place({ ...BID, price: "49000" });
    until(all, () => engine.counters.doubts > 0 && order.view().requests.length > 0);
    expect(order.view().state).toBe("pending");
    expect(await settle(clock, order.acknowledged)).toMatchObject({ reason: "neverLanded" });
    expect(legsOf(all, order)).toEqual([]);
    expect(first.view().state).toBe("resting");
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 25: a key whose approval ends: trading halts with one alarm, no storm follows", async () => {
    const AGENT = `0x${"c3".repeat(20)}`;
    const accounts = [
      { address: ACCOUNT, deposit: "1000" },
      { address: OTHER, deposit: "1000", agents: [{ address: AGENT }] },
    ];
    const ended = { what: "endAgents", when: { afterMs: 8_000 } };
    const all = await story({ exchange: { accounts }, faults: [ended] });
    const { clock, cable, engineFor, exchange } = all;
    const signer = testSigner(AGENT);
    const venue = hyperliquid({ network: NETWORK, account: OTHER, signer, wire: cable });
    const engine = await engineFor(OTHER, { venue, journal: foreignJournal() });
    const heard = listen({ clock, engine, exchange }, OTHER);
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceTo(8_200);
    const refused = engine.place({ ...BID, price: "49000" });
    expect(await settle(clock, refused.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "unknownSigner" },
    });
    expect(engine.status).toMatchObject({ brake: "halted", gate: { place: false, cancel: true } });
    const sent = heard.sent().length;
    expect(engine.place(BID).view()).toMatchObject({ state: "rejected", cause: "halted" });
    clock.advanceBy(60_000);
    expect(heard.alarmed()).toEqual(["signerUnknown"]);
    expect(heard.sent()).toHaveLength(sent);
    expect(order.view().state).toBe("resting");
  });
});
