import { describe, expect, it } from "vitest";
import { type DecodedLine, decodeAnything } from "./decode.ts";

const USER = "0x1111111111111111111111111111111111111111";
const ORDER = {
  coin: "BTC",
  side: "B",
  limitPx: "64000.0",
  sz: "0.0006",
  oid: 7,
  timestamp: 5,
  origSz: "0.001",
  cloid: "0x000000000000000000000000000000a1",
};
const ROW = { order: ORDER, status: "canceled", statusTimestamp: 9 };
const FILL = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.0004",
  side: "B",
  time: 5,
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0xf1",
  oid: 7,
  crossed: false,
  fee: "0.00384",
  tid: 3,
  feeToken: "USDC",
};
const UPDATES = { channel: "orderUpdates", data: [ROW] };
const ANSWER = {
  status: "ok",
  response: { type: "order", data: { statuses: [{ resting: { oid: 7 } }] } },
};
const TOLD_ORDER =
  "order 7 canceled (requested): buy BTC at 64000, 0.0006 of 0.001 left, cloid 0x000000000000000000000000000000a1";
const TOLD_FILL = "fill 3 of order 7: buy 0.0004 BTC at 64000, fee 0.00384 USDC";

function told(value: unknown, as?: string): readonly DecodedLine[] {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return decodeAnything(text, as === undefined ? {} : { as });
}

function short(lines: readonly DecodedLine[]): string[] {
  return lines.map(
    ({ item, verdict, what, told: words }) => `${item} ${verdict} ${what}: ${words}`,
  );
}

