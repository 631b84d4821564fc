import { SubscriptionClient, WebSocketRequestError } from "@nktkas/hyperliquid";
import { describe, expect, it } from "vitest";
import { Heard } from "./independent-client-heard.fixture.ts";
import { limit, openWorld, type World } from "./independent-client.fixture.ts";
import { checked } from "./independent-client-answers.fixture.ts";
import {
  ALL_MIDS_EVENT,
  BBO_EVENT,
  CLEARINGHOUSE_EVENT,
  L2_BOOK_EVENT,
  OPEN_ORDERS_EVENT,
  ORDER_UPDATES,
  PERP_CONTEXT_EVENT,
  SPOT_CONTEXT_EVENT,
  TRADES_EVENT,
  USER_EVENTS,
  USER_FILLS,
} from "./independent-client-channel-events.fixture.ts";

const CLOID = "0xc1000000000000000000000000000001";

describe.each(["mainnet", "testnet"] as const)(
  "an independent client subscribes on %s",
  (network) => {
    it("userFills: a snapshot, oldest first, then the fills of each block", async () => {
      const world = await openWorld(network, "ws");
      const { user } = world.alice;
      await trade(world, "64000");
      await trade(world, "64010");
      const heard = new Heard<unknown>();
      await world.subscriber().userFills({ user }, heard.listen);
      const snapshot = checked(USER_FILLS, await heard.until(() => true));
      expect(snapshot).toMatchObject({ user, isSnapshot: true });
      expect(snapshot.fills.map(({ px }) => px)).toEqual(["64000.0", "64010.0"]);
      await trade(world, "64020");
      const next = checked(USER_FILLS, await heard.until((event) => event !== heard.events[0]));
      expect(next.isSnapshot).toBeUndefined();
      expect(next.fills).toMatchObject([{ px: "64020.0", crossed: true, startPosition: "0.002" }]);
    });

    it("userEvents: the same fills, without a snapshot", async () => {
      const world = await openWorld(network, "ws");
      await trade(world, "64000");
      const heard = new Heard<unknown>();
      await world.subscriber().userEvents({ user: world.alice.user }, heard.listen);
      await trade(world, "64010");
      const first = checked(USER_EVENTS, await heard.until(() => true));
      expect(first).toMatchObject({ fills: [{ px: "64010.0" }] });
    });

    it("orderUpdates: no snapshot; each status of an order in its turn", async () => {
      const world = await openWorld(network, "ws");
      const { alice, bob } = world;
      await alice.exchange.order({ orders: [limit({ b: true, p: "60000", s: "0.001" })] });
      const heard = new Heard<unknown>();
      await world.subscriber().orderUpdates({ user: alice.user }, heard.listen);
      const order = limit({ b: true, p: "63000", s: "0.002", tif: "Alo", c: CLOID });
      await alice.exchange.order({ orders: [order] });
      await bob.exchange.order({
        orders: [limit({ b: false, p: "63000", s: "0.0005", tif: "Ioc" })],
      });
      const moved = limit({ b: true, p: "63010", s: "0.0015", tif: "Alo", c: CLOID });
      await alice.exchange.batchModify({ modifies: [{ oid: CLOID, order: moved }] });
      await alice.exchange.order({
        orders: [limit({ b: false, p: "64000", s: "0.001", r: true })],
      });
      await alice.exchange.cancelByCloid({ cancels: [{ asset: 0, cloid: CLOID }] });
      const rejected = alice.exchange.order({
        orders: [limit({ b: true, p: "60000", s: "0.0001" })],
      });
      await expect(rejected).rejects.toThrow("minimum value");
      const said = (event: unknown, status: string) =>
        JSON.stringify(event).includes(`"${status}"`);
      await heard.until((event) => said(event, "minTradeNtlRejected"));
      const updates = heard.events.flatMap((event) => checked(ORDER_UPDATES, event));
      expect(updates.map(({ status, order: { limitPx, sz } }) => [status, limitPx, sz])).toEqual([
        ["open", "63000.0", "0.002"],
        ["open", "63010.0", "0.0015"],
        ["canceled", "63000.0", "0.0015"],
        ["open", "64000.0", "0.0005"],
        ["canceled", "63010.0", "0.0015"],
        ["minTradeNtlRejected", "60000.0", "0.0001"],
      ]);
      expect(updates[0]?.order.cloid).toBe(CLOID);
      expect(updates[3]?.order).toMatchObject({ reduceOnly: true, origSz: "0.001" });
    });

    it("openOrders and clearinghouseState: the whole state, at once and after each change", async () => {
      const world = await openWorld(network, "ws");
      const { alice } = world;
      const { user } = alice;
      const subscriber = world.subscriber();
      await alice.exchange.order({
        orders: [limit({ b: true, p: "63000", s: "0.001", c: CLOID })],
      });
      const orders = new Heard<unknown>();
      await subscriber.openOrders({ user }, orders.listen);
      expect(checked(OPEN_ORDERS_EVENT, await orders.until(() => true))).toMatchObject({
        user,
        dex: "",
        orders: [{ cloid: CLOID, sz: "0.001", tif: "Gtc" }],
      });
      const state = new Heard<unknown>();
      await subscriber.clearinghouseState({ user }, state.listen);
      const before = checked(CLEARINGHOUSE_EVENT, await state.until(() => true));
      expect(before.clearinghouseState.assetPositions).toEqual([]);
      await trade(world, "64000");
      await alice.exchange.cancelByCloid({ cancels: [{ asset: 0, cloid: CLOID }] });
      const has = (text: string) => (event: unknown) => JSON.stringify(event).includes(text);
      const after = checked(CLEARINGHOUSE_EVENT, await state.until(has('"szi":"0.001"')));
      expect(after.clearinghouseState.assetPositions).toHaveLength(1);
      checked(OPEN_ORDERS_EVENT, await orders.until(has('"orders":[]')));
      const onDex = new Heard<unknown>();
      await subscriber.openOrders({ user, dex: "xyz" }, onDex.listen);
      expect(await onDex.until(() => true)).toEqual({ user, dex: "xyz", orders: [] });
    });

    it("l2Book, bbo, trades and allMids: what is, then what changes", async () => {
      const world = await openWorld(network, "ws");
      const { alice, bob } = world;
      const subscriber = world.subscriber();
      await bob.exchange.order({
        orders: [
          limit({ b: false, p: "64010", s: "0.01" }),
          limit({ b: true, p: "63990", s: "0.02" }),
        ],
      });
      await alice.exchange.order({
        orders: [limit({ b: true, p: "64010", s: "0.001", tif: "Ioc" })],
      });
      const heard = {
        book: new Heard<unknown>(),
        coarse: new Heard<unknown>(),
        bbo: new Heard<unknown>(),
        trades: new Heard<unknown>(),
        mids: new Heard<unknown>(),
        dexMids: new Heard<unknown>(),
      };
      await subscriber.l2Book({ coin: "BTC" }, heard.book.listen);
      await subscriber.bbo({ coin: "BTC" }, heard.bbo.listen);
      await subscriber.trades({ coin: "BTC" }, heard.trades.listen);
      await subscriber.allMids(heard.mids.listen);
      await subscriber.allMids({ dex: "xyz" }, heard.dexMids.listen);
      // On a socket of its own: two books of one coin cannot be told apart (protocol §4.5).
      await world.subscriber().l2Book({ coin: "BTC", nSigFigs: 3 }, heard.coarse.listen);

      const ask = { px: "64010.0", sz: "0.009", n: 1 };
      const bid = { px: "63990.0", sz: "0.02", n: 1 };
      const book = checked(L2_BOOK_EVENT, await heard.book.until(() => true));
      expect(book.levels).toEqual([[bid], [ask]]);
      const coarse = checked(L2_BOOK_EVENT, await heard.coarse.until(() => true));
      expect(coarse.levels.map(([top]) => top?.px)).toEqual(["63900.0", "64100.0"]);
      expect(checked(BBO_EVENT, await heard.bbo.until(() => true)).bbo).toEqual([bid, ask]);
      const [past] = checked(TRADES_EVENT, await heard.trades.until(() => true));
      expect(past).toMatchObject({ px: "64010.0", users: [alice.user, bob.user] });
      expect(checked(ALL_MIDS_EVENT, await heard.mids.until(() => true)).mids["BTC"]).toBe(
        "64000.0",
      );
      const dexMids = checked(ALL_MIDS_EVENT, await heard.dexMids.until(() => true));
      expect(dexMids).toMatchObject({ dex: "xyz", mids: { "xyz:SILVER": "31.5" } });

      await alice.exchange.order({
        orders: [limit({ b: false, p: "63990", s: "0.005", tif: "Ioc" })],
      });
      await bob.exchange.order({ orders: [limit({ b: true, p: "64000", s: "0.001" })] });
      const has = (text: string) => (event: unknown) => JSON.stringify(event).includes(text);
      checked(TRADES_EVENT, await heard.trades.until(has('"side":"A"')));
      checked(BBO_EVENT, await heard.bbo.until(has('"64000.0"')));
      checked(L2_BOOK_EVENT, await heard.book.until(has('"64000.0"')));
      checked(ALL_MIDS_EVENT, await heard.mids.until(has('"BTC":"64005.0"')));
    });

    it("activeAssetCtx: of a perpetual, and of a pair on its own channel", async () => {
      const world = await openWorld(network, "ws");
      const subscriber = world.subscriber();
      const perp = new Heard<unknown>();
      await subscriber.activeAssetCtx({ coin: "xyz:SILVER" }, perp.listen);
      const event = checked(PERP_CONTEXT_EVENT, await perp.until(() => true));
      expect(event).toMatchObject({ coin: "xyz:SILVER", ctx: { markPx: "31.5" } });
      const pair = new Heard<unknown>();
      await subscriber.activeSpotAssetCtx({ coin: "@107" }, pair.listen);
      const spot = checked(SPOT_CONTEXT_EVENT, await pair.until(() => true));
      expect(spot).toMatchObject({ coin: "@107", ctx: { coin: "@107", markPx: "25.5" } });
    });

    it("ends a subscription, and takes it up again", async () => {
      const world = await openWorld(network, "ws");
      const { user } = world.alice;
      const subscriber = world.subscriber();
      const first = new Heard<unknown>();
      const subscription = await subscriber.userFills({ user }, first.listen);
      await first.until(() => true);
      await subscription.unsubscribe();
      await trade(world, "64000");
      const again = new Heard<unknown>();
      await subscriber.userFills({ user }, again.listen);
      expect(await again.until(() => true)).toMatchObject({ isSnapshot: true, fills: [{}] });
      expect(first.events).toHaveLength(1);
    });

    it("is refused with a typed error: a dex nobody lists, a channel nobody knows", async () => {
      const world = await openWorld(network, "ws");
      const subscriber = world.subscriber();
      const noDex = subscriber.allMids({ dex: "nope" }, () => {});
      await expect(noDex).rejects.toThrow(WebSocketRequestError);
      await expect(noDex).rejects.toThrow("Invalid subscription");
      const { transport } = subscriber.config_;
      const noChannel = transport.subscribe("nonsense", { type: "nonsense" }, () => {});
      await expect(noChannel).rejects.toThrow("Error parsing JSON into valid websocket request");
    });

    it("takes its subscriptions up again on a new connection, with fresh snapshots", async () => {
      const world = await openWorld(network, "ws");
      const { user } = world.alice;
      const transport = world.socket();
      const subscriber = new SubscriptionClient({ transport });
      const fills = new Heard<unknown>();
      const orders = new Heard<unknown>();
      await subscriber.userFills({ user }, fills.listen);
      await subscriber.openOrders({ user }, orders.listen);
      await trade(world, "64000");
      await fills.until((event) => JSON.stringify(event).includes("64000.0"));
      const before = fills.events.length;
      transport.socket.close(1000, "", false);
      const snapshot = await fills.until((event) => fills.events.indexOf(event) >= before);
      expect(checked(USER_FILLS, snapshot)).toMatchObject({ isSnapshot: true, fills: [{}] });
      await world.alice.exchange.order({ orders: [limit({ b: true, p: "63000", s: "0.001" })] });
      const list = await orders.until((event) => JSON.stringify(event).includes("63000.0"));
      expect(checked(OPEN_ORDERS_EVENT, list).orders).toHaveLength(1);
    });

    it("loses the connection over a coin nobody lists, as at the venue (protocol §2.3)", async () => {
      const world = await openWorld(network, "ws");
      const asked = world.subscriber().bbo({ coin: "NOPE" }, () => {});
      await expect(asked).rejects.toThrow(WebSocketRequestError);
      await expect(asked).rejects.toThrow("WebSocket connection closed");
    });
  },
);

/** Bob offers, alice takes all of it. */
async function trade({ alice, bob }: World, price: string): Promise<void> {
  await bob.exchange.order({ orders: [limit({ b: false, p: price, s: "0.001" })] });
  await alice.exchange.order({ orders: [limit({ b: true, p: price, s: "0.001", tif: "Ioc" })] });
}
