import { describe, expect, it } from "vitest";
import { limit, openWorld, type World } from "./independent-client.fixture.ts";
import { type Allowed, differences, shapeOf } from "./wire-shape.fixture.ts";

/*
 * Frames composed after the wire reference (sections 2, 3, 4 and the transcripts of 17); ids and prices are invented.
 * The simulated venue is brought to send each: keys and types must be the same.
 */

type Case = {
  readonly name: string;
  readonly frame: unknown;
  /** What to subscribe to, for alice. */
  readonly listen: object;
  readonly provoke?: (world: World) => Promise<unknown>;
  /** What the frame that is meant has in its text; the first of its channel otherwise. */
  readonly meant?: string;
  readonly allowed?: Allowed;
};

const USER = "0x1111111111111111111111111111111111111111";
const CLOID = "0xc1000000000000000000000000000001";
const LIMIT = {
  coin: "BTC",
  side: "B",
  limitPx: "64000.0",
  sz: "0.001",
  oid: 800_000_000_001,
  timestamp: 1_700_000_000_420,
  origSz: "0.001",
  cloid: CLOID,
};
const FILL = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.0004",
  side: "B",
  time: 1_700_000_004_000,
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0xf1",
  oid: 800_000_000_001,
  crossed: false,
  fee: "0.00384",
  tid: 100_000_000_000_001,
  cloid: CLOID,
  feeToken: "USDC",
  twapId: null,
};
const FULL = {
  ...LIMIT,
  triggerCondition: "N/A",
  isTrigger: false,
  triggerPx: "0.0",
  children: [],
  isPositionTpsl: false,
  reduceOnly: false,
  orderType: "Limit",
  tif: "Alo",
};
const MARGIN = {
  accountValue: "1000.0",
  totalNtlPos: "25.6",
  totalRawUsd: "974.4",
  totalMarginUsed: "5.12",
};
const LEVEL = { px: "64000.0", sz: "1.25", n: 3 };
const POSITION = {
  coin: "BTC",
  szi: "0.0004",
  leverage: { type: "cross", value: 5 },
  entryPx: "64000.0",
  positionValue: "25.6",
  unrealizedPnl: "0.0",
  returnOnEquity: "0.0",
  liquidationPx: null,
  marginUsed: "5.12",
  maxLeverage: 40,
  cumFunding: { allTime: "0.0", sinceOpen: "0.0", sinceChange: "0.0" },
};

const update = (status: string) => ({ order: LIMIT, status, statusTimestamp: 5 });

