import { describe, expect, it } from "vitest";
import { Heard } from "./independent-client-heard.fixture.ts";
import {
  ACTIVE_DATA,
  ALL_DEXS_CONTEXTS,
  ALL_DEXS_STATE,
  CANDLE_EVENT,
  DEX_CONTEXTS,
  FUNDINGS,
  HISTORICAL_ORDERS,
  LEDGER_UPDATES_EVENT,
  NOTIFICATION,
  SPOT_CONTEXTS,
  SPOT_STATE,
  TWAP_FILLS_EVENT,
  TWAP_HISTORY_EVENT,
  TWAP_STATES,
  WEB_DATA_2_EVENT,
  WEB_DATA_3_EVENT,
} from "./independent-client-account-events.fixture.ts";
import { checked } from "./independent-client-answers.fixture.ts";
import { limit, openWorld, type World } from "./independent-client.fixture.ts";

const has = (text: string) => (event: unknown) => JSON.stringify(event).includes(text);
const first = () => true;

describe.each(["mainnet", "testnet"] as const)("an independent client listens on %s", (network) => {
  it("spotState and clearinghouse states of all dexes: whole, and again after a change", async () => {
    const world = await openWorld(network, "ws");
    const { user, exchange } = world.alice;
    const subscriber = world.subscriber();
    const spot = new Heard<unknown>();
    const dexes = new Heard<unknown>();
    await subscriber.spotState({ user }, spot.listen);
    await subscriber.allDexsClearinghouseState({ user }, dexes.listen);
    const before = checked(SPOT_STATE, await spot.until(first));
    expect(before.spotState.balances.map(({ coin }) => coin)).toEqual(["USDC", "PURR"]);
    const states = checked(ALL_DEXS_STATE, await dexes.until(first)).clearinghouseStates;
    expect(states.map(([dex]) => dex)).toEqual(["", "xyz"]);
    await exchange.usdClassTransfer({ amount: "1", toPerp: true });
    checked(SPOT_STATE, await spot.until(has('"9999.0"')));
    checked(ALL_DEXS_STATE, await dexes.until(has('"1000001.0"')));
  });

  it("activeAssetData: what could be traded, and again as the price moves", async () => {
    const world = await openWorld(network, "ws");
    const { user } = world.alice;
    const heard = new Heard<unknown>();
    await world.subscriber().activeAssetData({ user, coin: "BTC" }, heard.listen);
    expect(checked(ACTIVE_DATA, await heard.until(first)).markPx).toBe("64000.0");
    world.simulator.setMark("BTC", "65000");
    checked(ACTIVE_DATA, await heard.until(has('"65000.0"')));
  });

  it("contexts of one dex, of all, and of spot", async () => {
    const world = await openWorld(network, "ws");
    const subscriber = world.subscriber();
    const [one, all, spot] = [new Heard<unknown>(), new Heard<unknown>(), new Heard<unknown>()];
    await subscriber.assetCtxs({ dex: "xyz" }, one.listen);
    await subscriber.allDexsAssetCtxs(all.listen);
    await subscriber.spotAssetCtxs(spot.listen);
    expect(checked(DEX_CONTEXTS, await one.until(first)).ctxs).toHaveLength(1);
    const { ctxs } = checked(ALL_DEXS_CONTEXTS, await all.until(first));
    expect(ctxs.map(([dex, list]) => [dex, list.length])).toEqual([
      ["", 4],
      ["xyz", 1],
    ]);
    expect(checked(SPOT_CONTEXTS, await spot.until(first)).map(({ coin }) => coin)).toEqual([
      "PURR/USDC",
      "@107",
    ]);
  });

  it("candle: the one of now, as trades change it; notification: a resting order that filled", async () => {
    const world = await openWorld(network, "ws");
    const subscriber = world.subscriber();
    const candles = new Heard<unknown>();
    const told = new Heard<unknown>();
    await subscriber.candle({ coin: "BTC", interval: "1d" }, candles.listen);
    await subscriber.notification({ user: world.bob.user }, told.listen);
    await trade(world, "64000");
    expect(checked(CANDLE_EVENT, await candles.until(first))).toMatchObject({
      s: "BTC",
      i: "1d",
      o: "64000.0",
      v: "0.001",
      n: 1,
    });
    expect(checked(NOTIFICATION, await told.until(first)).notification).toBe(
      "Resting order filled: Sold 0.001 BTC at $64000.0",
    );
    await trade(world, "64010");
    expect(checked(CANDLE_EVENT, await candles.until(has('"n":2')))).toMatchObject({
      h: "64010.0",
      c: "64010.0",
      l: "64000.0",
    });
  });

  it("histories: a snapshot of what was, then each row as it comes", async () => {
    const world = await openWorld(network, "ws");
    const { alice, bob } = world;
    const { user } = alice;
    await trade(world, "64000");
    await alice.exchange.usdSend({ destination: bob.user, amount: "1" });
    const subscriber = world.subscriber();
    const orders = new Heard<unknown>();
    const updates = new Heard<unknown>();
    const fundings = new Heard<unknown>();
    await subscriber.userHistoricalOrders({ user }, orders.listen);
    await subscriber.userNonFundingLedgerUpdates({ user }, updates.listen);
    await subscriber.userFundings({ user }, fundings.listen);
    const past = checked(HISTORICAL_ORDERS, await orders.until(first));
    expect(past.isSnapshot).toBe(true);
    expect(past.orderHistory.map(({ status }) => status)).toEqual(["filled", "open"]);
    expect(checked(LEDGER_UPDATES_EVENT, await updates.until(first))).toMatchObject({
      isSnapshot: true,
      nonFundingLedgerUpdates: [{ delta: { usdc: "1.0" } }],
    });
    expect(checked(FUNDINGS, await fundings.until(first))).toEqual({
      isSnapshot: true,
      user,
      fundings: [],
    });
    await alice.exchange.order({ orders: [limit({ b: true, p: "60000", s: "0.001" })] });
    const next = checked(HISTORICAL_ORDERS, await orders.until(has('"60000.0"')));
    expect(next).not.toHaveProperty("isSnapshot");
    expect(next.orderHistory).toMatchObject([{ status: "open" }]);
    await alice.exchange.usdSend({ destination: bob.user, amount: "2" });
    const later = checked(LEDGER_UPDATES_EVENT, await updates.until(has('"2.0"')));
    expect(later.nonFundingLedgerUpdates).toHaveLength(1);
  });

  it("TWAPs: their states, their history, the fills of their slices", async () => {
    const world = await openWorld(network, "ws");
    const { alice, bob } = world;
    const { user } = alice;
    await bob.exchange.order({ orders: [limit({ b: false, p: "64000", s: "1" })] });
    const subscriber = world.subscriber();
    const states = new Heard<unknown>();
    const history = new Heard<unknown>();
    const fills = new Heard<unknown>();
    await subscriber.twapStates({ user }, states.listen);
    await subscriber.userTwapHistory({ user }, history.listen);
    await subscriber.userTwapSliceFills({ user }, fills.listen);
    expect(checked(TWAP_STATES, await states.until(first)).states).toEqual([]);
    expect(checked(TWAP_HISTORY_EVENT, await history.until(first)).history).toEqual([]);
    expect(checked(TWAP_FILLS_EVENT, await fills.until(first)).twapSliceFills).toEqual([]);
    const twap = { a: 0, b: true, s: "0.11", r: false, m: 5, t: false };
    await alice.exchange.twapOrder({ twap });
    const sliced = checked(TWAP_FILLS_EVENT, await fills.until(has('"0.01"')));
    expect(sliced.twapSliceFills).toHaveLength(1);
    expect(checked(TWAP_STATES, await states.until(has('"executedSz":"0.01"')))).toMatchObject({
      dex: "",
      states: [[1, { coin: "BTC", side: "B", sz: "0.11", executedNtl: "640.0" }]],
    });
    await alice.exchange.twapCancel({ a: 0, t: 1 });
    checked(TWAP_HISTORY_EVENT, await history.until(has('"terminated"')));
    checked(
      TWAP_STATES,
      await states.until((event) => has('"states":[]')(event) && states.events.length > 1),
    );
  });

  it("webData2 and webData3: what a web page needs", async () => {
    const world = await openWorld(network, "ws");
    const { user } = world.alice;
    const subscriber = world.subscriber();
    const old = new Heard<unknown>();
    const fresh = new Heard<unknown>();
    await subscriber.webData2({ user }, old.listen);
    await subscriber.webData3({ user }, fresh.listen);
    expect(checked(WEB_DATA_2_EVENT, await old.until(first))).toMatchObject({ user });
    const data = checked(WEB_DATA_3_EVENT, await fresh.until(first));
    expect(data.userState).toMatchObject({ user, cumLedger: "2010200.0", isVault: false });
    expect(data.perpDexStates).toHaveLength(2);
  });
});

/** Bob offers, alice takes all of it. */
async function trade({ alice, bob }: World, price: string): Promise<void> {
  await bob.exchange.order({ orders: [limit({ b: false, p: price, s: "0.001" })] });
  await alice.exchange.order({ orders: [limit({ b: true, p: price, s: "0.001", tif: "Ioc" })] });
}