describe("decodeAnything: one item", () => {
  it("a frame", () => {
    expect(told(UPDATES)).toEqual([
      { item: 1, verdict: "evidence", what: "orderUpdates", told: TOLD_ORDER },
    ]);
    expect(
      short(told({ channel: "userFills", data: { isSnapshot: true, user: USER, fills: [FILL] } })),
    ).toEqual([`1 evidence userFills: ${TOLD_FILL} (history)`]);
  });

  it.each([
    [{ channel: "pong" }, "ignored pong: the connection lives"],
    [
      { channel: "bbo", data: { coin: "BTC", time: 5, bbo: [null, null] } },
      "ignored bbo: prices are for strategies, no order",
    ],
    [{ channel: "webData2", data: {} }, "ignored webData2: the engine keeps no such state"],
    [
      { channel: "userFills", data: { isSnapshot: true, user: USER, fills: [] } },
      "ignored userFills: an empty list",
    ],
    [
      { channel: "openOrders", data: { dex: "", user: USER, orders: [] } },
      'evidence openOrders: no open orders on dex ""',
    ],
    [
      { channel: "user", data: { nonUserCancel: [{ coin: "ETH", oid: 6 }] } },
      "evidence user: the venue cancels order 6 of ETH on its own",
    ],
    [
      { channel: "error", data: "too many pending post requests id=4" },
      "evidence error: refuses post 4: too many pending post requests id=4",
    ],
    [
      { channel: "error", data: "Cannot track" },
      "ignored error: the connection's matter: Cannot track",
    ],
    [{ channel: "nope" }, "unrecognized nope: unknown channel"],
    [{ method: "ping" }, "ignored request: sent by a client, not by the venue"],
    [
      {
        channel: "subscriptionResponse",
        data: { method: "subscribe", subscription: { type: "bbo" } },
      },
      'ignored subscriptionResponse: subscribed: {"type":"bbo"}',
    ],
  ])("%j", (frame, line) => {
    expect(short(told(frame))).toEqual([`1 ${line}`]);
  });

  it("an answer: one line for each element", () => {
    const statuses = [
      { resting: { oid: 7 } },
      { filled: { totalSz: "0.02", avgPx: "2075.4", oid: 8 } },
      "waitingForFill",
      "success",
      { error: "Order has zero size." },
      "soon",
    ];
    expect(short(told({ status: "ok", response: { type: "order", data: { statuses } } }))).toEqual([
      "1 evidence answer: accepted as order 7",
      "1 evidence answer: accepted as order 8, executed 0.02 at 2075.4",
      "1 evidence answer: accepted, waits for its parent",
      "1 evidence answer: done",
      "1 evidence answer: refused (zeroSize): Order has zero size.",
      "1 unrecognized answer: a status that is not understood",
    ]);
  });

  it.each([
    [
      { status: "ok", response: { type: "default" } },
      "evidence answer: admitted: nonce spent, nothing listed",
    ],
    [
      { status: "ok", response: { type: "order" } },
      "evidence answer: admitted: no statuses, so every element is looked for",
    ],
    [
      { status: "err", response: "Action already expired" },
      "evidence answer: expired: Action already expired",
    ],
    [
      { status: "err", response: "Multi-sig required" },
      "evidence answer: not admitted (multiSig): Multi-sig required",
    ],
    [
      { status: "err", response: "Invalid nonce: duplicate nonce 5" },
      "evidence answer: no verdict, the nonce is spent (duplicate): Invalid nonce: duplicate nonce 5",
    ],
    [{ status: "err", response: "Whatever" }, "unrecognized answer: no verdict: Whatever"],
  ])("%j", (answer, line) => {
    expect(short(told(answer))).toEqual([`1 ${line}`]);
  });

  it("posts: actions, reads and errors", () => {
    const post = (type: string, payload: unknown) =>
      told({ channel: "post", data: { id: 1, response: { type, payload } } });
    expect(short(post("action", ANSWER))).toEqual(["1 evidence answer: accepted as order 7"]);
    expect(short(post("info", { type: "orderStatus", data: { status: "unknownOid" } }))).toEqual([
      "1 evidence orderStatus: unknownOid, which alone proves nothing",
    ]);
    expect(short(post("error", "429 Too Many Requests"))).toEqual([
      "1 evidence answer: not admitted (throttled): 429 Too Many Requests",
    ]);
  });

  it("pairs of an info request, of an action, and of a post", () => {
    const request = { type: "orderStatus", user: USER, oid: 7 };
    const response = { status: "order", order: ROW };
    expect(short(told({ request, response }))).toEqual([`1 evidence orderStatus: ${TOLD_ORDER}`]);
    expect(
      short(told({ request: { action: { type: "order" }, nonce: 5 }, response: ANSWER })),
    ).toEqual(["1 evidence answer: accepted as order 7"]);
    const posted = { method: "post", id: 1, request: { type: "info", payload: request } };
    expect(short(told({ request: posted, response }))).toEqual([
      `1 evidence orderStatus: ${TOLD_ORDER}`,
    ]);
    expect(short(told({ request: posted, response: UPDATES }))).toEqual([
      `1 evidence orderUpdates: ${TOLD_ORDER}`,
    ]);
    expect(short(told({ request: { type: "newThing" }, response: {} }))).toEqual([
      "1 unrecognized newThing: no decoder for the info type newThing",
    ]);
    expect(told({ request: 1, response: 2 })).toMatchObject([
      { verdict: "unrecognized", text: '{"request":1,"response":2}' },
    ]);
  });

  it.each([
    [
      "frontendOpenOrders",
      [ORDER],
      [
        "1 evidence frontendOpenOrders: order 7 open: buy BTC at 64000, 0.0006 of 0.001 left, cloid 0x000000000000000000000000000000a1",
      ],
    ],
    ["openOrders", [], ["1 evidence openOrders: an empty list"]],
    ["historicalOrders", [ROW], [`1 evidence historicalOrders: ${TOLD_ORDER}`]],
    [
      "userFillsByTime",
      [FILL, FILL],
      [`1 evidence userFillsByTime: ${TOLD_FILL}`, `1 evidence userFillsByTime: ${TOLD_FILL}`],
    ],
    ["orderStatus", { status: "order", order: ROW }, [`1 evidence orderStatus: ${TOLD_ORDER}`]],
    [
      "clearinghouseState",
      { assetPositions: [{ position: { coin: "BTC", szi: "-0.5" } }], time: 5 },
      ["1 evidence clearinghouseState: position -0.5 BTC"],
    ],
    [
      "spotClearinghouseState",
      { balances: [{ coin: "PURR", total: "7.5", hold: "2.0" }] },
      ["1 evidence spotClearinghouseState: balance 7.5 PURR, 2 held"],
    ],
    [
      "userRole",
      { role: "vault" },
      ["1 ignored userRole: vault: proves the account at the start, no order"],
    ],
    [
      "extraAgents",
      [],
      ["1 ignored extraAgents: 0 keys may sign: proves the key at the start, no order"],
    ],
    [
      "userRateLimit",
      { cumVlm: "1.0", nRequestsUsed: 1, nRequestsCap: 2 },
      ["1 ignored userRateLimit: 1 of 2 requests used: a budget, no order"],
    ],
    [
      "meta",
      { universe: [{ name: "BTC", szDecimals: 5 }, {}] },
      [
        "1 ignored meta: 1 perps: names and lots, no order",
        "1 unrecognized meta: name is undefined",
      ],
    ],
    [
      "spotMeta",
      { universe: [], tokens: [] },
      ["1 ignored spotMeta: 0 pairs: names and lots, no order"],
    ],
    ["perpDexs", [null], ["1 ignored perpDexs: 1 dexes: asset ids, no order"]],
    [
      "l2Book",
      { coin: "BTC", time: 5, levels: [[], []] },
      ["1 ignored l2Book: prices of BTC, no order"],
    ],
    ["allMids", { BTC: "1.0" }, ["1 ignored allMids: 1 prices, no order"]],
    ["l2Book", null, ["1 unrecognized l2Book: data is null"]],
    ["nope", {}, ["1 unrecognized body: no decoder for the info type nope"]],
  ])("a bare body, as %s", (as, body, lines) => {
    expect(short(told(body, as))).toEqual(lines);
  });
});