const CASES: readonly Case[] = [
  {
    name: "§4.1 a new order that rests",
    listen: { type: "orderUpdates" },
    frame: { channel: "orderUpdates", data: [update("open")] },
    provoke: rest,
  },
  {
    name: "§4.1 filled on arrival: open, then filled",
    listen: { type: "orderUpdates" },
    frame: { channel: "orderUpdates", data: [update("open"), update("filled")] },
    provoke: trade,
  },
  {
    name: "§4.1 a reject while running",
    listen: { type: "orderUpdates" },
    frame: { channel: "orderUpdates", data: [update("minTradeNtlRejected")] },
    provoke: async ({ alice }) => {
      const order = limit({ b: true, p: "60000", s: "0.0001", c: CLOID });
      await expect(alice.exchange.order({ orders: [order] })).rejects.toThrow("minimum");
    },
  },
  {
    name: "§4.2 fills: the snapshot",
    listen: { type: "userFills" },
    frame: { channel: "userFills", data: { isSnapshot: true, user: USER, fills: [] } },
  },
  {
    name: "§4.2 fills: the news",
    meant: '"fills":[{',
    listen: { type: "userFills" },
    frame: { channel: "userFills", data: { user: USER, fills: [FILL] } },
    provoke: trade,
  },
  {
    name: "§4.2 fills: with a builder's fee",
    meant: '"fills":[{',
    listen: { type: "userFills" },
    frame: {
      channel: "userFills",
      data: { user: USER, fills: [{ ...FILL, builderFee: "0.002" }] },
    },
    provoke: async (world) => {
      const builder = world.bob.user;
      await world.alice.exchange.approveBuilderFee({ builder, maxFeeRate: "0.01%" });
      await offer(world);
      const order = limit({ b: true, p: "64000", s: "0.001", tif: "Ioc", c: CLOID });
      await world.alice.exchange.order({ orders: [order], builder: { b: builder, f: 10 } });
    },
  },
  {
    name: "§4.3 the same fill as an event",
    listen: { type: "userEvents" },
    frame: { channel: "user", data: { fills: [FILL] } },
    provoke: trade,
  },
  {
    name: "§4.3 cancels that nobody asked for",
    listen: { type: "userEvents" },
    frame: { channel: "user", data: { nonUserCancel: [{ coin: "ETH", oid: 800_000_000_006 }] } },
    meant: "nonUserCancel",
    provoke: async (world) => {
      await rest(world);
      // Her own order meets the resting one, which expires.
      const order = limit({ b: false, p: "60000", s: "0.001", tif: "Gtc" });
      await world.alice.exchange.order({ orders: [order] });
    },
  },
  {
    name: "§4.4 open orders",
    meant: '"orders":[{',
    listen: { type: "openOrders" },
    frame: { channel: "openOrders", data: { dex: "", user: USER, orders: [FULL] } },
    provoke: rest,
  },
  {
    name: "§4.4 margin and positions",
    meant: '"szi"',
    listen: { type: "clearinghouseState" },
    frame: {
      channel: "clearinghouseState",
      data: {
        dex: "",
        user: USER,
        clearinghouseState: {
          marginSummary: MARGIN,
          crossMarginSummary: MARGIN,
          crossMaintenanceMarginUsed: "0.32",
          withdrawable: "994.88",
          assetPositions: [{ type: "oneWay", position: POSITION }],
          time: 1_700_000_007_000,
        },
      },
    },
    provoke: trade,
  },
  {
    name: "§4.4 what a web page needs",
    listen: { type: "webData3" },
    frame: {
      channel: "webData3",
      data: {
        userState: {
          agentAddress: null,
          agentValidUntil: null,
          serverTime: 1_700_000_007_000,
          cumLedger: "1000.0",
          isVault: false,
          user: USER,
        },
        perpDexStates: [{ totalVaultEquity: "0.0", perpsAtOpenInterestCap: [], leadingVaults: [] }],
      },
    },
  },
  {
    name: "§4.5 a book",
    meant: '"n":',
    listen: { type: "l2Book", coin: "BTC" },
    frame: { channel: "l2Book", data: { coin: "BTC", time: 5, levels: [[LEVEL], [LEVEL]] } },
    provoke: offer,
  },
  {
    name: "§4.5 best prices, one side empty",
    meant: '"n":',
    listen: { type: "bbo", coin: "BTC" },
    frame: { channel: "bbo", data: { coin: "BTC", time: 5, bbo: [LEVEL, null] } },
    provoke: offer,
  },
  {
    name: "§4.5 trades",
    meant: '"tid"',
    listen: { type: "trades", coin: "BTC" },
    frame: {
      channel: "trades",
      data: [
        {
          coin: "BTC",
          side: "A",
          px: "64000.0",
          sz: "0.0004",
          time: 5,
          hash: "0xf1",
          tid: 9,
          users: [USER, USER],
        },
      ],
    },
    provoke: trade,
  },
  {
    name: "§4.5 mids",
    listen: { type: "allMids" },
    frame: {
      channel: "allMids",
      data: {
        mids: {
          BTC: "64000.5",
          ETH: "2080.05",
          SOL: "140.0",
          "PURR/USDC": "0.2",
          "@107": "25.585",
        },
      },
    },
  },
  {
    name: "§4.5 leverage and trade limits",
    listen: { type: "activeAssetData", coin: "BTC" },
    frame: {
      channel: "activeAssetData",
      data: {
        user: USER,
        coin: "BTC",
        leverage: { type: "cross", value: 20 },
        maxTradeSzs: ["0.31", "0.31"],
        availableToTrade: ["994.88", "994.88"],
        markPx: "64000.0",
      },
    },
  },
  {
    name: "§4.5 the context of a perpetual",
    listen: { type: "activeAssetCtx", coin: "BTC" },
    frame: {
      channel: "activeAssetCtx",
      data: {
        coin: "BTC",
        ctx: {
          funding: "0.0000125",
          openInterest: "36585.3",
          prevDayPx: "63000.0",
          dayNtlVlm: "4161029539.69",
          premium: "-0.0001",
          oraclePx: "64010.0",
          markPx: "64003.0",
          midPx: "64000.5",
          impactPxs: ["64000.0", "64001.0"],
          dayBaseVlm: "49116.0",
        },
      },
    },
    provoke: async (world) => {
      await offer(world);
      await world.alice.exchange.order({ orders: [limit({ b: true, p: "60000", s: "0.001" })] });
    },
    meant: '"impactPxs":[',
  },
  {
    name: "§4.5 a notification",
    listen: { type: "notification" },
    frame: {
      channel: "notification",
      data: { notification: "Resting order filled: Bought 0.0004 BTC at $64000.0" },
    },
    provoke: async (world) => {
      await world.alice.exchange.order({ orders: [limit({ b: true, p: "64000", s: "0.001" })] });
      const order = limit({ b: false, p: "64000", s: "0.001", tif: "Ioc" });
      await world.bob.exchange.order({ orders: [order] });
    },
  },
];

