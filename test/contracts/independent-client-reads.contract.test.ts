import { describe, expect, it } from "vitest";
import { limit, openWorld, WAYS } from "./independent-client.fixture.ts";
import {
  AGENTS,
  ALL_MIDS,
  checked,
  CLEARINGHOUSE,
  FILLS,
  FULL_ORDERS,
  HISTORY,
  L2_BOOK,
  META,
  META_AND_CONTEXTS,
  OPEN_ORDERS,
  ORDER_STATUS,
  PERP_DEXS,
  RATE_LIMIT,
  ROLE,
  SPOT_CLEARINGHOUSE,
  SPOT_META,
  SPOT_META_AND_CONTEXTS,
  SUB_ACCOUNTS,
  TRADES,
} from "./independent-client-answers.fixture.ts";

// The client takes a cloid below 2^53 for the number of an oid and would ask for that: these are larger.
const CLOID = "0xc1000000000000000000000000000001";

describe.each(WAYS)("an independent client reads %s over %s", (network, way) => {
  it("the markets", async () => {
    const { info } = await openWorld(network, way);
    const meta = checked(META, await info.meta());
    expect(meta.universe.map(({ name }) => name)).toEqual(["BTC", "ETH", "SOL", "MATIC"]);
    const [again, contexts] = checked(META_AND_CONTEXTS, await info.metaAndAssetCtxs());
    expect(again).toEqual(meta);
    expect(contexts).toHaveLength(meta.universe.length);
    const dexes = checked(PERP_DEXS, await info.perpDexs());
    expect(dexes.map((dex) => dex?.name)).toEqual([undefined, "xyz"]);
    const builder = checked(META, await info.meta({ dex: "xyz" }));
    expect(builder.universe.map(({ name }) => name)).toEqual(["xyz:SILVER"]);
    const spot = checked(SPOT_META, await info.spotMeta());
    expect(spot.universe.map(({ name, index }) => [name, index])).toEqual([
      ["PURR/USDC", 0],
      ["@107", 107],
    ]);
    const [spotAgain] = checked(SPOT_META_AND_CONTEXTS, await info.spotMetaAndAssetCtxs());
    expect(spotAgain).toEqual(spot);
    expect(await info.outcomeMeta()).toEqual({ outcomes: [], questions: [] });
  });

  it("mids, books and trades", async () => {
    const { info, alice, bob } = await openWorld(network, way);
    await bob.exchange.order({
      orders: [
        limit({ b: false, p: "64010", s: "0.01" }),
        limit({ b: true, p: "63990", s: "0.02" }),
      ],
    });
    const mids = checked(ALL_MIDS, await info.allMids());
    expect(mids).toMatchObject({ BTC: "64000.0", "PURR/USDC": "0.2", "@107": "25.5" });
    expect(Object.keys(checked(ALL_MIDS, await info.allMids({ dex: "xyz" })))).toEqual([
      "xyz:SILVER",
    ]);
    const book = checked(L2_BOOK, await info.l2Book({ coin: "BTC" }));
    expect(book?.levels).toEqual([
      [{ px: "63990.0", sz: "0.02", n: 1 }],
      [{ px: "64010.0", sz: "0.01", n: 1 }],
    ]);
    const coarse = checked(L2_BOOK, await info.l2Book({ coin: "BTC", nSigFigs: 2 }));
    expect(coarse?.levels[0][0]?.px).toBe("63000.0");
    expect(checked(L2_BOOK, await info.l2Book({ coin: "NOPE" }))).toBeNull();
    await alice.exchange.order({
      orders: [limit({ b: true, p: "64010", s: "0.004", tif: "Ioc" })],
    });
    const trades = checked(TRADES, await info.recentTrades({ coin: "BTC" }));
    expect(trades).toMatchObject([
      { side: "B", px: "64010.0", sz: "0.004", users: [alice.user, bob.user] },
    ]);
  });

  it("orders: by oid and cloid, open ones and past ones", async () => {
    const { info, alice, bob } = await openWorld(network, way);
    const { user } = alice;
    const placed = await alice.exchange.order({
      orders: [
        limit({ b: true, p: "63000", s: "0.002", tif: "Alo", c: CLOID }),
        limit({ a: 110_000, b: true, p: "31", s: "2" }),
      ],
    });
    const [first] = placed.response.data.statuses;
    const oid = typeof first === "object" && "resting" in first ? first.resting.oid : 0;
    const byOid = checked(ORDER_STATUS, await info.orderStatus({ user, oid }));
    expect(byOid).toMatchObject({ order: { status: "open", order: { oid, tif: "Alo" } } });
    expect(checked(ORDER_STATUS, await info.orderStatus({ user, oid: CLOID }))).toEqual(byOid);
    const missing = await info.orderStatus({ user: bob.user, oid });
    expect(checked(ORDER_STATUS, missing)).toEqual({ status: "unknownOid" });

    await bob.exchange.order({
      orders: [limit({ b: false, p: "63000", s: "0.0005", tif: "Ioc" })],
    });
    const open = checked(OPEN_ORDERS, await info.openOrders({ user }));
    expect(open).toMatchObject([{ oid, sz: "0.0015", origSz: "0.002", cloid: CLOID }]);
    const full = checked(FULL_ORDERS, await info.frontendOpenOrders({ user }));
    expect(full).toMatchObject([{ oid, sz: "0.0015", tif: "Alo", cloid: CLOID }]);
    const onDex = checked(FULL_ORDERS, await info.frontendOpenOrders({ user, dex: "xyz" }));
    expect(onDex).toMatchObject([{ coin: "xyz:SILVER", cloid: null }]);

    await alice.exchange.cancel({ cancels: [{ a: 0, o: oid }] });
    const history = checked(HISTORY, await info.historicalOrders({ user }));
    expect(history.filter(({ order }) => order.oid === oid).map((row) => row.status)).toEqual([
      "canceled",
      "open",
    ]);
  });

  it("fills, newest first, and by time, oldest first", async () => {
    const { info, alice, bob } = await openWorld(network, way);
    const { user } = alice;
    await bob.exchange.order({
      orders: [
        limit({ b: false, p: "64000", s: "0.01" }),
        limit({ b: false, p: "64100", s: "0.01" }),
      ],
    });
    const take = limit({ b: true, p: "64100", s: "0.015", tif: "Ioc", c: CLOID });
    const taken = await alice.exchange.order({ orders: [take] });
    const totalSz = "0.015";
    expect(taken.response.data.statuses).toMatchObject([{ filled: { totalSz, cloid: CLOID } }]);
    await bob.exchange.order({ orders: [limit({ b: true, p: "64000", s: "0.001" })] });
    await alice.exchange.order({
      orders: [limit({ b: false, p: "64000", s: "0.001", tif: "Ioc", r: true })],
    });
    const fills = checked(FILLS, await info.userFills({ user }));
    expect(fills.map(({ dir, sz }) => [dir, sz])).toEqual([
      ["Close Long", "0.001"],
      ["Open Long", "0.005"],
      ["Open Long", "0.01"],
    ]);
    const times = fills.map(({ time }) => time);
    const byTime = (startTime: number, endTime?: number) =>
      info.userFillsByTime({ user, startTime, ...(endTime === undefined ? {} : { endTime }) });
    const oldest = Math.min(...times);
    const all = checked(FILLS, await byTime(oldest));
    expect(all.map(({ tid }) => tid)).toEqual(fills.map(({ tid }) => tid).reverse());
    expect(checked(FILLS, await byTime(oldest, oldest))).toEqual(all.slice(0, 2));
    expect(await byTime(Math.max(...times) + 1)).toEqual([]);
    const reversed = await info.userFillsByTime({ user, startTime: oldest, reversed: true });
    expect(checked(FILLS, reversed)).toEqual(fills);
    expect(checked(FILLS, await info.userFills({ user: bob.user }))).toHaveLength(3);
  });

  it("fills of a builder's dex and of a pair, whose fee is in what was received", async () => {
    const { info, alice, bob } = await openWorld(network, way);
    const { user } = alice;
    const sells = [
      limit({ a: 110_000, b: false, p: "31.5", s: "2" }),
      limit({ a: 10_000, b: false, p: "0.2", s: "100" }),
    ];
    await bob.exchange.order({ orders: sells });
    const buys = sells.map(
      (order) => ({ ...order, b: true, t: { limit: { tif: "Ioc" } } }) as const,
    );
    await alice.exchange.order({ orders: buys });
    const fills = checked(FILLS, await info.userFills({ user }));
    expect(fills.map(({ coin, dir, feeToken }) => [coin, dir, feeToken])).toEqual([
      ["PURR/USDC", "Buy", "PURR"],
      ["xyz:SILVER", "Open Long", "USDC"],
    ]);
    expect(checked(FILLS, await info.userFills({ user: bob.user }))[0]).toMatchObject({
      dir: "Sell",
      feeToken: "USDC",
    });
    const onDex = checked(CLEARINGHOUSE, await info.clearinghouseState({ user, dex: "xyz" }));
    expect(onDex.assetPositions).toMatchObject([{ position: { coin: "xyz:SILVER", szi: "2.0" } }]);
  });

  it("margin, positions, balances and the request budget", async () => {
    const { info, alice, bob } = await openWorld(network, way);
    const { user } = alice;
    await bob.exchange.order({ orders: [limit({ b: true, p: "64000", s: "0.1" })] });
    await alice.exchange.updateLeverage({ asset: 0, isCross: false, leverage: 5 });
    await alice.exchange.order({ orders: [limit({ b: false, p: "64000", s: "0.1", tif: "Ioc" })] });
    await alice.exchange.order({ orders: [limit({ a: 10_000, b: false, p: "0.25", s: "400" })] });
    const state = checked(CLEARINGHOUSE, await info.clearinghouseState({ user }));
    expect(state.assetPositions).toMatchObject([
      {
        position: {
          coin: "BTC",
          szi: "-0.1",
          entryPx: "64000.0",
          leverage: { type: "isolated", value: 5 },
        },
      },
    ]);
    const long = checked(CLEARINGHOUSE, await info.clearinghouseState({ user: bob.user }));
    expect(long.assetPositions[0]?.position.leverage.type).toBe("cross");
    checked(CLEARINGHOUSE, await info.clearinghouseState({ user, dex: "xyz" }));
    const spot = checked(SPOT_CLEARINGHOUSE, await info.spotClearinghouseState({ user }));
    expect(spot.balances).toMatchObject([
      { coin: "USDC", total: "10000.0", hold: "0.0" },
      { coin: "PURR", total: "1000.0", hold: "400.0" },
    ]);
    const budget = checked(RATE_LIMIT, await info.userRateLimit({ user }));
    expect(budget).toMatchObject({ cumVlm: "6400.0", nRequestsCap: 16_400 });
    expect(budget.nRequestsUsed).toBeGreaterThanOrEqual(3);
  });

  it("roles, agents and subaccounts", async () => {
    const { info, alice, agent, sub, stranger } = await openWorld(network, way);
    const { user } = alice;
    const roleOf = async (of: `0x${string}`) => checked(ROLE, await info.userRole({ user: of }));
    expect(await roleOf(user)).toEqual({ role: "user" });
    expect(await roleOf(agent.user)).toEqual({ role: "agent", data: { user } });
    expect(await roleOf(sub)).toEqual({ role: "subAccount", data: { master: user } });
    expect(await roleOf(stranger.user)).toEqual({ role: "missing" });
    const agents = checked(AGENTS, await info.extraAgents({ user }));
    expect(agents).toMatchObject([{ address: agent.user, name: "desk" }]);
    const subs = checked(SUB_ACCOUNTS, await info.subAccounts({ user }));
    expect(subs).toMatchObject([{ subAccountUser: sub, master: user }]);
    expect(checked(SUB_ACCOUNTS, await info.subAccounts({ user: sub }))).toBeNull();
    expect(await info.userAbstraction({ user })).toBe("default");
    expect(await info.exchangeStatus()).toMatchObject({ specialStatuses: null });
  });
});