describe("decodeAnything: many items", () => {
  it("as an array, and one per line, blank lines aside", () => {
    const lines = [
      `1 evidence orderUpdates: ${TOLD_ORDER}`,
      "2 evidence answer: accepted as order 7",
    ];
    expect(short(told([UPDATES, ANSWER]))).toEqual(lines);
    expect(
      short(told(`\uFEFF${JSON.stringify(UPDATES)}\r\n\n${JSON.stringify(ANSWER)}\n`)),
    ).toEqual(lines);
  });

  it("an array of rows is one body, an array of such arrays is many", () => {
    expect(short(told([FILL, FILL], "userFills")).map((line) => line[0])).toEqual(["1", "1"]);
    expect(short(told([[FILL], [FILL]], "userFills")).map((line) => line[0])).toEqual(["1", "2"]);
    expect(
      short(told([{ role: "user" }, { role: "vault" }], "userRole")).map((line) => line[0]),
    ).toEqual(["1", "2"]);
  });

  it("what tells by itself what it is needs no type, also among bodies", () => {
    expect(
      short(
        told([UPDATES, { request: { type: "userRole" }, response: { role: "user" } }], "userFills"),
      ),
    ).toEqual([
      `1 evidence orderUpdates: ${TOLD_ORDER}`,
      "2 ignored userRole: user: proves the account at the start, no order",
    ]);
  });

  it("situation 99: text that is not JSON stands among the others", () => {
    const text = `Websocket connection established.\n{"channel":"po\n<html>\n${JSON.stringify(UPDATES)}`;
    expect(told(text).map(({ item, verdict, text: kept }) => ({ item, verdict, kept }))).toEqual([
      { item: 1, verdict: "ignored", kept: undefined },
      { item: 2, verdict: "unrecognized", kept: '{"channel":"po' },
      { item: 3, verdict: "unrecognized", kept: "<html>" },
      { item: 4, verdict: "evidence", kept: undefined },
    ]);
  });

  it.each([[""], ["  \n"], ["[]"], ["{}"], ["null"], ["7"], ['"x"'], ["[1,[2]]"]])(
    "nothing vanishes: %j",
    (text) => {
      const lines = decodeAnything(text);
      expect(lines.length).toBeGreaterThan(0);
      expect(
        lines.every(({ verdict, text: kept }) => verdict === "unrecognized" && kept !== undefined),
      ).toBe(true);
    },
  );
});