describe("the simulated venue's frames", () => {
  it.for(CASES)("$name", async ({ listen, frame, provoke, meant, allowed }) => {
    const world = await openWorld("mainnet", "http");
    const heard = await listening(world, { ...listen, ...namesUser(listen, world) });
    await provoke?.(world);
    const channel = JSON.stringify(frame).split(",")[0] ?? "";
    const ours = await heard.first(
      (text) => text.startsWith(channel) && text.includes(meant ?? channel),
    );
    expect(differences(shapeOf(ours), shapeOf(frame), allowed)).toEqual([]);
  });

  it("§3 a read by post that finds nothing", async () => {
    const world = await openWorld("mainnet", "http");
    const heard = await listening(world, { type: "trades", coin: "BTC" });
    const payload = { type: "orderStatus", user: world.alice.user, oid: 1 };
    heard.send({ method: "post", id: 41, request: { type: "info", payload } });
    expect(await heard.first((text) => text.startsWith('{"channel":"post"'))).toEqual({
      channel: "post",
      data: {
        id: 41,
        response: {
          type: "info",
          payload: { type: "orderStatus", data: { status: "unknownOid" } },
        },
      },
    });
  });

  it("§2.2 an acknowledgement with its defaults, §2.3 errors, §2.4 a pong", async () => {
    const world = await openWorld("mainnet", "http");
    const subscription = { type: "userFills", user: world.alice.user };
    const heard = await listening(world, subscription);
    heard.send({ method: "subscribe", subscription });
    heard.send({ method: "ping" });
    await heard.first((text) => text.includes("pong"));
    const echo = { ...subscription, aggregateByTime: false };
    expect(heard.frames.map((text): unknown => JSON.parse(text))).toEqual([
      { channel: "subscriptionResponse", data: { method: "subscribe", subscription: echo } },
      { channel: "userFills", data: { isSnapshot: true, user: world.alice.user, fills: [] } },
      { channel: "error", data: `Already subscribed: ${JSON.stringify(echo)}` },
      { channel: "pong" },
    ]);
  });
});

/** Channels of markets name a coin or nothing. */
function namesUser(listen: object, { alice }: World): object {
  const market = ["l2Book", "bbo", "trades", "allMids", "activeAssetCtx"];
  return "type" in listen && market.includes(String(listen.type)) ? {} : { user: alice.user };
}

async function listening({ simulator }: World, subscription: object) {
  const frames: string[] = [];
  let waiting: (() => void)[] = [];
  const socket = simulator.wire().connect("private", {
    opened: () => socket.send(JSON.stringify({ method: "subscribe", subscription })),
    received: (text) => {
      frames.push(text);
      const told = waiting;
      waiting = [];
      for (const tell of told) tell();
    },
    closed: () => {},
  });
  const more = () =>
    new Promise<void>((tell) => {
      waiting.push(tell);
    });
  while (!frames.some((text) => text.includes("subscriptionResponse"))) await more();
  return {
    frames,
    send: (frame: object) => socket.send(JSON.stringify(frame)),
    /** The first frame that is wanted, heard or to come. */
    first: async (wanted: (text: string) => boolean): Promise<unknown> => {
      for (;;) {
        const found = frames.find(wanted);
        if (found !== undefined) return JSON.parse(found);
        await more();
      }
    },
  };
}

async function rest({ alice }: World): Promise<void> {
  const order = limit({ b: true, p: "60000", s: "0.001", tif: "Alo", c: CLOID });
  await alice.exchange.order({ orders: [order] });
}

async function offer({ bob }: World): Promise<void> {
  await bob.exchange.order({ orders: [limit({ b: false, p: "64000", s: "0.001" })] });
}

async function trade(world: World): Promise<void> {
  await offer(world);
  const order = limit({ b: true, p: "64000", s: "0.001", tif: "Ioc", c: CLOID });
  await world.alice.exchange.order({ orders: [order] });
}
