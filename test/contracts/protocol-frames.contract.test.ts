import { decodeAnything } from "@cloister/hyperliquid";
import { describe, expect, it } from "vitest";

/*
 * Messages composed after the wire reference (sections 4, 7, 8 and the transcripts of 17); ids and prices are invented.
 * Each says what it must become, so that a change of the codec shows here in the venue's own terms.
 */

const USER = "0x1111111111111111111111111111111111111111";
const CLOID = "0x000000000000000000000000000000a1";
const CLOID_END = `, cloid ${CLOID}`;

function update(status: string, order: object, statusTimestamp: number) {
  return { order: { ...LIMIT, ...order }, status, statusTimestamp };
}

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
const FRONTEND = {
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
const TRIGGER = {
  ...FRONTEND,
  side: "A",
  oid: 800_000_000_009,
  triggerCondition: "Price above 66000",
  isTrigger: true,
  triggerPx: "66000.0",
  reduceOnly: true,
  orderType: "Take Profit Market",
  tif: null,
  cloid: null,
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
  hash: "0x00000000000000000000000000000000000000000000000000000000000000f1",
  oid: 800_000_000_001,
  crossed: false,
  fee: "0.00384",
  tid: 100_000_000_000_001,
  cloid: CLOID,
  feeToken: "USDC",
  twapId: null,
};
const POSITION = {
  type: "oneWay",
  position: {
    coin: "BTC",
    szi: "0.0004",
    leverage: { type: "isolated", value: 10, rawUsd: "150.25" },
    entryPx: "64000.0",
    liquidationPx: null,
  },
};
const CLEARINGHOUSE = {
  marginSummary: {
    accountValue: "1000.0",
    totalNtlPos: "25.6",
    totalRawUsd: "974.4",
    totalMarginUsed: "5.12",
  },
  withdrawable: "994.88",
  assetPositions: [POSITION],
  time: 1_700_000_007_000,
};

function post(id: number, payload: unknown, type = "action") {
  return { channel: "post", data: { id, response: { type, payload } } };
}

function answer(...statuses: readonly unknown[]) {
  return { status: "ok", response: { type: "order", data: { statuses } } };
}

function userFills(fills: readonly unknown[], more: object = {}) {
  return { channel: "userFills", data: { ...more, user: USER, fills } };
}

const TOLD_FILL =
  "fill 100000000000001 of order 800000000001: buy 0.0004 BTC at 64000, fee 0.00384 USDC";

type Row = readonly [name: string, message: unknown, lines: readonly string[]];

const CHANNELS: readonly Row[] = [
  [
    "§4.1 an order rests",
    { channel: "orderUpdates", data: [update("open", {}, 1_700_000_000_420)] },
    [
      `evidence orderUpdates: order 800000000001 open: buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§4.1 an order fills on arrival",
    { channel: "orderUpdates", data: [update("open", {}, 5), update("filled", { sz: "0.0" }, 5)] },
    [
      `evidence orderUpdates: order 800000000001 open: buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
      `evidence orderUpdates: order 800000000001 filled: buy BTC at 64000, 0 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§4.1 an order is refused while it runs",
    {
      channel: "orderUpdates",
      data: [update("minTradeNtlRejected", { sz: "0.0002", origSz: "0.0002" }, 5)],
    },
    [
      `evidence orderUpdates: order 800000000001 rejected (minNotional): buy BTC at 64000, 0.0002 of 0.0002 left${CLOID_END}`,
    ],
  ],
  [
    "§9.4 situation 70: a modify says open of the new leg, then canceled of the old",
    {
      channel: "orderUpdates",
      data: [
        update("open", { oid: 800_000_000_011, limitPx: "63990.0" }, 9),
        update("canceled", {}, 9),
      ],
    },
    [
      `evidence orderUpdates: order 800000000011 open: buy BTC at 63990, 0.001 of 0.001 left${CLOID_END}`,
      `evidence orderUpdates: order 800000000001 canceled (requested): buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§4.2 situation 92: history",
    userFills([FILL], { isSnapshot: true }),
    [`evidence userFills: ${TOLD_FILL} (history)`],
  ],
  [
    "§4.2 news, with a builder's fee",
    userFills([{ ...FILL, side: "A", dir: "Close Long", crossed: true, builderFee: "0.002" }]),
    [`evidence userFills: ${TOLD_FILL.replace("buy", "sell")}`],
  ],
  [
    "§4.3 the same fill as an event",
    { channel: "user", data: { fills: [FILL] } },
    [`evidence user: ${TOLD_FILL}`],
  ],
  [
    "§4.3 funding",
    {
      channel: "user",
      data: {
        funding: {
          time: 5,
          coin: "BTC",
          usdc: "-0.00032",
          szi: "0.0004",
          fundingRate: "0.0000125",
        },
      },
    },
    ["ignored user.funding: funding changes no order"],
  ],
  [
    "§4.3 a liquidation",
    {
      channel: "user",
      data: { liquidation: { lid: 91, liquidator: USER, liquidated_user: USER } },
    },
    ["ignored user.liquidation: its fills and cancels arrive on their own"],
  ],
  [
    "§4.3 a cancel that nobody asked for",
    { channel: "user", data: { nonUserCancel: [{ coin: "ETH", oid: 800_000_000_006 }] } },
    ["evidence user: the venue cancels order 800000000006 of ETH on its own"],
  ],
  [
    "§4.4 open orders, pushed",
    { channel: "openOrders", data: { dex: "", user: USER, orders: [FRONTEND, TRIGGER] } },
    [
      `evidence openOrders: order 800000000001 open: buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
      "evidence openOrders: order 800000000009 open: sell BTC at 64000, 0.001 of 0.001 left, waits for its trigger",
    ],
  ],
  [
    "§4.4 positions, pushed",
    {
      channel: "clearinghouseState",
      data: { dex: "", user: USER, clearinghouseState: CLEARINGHOUSE },
    },
    ["evidence clearinghouseState: position 0.0004 BTC"],
  ],
  [
    "§4.4 the web's aggregate",
    { channel: "webData3", data: { userState: {}, perpDexStates: [] } },
    ["ignored webData3: the engine keeps no such state"],
  ],
  [
    "§4.5 best prices",
    {
      channel: "bbo",
      data: { coin: "BTC", time: 5, bbo: [{ px: "64000.0", sz: "1.25", n: 3 }, null] },
    },
    ["ignored bbo: prices are for strategies, no order"],
  ],
  [
    "§4.5 a book",
    {
      channel: "l2Book",
      data: { coin: "BTC", time: 5, levels: [[{ px: "64000.0", sz: "1.25", n: 3 }], []] },
    },
    ["ignored l2Book: prices are for strategies, no order"],
  ],
  [
    "§4.5 trades",
    {
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
    ["ignored trades: prices are for strategies, no order"],
  ],
  [
    "§4.5 mids",
    { channel: "allMids", data: { mids: { BTC: "64000.5", "@107": "25.585" } } },
    ["ignored allMids: prices are for strategies, no order"],
  ],
  [
    "§4.5 a notification",
    { channel: "notification", data: { notification: "Resting order filled" } },
    ["ignored notification: the engine keeps no such state"],
  ],
];

const SESSION: readonly Row[] = [
  [
    "§2.2 an acknowledgement",
    {
      channel: "subscriptionResponse",
      data: {
        method: "subscribe",
        subscription: { type: "userFills", user: USER, aggregateByTime: false },
      },
    },
    [
      `ignored subscriptionResponse: subscribed: {"type":"userFills","user":"${USER}","aggregateByTime":false}`,
    ],
  ],
  [
    "§2.3 a refusal",
    { channel: "error", data: "Cannot track more than 15 total users." },
    ["ignored error: the connection's matter: Cannot track more than 15 total users."],
  ],
  ["§2.4 a pong", { channel: "pong" }, ["ignored pong: the connection lives"]],
  [
    "§3 a read by post",
    post(41, { type: "orderStatus", data: { status: "unknownOid" } }, "info"),
    ["evidence orderStatus: unknownOid, which alone proves nothing"],
  ],
  [
    "§3 a post that could not be read",
    post(
      43,
      "422 Unprocessable Entity: Failed to deserialize the JSON body into the target type",
      "error",
    ),
    [
      "evidence answer: not admitted (malformed): 422 Unprocessable Entity: Failed to deserialize the JSON body into the target type",
    ],
  ],
];

const READS: readonly Row[] = [
  [
    "§8.2 frontendOpenOrders",
    { request: { type: "frontendOpenOrders", user: USER, dex: "" }, response: [FRONTEND] },
    [
      `evidence frontendOpenOrders: order 800000000001 open: buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§8.3 orderStatus",
    {
      request: { type: "orderStatus", user: USER, oid: CLOID },
      response: { status: "order", order: update("open", FRONTEND, 5) },
    },
    [
      `evidence orderStatus: order 800000000001 open: buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§8.6 userFillsByTime",
    { request: { type: "userFillsByTime", user: USER, startTime: 0 }, response: [FILL] },
    [`evidence userFillsByTime: ${TOLD_FILL}`],
  ],
  [
    "§8.7 clearinghouseState",
    { request: { type: "clearinghouseState", user: USER, dex: "" }, response: CLEARINGHOUSE },
    ["evidence clearinghouseState: position 0.0004 BTC"],
  ],
  [
    "§8.7 userRole",
    {
      request: { type: "userRole", user: USER },
      response: { role: "agent", data: { user: USER } },
    },
    ["ignored userRole: agent: proves the account at the start, no order"],
  ],
  [
    "§8.1 perpDexs",
    { request: { type: "perpDexs" }, response: [null, { name: "xyz", fullName: "Example Dex" }] },
    ["ignored perpDexs: 2 dexes: asset ids, no order"],
  ],
];

const TRANSCRIPTS: readonly Row[] = [
  [
    "§17 T1 a place is acknowledged, a cancel is done",
    [
      post(1, answer({ resting: { oid: 800_000_000_001, cloid: CLOID } })),
      post(2, { status: "ok", response: { type: "cancel", data: { statuses: ["success"] } } }),
    ],
    ["evidence answer: accepted as order 800000000001", "evidence answer: done"],
  ],
  [
    "§17 T1 situation 55: the fill won the race, and the cancel's answer concludes nothing",
    post(2, answer({ error: "Order was never placed, already canceled, or filled. asset=0" })),
    [
      "evidence answer: refused (alreadyGone): Order was never placed, already canceled, or filled. asset=0",
    ],
  ],
  [
    "§17 T2 situation 21: an Ioc executes in part",
    post(3, answer({ filled: { totalSz: "0.004", avgPx: "2080.0", oid: 800_000_000_021 } })),
    ["evidence answer: accepted as order 800000000021, executed 0.004 at 2080"],
  ],
  [
    "§17 T3 situation 20: post-only would cross",
    [
      post(
        4,
        answer({
          error: "Post only order would have immediately matched, bbo was 2079.9@2080.0. asset=1",
        }),
      ),
      { channel: "orderUpdates", data: [update("badAloPxRejected", {}, 5)] },
    ],
    [
      "evidence answer: refused (postOnly): Post only order would have immediately matched, bbo was 2079.9@2080.0. asset=1",
      `evidence orderUpdates: order 800000000001 rejected (postOnly): buy BTC at 64000, 0.001 of 0.001 left${CLOID_END}`,
    ],
  ],
  [
    "§17 T4 a batch modify names the new leg; a reconnect replays no fills",
    [
      post(5, answer({ resting: { oid: 800_000_000_011, cloid: CLOID } })),
      userFills([], { isSnapshot: true }),
    ],
    ["evidence answer: accepted as order 800000000011", "ignored userFills: an empty list"],
  ],
  [
    "§17 T5 situations 23, 25: the address budget, and a signature that names nobody",
    [
      post(7, {
        status: "err",
        response:
          "Too many cumulative requests sent (10001 > 10000) for cumulative volume traded $0.0.",
      }),
      post(8, {
        status: "err",
        response: "User or API Wallet 0x6666666666666666666666666666666666666666 does not exist.",
      }),
    ],
    [
      "evidence answer: not admitted (addressBudget): Too many cumulative requests sent (10001 > 10000) for cumulative volume traded $0.0.",
      "evidence answer: not admitted (unknownSigner): User or API Wallet 0x6666666666666666666666666666666666666666 does not exist.",
    ],
  ],
  [
    "§7.1 situation 88: a parent rests, its children wait for it",
    answer({ resting: { oid: 800_000_000_008 } }, "waitingForFill", "waitingForFill"),
    [
      "evidence answer: accepted as order 800000000008",
      "evidence answer: accepted, waits for its parent",
      "evidence answer: accepted, waits for its parent",
    ],
  ],
];

describe.each([
  ["channels", CHANNELS],
  ["the session", SESSION],
  ["reads", READS],
  ["transcripts", TRANSCRIPTS],
] as const)("frames of the wire reference: %s", (_, rows) => {
  it.each(rows)("%s", (_name, message, lines) => {
    const decoded = decodeAnything(JSON.stringify(message));
    expect(decoded.map(({ verdict, what, told }) => `${verdict} ${what}: ${told}`)).toEqual(lines);
  });
});
