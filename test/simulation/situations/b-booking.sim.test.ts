import { seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import {
  alarmed,
  BID,
  foreignJournal,
  hit,
  pathOf,
  placed,
  quote,
  type Story,
  story,
  timesSaid,
  truthOf,
  until,
} from "./story.fixture.ts";

const OURS = { account: ACCOUNT };
const FILLS = { channel: "userFills", ...OURS };

/** Trade ids in the order in which the engine told of them. */
function tids({ fills }: Story): readonly number[] {
  return fills.map(({ tid }) => tid);
}

describe("each fill once", () => {
  it("situation 31: the same fill twice on one stream is booked once", async () => {
    const all = await story({
      faults: [
        { what: "duplicateFrame", to: FILLS },
        { what: "echoFrame", ms: 2_000, to: FILLS },
      ],
    });
    const order = await placed(all);
    await hit(all, "0.0005");
    await hit(all, "0.0007");
    all.clock.advanceBy(4_000);
    expect(order.view()).toMatchObject({ filled: "0.0012", leaves: "0.0008" });
    expect(tids(all)).toEqual(truthOf(all).fills.map(({ tid }) => tid));
    expect(all.engine.positions).toEqual([{ coin: "BTC", size: "0.0012" }]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 32: the same fill by stream, by read and by snapshot is booked once", async () => {
    const snapshots = [
      { what: "duplicateSnapshot", to: FILLS },
      { what: "overlapSnapshot", count: 2, to: FILLS },
    ];
    const all = await story({ faults: snapshots });
    const { engine, clock, cable } = all;
    const order = await placed(all);
    await hit(all, "0.0005");
    await hit(all, "0.0005");
    clock.advanceBy(100);
    expect(tids(all)).toHaveLength(2);
    const [tid = 0] = tids(all);
    expect(await settle(clock, engine.reconcile())).toMatchObject({ complete: true });
    expect(timesSaid(all, "/info", "userFillsByTime", String(tid))).toBeGreaterThan(0);
    cable.disconnect();
    until(all, () => engine.status.barrier === "recovering");
    until(all, () => engine.status.barrier === "open");
    clock.advanceBy(5_000);
    expect(timesSaid(all, "userFills", '"isSnapshot":true', String(tid))).toBeGreaterThan(0);
    expect(tids(all)).toEqual(truthOf(all).fills.map((fill) => fill.tid));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.001" });
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it.each([
    ["price", { px: "50001.0" }],
    ["size", { sz: "0.0009" }],
  ])(
    "situation 33: the same trade told with another %s: told as different, the first is kept",
    async (_, other) => {
      const all = await story({
        faults: [{ what: "restateFills", ...other, to: FILLS, times: 1 }],
      });
      const { clock } = all;
      const order = await placed(all);
      await hit(all, "0.0005");
      clock.advanceBy(2_000);
      expect(all.alarms).toMatchObject([{ name: "otherPrice", cloid: order.cloid }]);
      expect(order.view()).toMatchObject({ filled: "0.0005", averagePrice: "50000" });
      expect(all.fills).toHaveLength(1);
      await hit(all, "0.0005");
      clock.advanceBy(2_000);
      expect(order.view().filled).toBe("0.001");
      all.expectBooksAgree();
    },
  );

  it("situation 34: two fills equal in price, size and time with trade ids of their own are both booked", async () => {
    const all = await story();
    const { clock, rival } = all;
    const order = await placed(all);
    const sell = { ...BID, side: "sell", tif: "Ioc", size: "0.0005" } as const;
    for (const { closed } of rival.placeMany([sell, sell])) await settle(clock, closed);
    clock.advanceBy(500);
    const [one, two] = all.fills;
    expect([one?.price, one?.size, one?.at]).toEqual([two?.price, two?.size, two?.at]);
    expect(new Set(tids(all)).size).toBe(2);
    expect(order.view()).toMatchObject({ filled: "0.001", leaves: "0.001" });
    all.expectBooksAgree();
  });

  it("situation 34: trade ids that collide between coins of one block are two trades", async () => {
    const all = await story({ exchange: { rules: { tradeIds: "collide" } } });
    const { clock, rival } = all;
    const eth = { coin: "ETH", price: "2000", size: "0.02" };
    await placed(all);
    await placed(all, eth);
    const sell = { ...BID, side: "sell", tif: "Ioc" } as const;
    for (const { closed } of rival.placeMany([sell, { ...sell, ...eth }])) {
      await settle(clock, closed);
    }
    clock.advanceBy(500);
    expect(all.fills.map(({ coin }) => coin)).toEqual(["BTC", "ETH"]);
    expect(new Set(tids(all)).size).toBe(1);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it.each([
    ["as they happen", true, []],
    ["in wrong order", false, [{ what: "delayFrame", ms: 450, to: FILLS, when: { every: 2 } }]],
    ["behind every word", true, [{ what: "delayFrame", ms: 700, to: FILLS }]],
    [
      "before every word",
      true,
      [{ what: "delayFrame", ms: 700, to: { channel: "orderUpdates", ...OURS } }],
    ],
    ["each list backwards", false, [{ what: "reorderArray", to: FILLS }]],
    [
      "in wrong order, one by one, some twice",
      false,
      [
        { what: "delayFrame", ms: 450, to: FILLS, when: { every: 2 } },
        { what: "echoFrame", ms: 300, to: OURS, when: { every: 3 } },
        { what: "splitArray", to: FILLS },
      ],
    ],
  ] as const)("situation 41: fills told %s come to the same end", async (_, inOrder, faults) => {
    const all = await story({ faults });
    const { clock, rival } = all;
    const order = await placed(all);
    const sell = { ...BID, side: "sell", tif: "Ioc", size: "0.0003" } as const;
    for (const specs of [[sell, sell], [sell], [sell, sell], [{ ...sell, size: "0.0005" }]]) {
      rival.placeMany(specs);
      clock.advanceBy(200);
    }
    expect(await settle(clock, order.closed)).toEqual({
      ...{ state: "filled", filled: "0.002", averagePrice: "50000", fees: { USDC: "0.015" } },
      ...{ ledger: "complete", unresolved: [] },
    });
    expect(pathOf(all, order).at(-1)).toContain("filled by");
    clock.advanceBy(6_000);
    const happened = truthOf(all).fills.map(({ tid }) => tid);
    expect(tids(all)).toHaveLength(happened.length);
    expect(new Set(tids(all))).toEqual(new Set(happened));
    // What was heard in another order was booked in that order.
    if (inOrder) expect(tids(all)).toEqual(happened);
    else expect(tids(all)).not.toEqual(happened);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});

describe("what a fill comes to", () => {
  it("situation 46: a rebate is a negative fee, summed once per fill", async () => {
    const fees = { perpMaker: "-0.00003" };
    const all = await story({
      exchange: { rules: { fees } },
      faults: [{ what: "echoFrame", ms: 500, to: FILLS }],
    });
    const order = await placed(all);
    await hit(all, "0.0005");
    await hit(all, "0.0015");
    all.clock.advanceBy(1_500);
    expect(order.view().fees).toEqual({ USDC: "-0.003" });
    expect(all.fills.map(({ fee }) => fee)).toEqual(["-0.00075", "-0.00225"]);
    all.expectBooksAgree();
  });

  it("situation 46: a fee that is told otherwise later does not count twice", async () => {
    const again = { what: "restateFills", fee: "0.5", to: FILLS, times: 1 };
    const all = await story({ faults: [again] });
    const order = await placed(all);
    await hit(all, "0.0005");
    await hit(all, "0.0005");
    all.clock.advanceBy(1_500);
    expect(order.view()).toMatchObject({ filled: "0.001", fees: { USDC: "0.0075" } });
    expect(all.fills).toHaveLength(2);
    all.expectBooksAgree();
  });

  it("situation 47: sizes that floats cannot add are exact: the last lot fills it, nothing is left", async () => {
    const all = await story();
    const { clock } = all;
    const order = await placed(all, { size: "0.3" });
    await hit(all, "0.1");
    await hit(all, "0.1");
    clock.advanceBy(100);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.2", leaves: "0.1" });
    await hit(all, "0.09999");
    clock.advanceBy(100);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", leaves: "0.00001" });
    // Less than ten dollars cannot be sent alone.
    all.rival.place({ ...BID, side: "sell", size: "0.00101" });
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.3" });
    expect(order.view().leaves).toBe("0");
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 48: fills whose positions do not join are searched at once, and found", async () => {
    const all = await story({
      faults: [{ what: "loseFrame", to: FILLS, when: { afterMs: 3_000 }, times: 1 }],
    });
    const { clock } = all;
    const order = await placed(all);
    await hit(all, "0.0005");
    clock.advanceBy(100);
    expect(all.fills).toEqual([]);
    await hit(all, "0.0007");
    until(all, () => all.fills.length === 2);
    expect(order.view().filled).toBe("0.0012");
    clock.advanceBy(1_000);
    expect(alarmed(all)).not.toContain("positionGap");
    until(all, () => all.engine.status.barrier === "open");
    all.expectBooksAgree();
  });

  it("situation 48: what no search brings is alarmed", async () => {
    const all = await story({
      faults: [
        { what: "loseFrame", to: FILLS, when: { afterMs: 3_000 }, times: 1 },
        { what: "truncatePage", keep: 0, to: { type: "userFillsByTime" } },
      ],
    });
    const { clock } = all;
    await placed(all);
    await hit(all, "0.0005");
    await hit(all, "0.0007");
    until(all, () => alarmed(all).includes("positionGap"));
    clock.advanceBy(60_000);
    expect(alarmed(all).filter((name) => name === "positionGap")).toHaveLength(1);
    // The venue's word counts where fills do not add up.
    expect(all.engine.positions).toEqual([{ coin: "BTC", size: "0.0012" }]);
  });

  it("situation 49: our own order meets our own: the resting one is canceled as a self trade, the other goes on", async () => {
    const all = await story();
    const { engine, clock } = all;
    const ask = await placed(all, { side: "sell", price: "50000", size: "0.001" });
    await quote(all, { price: "50001", size: "0.0005" });
    const bid = engine.place({ ...BID, price: "50001" });
    await settle(clock, bid.acknowledged);
    expect(await settle(clock, ask.closed)).toMatchObject({
      ...{ state: "canceled", cause: "selfTrade", filled: "0", ledger: "complete" },
    });
    clock.advanceBy(500);
    expect(bid.view()).toMatchObject({
      state: "partiallyFilled",
      filled: "0.0005",
      leaves: "0.0015",
    });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 49: so does the order of another process with the same account", async () => {
    const all = await story();
    const { clock } = all;
    const ask = await placed(all, { side: "sell", price: "50000", size: "0.001" });
    const twin = await all.engineFor(ACCOUNT, {
      random: seededRandom(9),
      journal: foreignJournal(),
    });
    const bid = twin.place({ ...BID, tif: "Ioc" });
    await settle(clock, bid.closed);
    expect(await settle(clock, ask.closed)).toMatchObject({
      state: "canceled",
      cause: "selfTrade",
    });
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 50: a spot buy pays its fee in base: the quantity is whole, the balance is less", async () => {
    const all = await story({
      exchange: {
        accounts: [
          { address: ACCOUNT, deposit: "1000000" },
          {
            address: `0x${"b2".repeat(20)}`,
            deposit: "1000000",
            spot: { USDC: "1000", HYPE: "1000" },
          },
        ],
      },
    });
    const { engine, clock } = all;
    const spot = { coin: "@107", price: "25", size: "10" };
    await quote(all, { ...spot, size: "4" });
    await quote(all, { ...spot, size: "6" });
    const order = engine.place({ ...BID, ...spot, tif: "Ioc" });
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "10" });
    const balance = truthOf(all).balances["HYPE"];
    expect(engine.positions).toEqual([{ coin: "@107", size: balance }]);
    expect(balance).toBe("9.993");
    expect(order.view().fees).toEqual({ HYPE: "0.007" });
    const sale = await placed(all, { ...spot, side: "sell", size: "5", price: "24" });
    const bought = all.rival.place({ ...BID, ...spot, size: "5", tif: "Ioc" });
    await settle(clock, bought.closed);
    clock.advanceBy(500);
    expect(sale.view()).toMatchObject({ state: "filled", filled: "5", fees: { USDC: "0.048" } });
    expect(engine.positions).toEqual([{ coin: "@107", size: "4.993" }]);
    expect(truthOf(all).balances["HYPE"]).toBe("4.993");
    clock.advanceBy(40_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});
