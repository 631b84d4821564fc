import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";

let alice: Desk;
let bob: Desk;
beforeEach(() => {
  const at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
});

describe("subscribing (protocol §2.2)", () => {
  it.each([
    [
      { type: "l2Book", coin: "BTC" },
      { type: "l2Book", coin: "BTC", nSigFigs: null, mantissa: null, fast: false },
    ],
    [
      { type: "userFills", user: ALICE.toUpperCase().replace("0X", "0x") },
      { type: "userFills", user: ALICE, aggregateByTime: false },
    ],
    [
      { type: "orderUpdates", user: ALICE, more: 1 },
      { type: "orderUpdates", user: ALICE },
    ],
    [
      { type: "bbo", coin: "xyz:SILVER" },
      { type: "bbo", coin: "xyz:SILVER" },
    ],
  ])("echoes a normalised %j before the first message", (subscription, echo) => {
    alice.subscribe(subscription);
    expect(alice.frames[0]).toEqual({
      channel: "subscriptionResponse",
      data: { method: "subscribe", subscription: echo },
    });
  });

  it("begins with a snapshot where a channel has one, and with nothing where it has none", () => {
    const first = (type: string, args: object): number => {
      alice.forget();
      alice.subscribe({ type, ...args });
      return alice.frames.length - 1;
    };
    const user = { user: ALICE };
    expect([first("orderUpdates", user), first("userEvents", user)]).toEqual([0, 0]);
    expect([
      first("userFills", user),
      first("openOrders", user),
      first("clearinghouseState", user),
    ]).toEqual([1, 1, 1]);
    expect(["l2Book", "bbo", "trades"].map((type) => first(type, { coin: "BTC" }))).toEqual([
      1, 1, 1,
    ]);
    expect(first("allMids", {})).toBe(1);
  });

  it("says when it is subscribed already, or not at all", () => {
    const echo = `{"type":"orderUpdates","user":"${ALICE}"}`;
    alice.subscribe({ type: "orderUpdates", user: ALICE });
    alice.subscribe({ type: "orderUpdates", user: ALICE });
    alice.send({ method: "unsubscribe", subscription: { type: "orderUpdates", user: ALICE } });
    alice.send({ method: "unsubscribe", subscription: { type: "orderUpdates", user: ALICE } });
    expect(alice.heard("error")).toEqual([
      `Already subscribed: ${echo}`,
      `Already unsubscribed: ${echo}`,
    ]);
  });

  it.each([
    ["an unknown coin", { type: "bbo", coin: "NOPE" }],
    ["a wrong case", { type: "l2Book", coin: "btc" }],
    ["a builder coin without its dex", { type: "trades", coin: "SILVER" }],
    ["a bad aggregation", { type: "l2Book", coin: "BTC", nSigFigs: 6 }],
    ["a mantissa without its figures", { type: "l2Book", coin: "BTC", mantissa: 2 }],
  ])("drops the connection for %s", (_what, subscription) => {
    alice.subscribe(subscription);
    alice.pass();
    expect(alice.closes).toEqual([1006]);
    expect(alice.heard("error")).toEqual([]);
  });

  it.each([
    [{ type: "openOrders", user: ALICE, dex: "nope" }],
    [{ type: "clearinghouseState", user: ALICE, dex: "nope" }],
    [{ type: "allMids", dex: "nope" }],
  ])("refuses %j in words and goes on", (subscription) => {
    alice.subscribe(subscription);
    alice.send({ method: "ping" });
    expect(alice.frames).toEqual([
      { channel: "error", data: `Invalid subscription ${JSON.stringify(subscription)}` },
      { channel: "pong" },
    ]);
  });

  it("serves a delisted coin an empty book", () => {
    alice.subscribe({ type: "l2Book", coin: "MATIC" });
    expect(alice.heard("l2Book")).toMatchObject([{ coin: "MATIC", levels: [[], []] }]);
  });
});

it.each([
  "hello",
  "[]",
  "null",
  '{"method":"nope"}',
  '{"method":"subscribe"}',
  '{"method":"subscribe","subscription":{"type":"nope"}}',
  '{"method":"subscribe","subscription":{"type":"bbo","coin":["BTC"]}}',
  '{"method":"post","request":{"type":"info","payload":{"type":"meta"}}}',
  '{"method":"post","id":1,"request":{"type":"explorer","payload":{}}}',
  '{"method":"post","id":1,"request":{"type":"info"}}',
])("quotes %s in an error frame and goes on", (text) => {
  alice.send(text);
  alice.send({ method: "ping" });
  expect(alice.frames).toEqual([
    { channel: "error", data: `Error parsing JSON into valid websocket request: ${text}` },
    { channel: "pong" },
  ]);
});

it("closes after a minute in which it said nothing itself", () => {
  alice.clock.advanceBy(59_000);
  alice.send({ method: "ping" });
  alice.clock.advanceBy(59_000);
  expect(alice.closes).toEqual([]);
  alice.clock.advanceBy(1_100);
  expect(alice.closes).toEqual([1006]);
});

describe("posts (protocol §3)", () => {
  it("wraps reads, and bodies of actions not", () => {
    alice.send({
      method: "post",
      id: 5,
      request: { type: "info", payload: { type: "orderStatus", user: ALICE, oid: 1 } },
    });
    alice.send({
      method: "post",
      id: 6,
      request: { type: "info", payload: { type: "l2Book", coin: "NOPE" } },
    });
    alice.send({ method: "post", id: 7, request: { type: "info", payload: { type: "nope" } } });
    alice.send({ method: "post", id: 8, request: { type: "action", payload: { action: {} } } });
    const unprocessable =
      "422 Unprocessable Entity: Failed to deserialize the JSON body into the target type";
    expect(alice.heard("post")).toEqual([
      {
        id: 5,
        response: {
          type: "info",
          payload: { type: "orderStatus", data: { status: "unknownOid" } },
        },
      },
      { id: 6, response: { type: "info", payload: { type: "l2Book", data: null } } },
      { id: 7, response: { type: "error", payload: unprocessable } },
      { id: 8, response: { type: "error", payload: unprocessable } },
    ]);
  });

  it("refuses more than a hundred in flight, naming the post", () => {
    for (let id = 1; id <= 101; id += 1) {
      const payload = signedEnvelope(ALICE, { type: "noop" }, { nonce: alice.clock.wallMs() + id });
      alice.socket.send(
        JSON.stringify({ method: "post", id, request: { type: "action", payload } }),
      );
    }
    alice.pass(2);
    expect(alice.heard("error")).toEqual(["too many pending post requests id=101"]);
    expect(alice.heard("post")).toHaveLength(100);
    expect(alice.act({ type: "noop" })).toMatchObject({ status: "ok" });
  });
});

it("tells of one block in one orderUpdates and one userFills, and answers after them", () => {
  bob.place(limit({ b: true, p: "64000", s: "0.002" }));
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.subscribe({ type: "userFills", user: ALICE });
  alice.subscribe({ type: "userEvents", user: ALICE });
  alice.forget();
  const orders = [
    limit({ b: false, p: "64000", s: "0.001" }),
    limit({ b: false, p: "64000", s: "0.0005" }),
  ];
  alice.act({ type: "order", orders, grouping: "na" });
  expect(alice.frames.map(({ channel }) => channel)).toEqual([
    "orderUpdates",
    "userFills",
    "user",
    "post",
  ]);
  const [updates] = alice.heard("orderUpdates") as {
    status: string;
    statusTimestamp: number;
    order: { sz: string; oid: number };
  }[][];
  expect(
    updates?.map(({ status, order }) => [order.oid - 700_000_000_000, status, order.sz]),
  ).toEqual([
    [2, "open", "0.001"],
    [2, "filled", "0.0"],
    [3, "open", "0.0005"],
    [3, "filled", "0.0"],
  ]);
  expect(new Set(updates?.map(({ statusTimestamp }) => statusTimestamp)).size).toBe(1);
  const [news] = alice.heard("userFills") as {
    isSnapshot?: boolean;
    fills: { hash: string; startPosition: string; crossed: boolean; time: number; dir: string }[];
  }[];
  expect(news).not.toHaveProperty("isSnapshot");
  expect(news?.fills.map(({ startPosition, dir }) => [startPosition, dir])).toEqual([
    ["0.0", "Open Short"],
    ["-0.001", "Open Short"],
  ]);
  expect(news?.fills[0]?.hash).toBe(news?.fills[1]?.hash);
  expect(news?.fills[0]?.time).toBe(updates?.[0]?.statusTimestamp);
});

it("answers first when told to", () => {
  const at = openExchange({ rules: { blockEnd: "answers" } });
  const desk = new Desk(at, ALICE);
  desk.subscribe({ type: "orderUpdates", user: ALICE });
  desk.forget();
  desk.place(limit({ b: true, p: "64000", s: "0.001" }));
  expect(desk.frames.map(({ channel }) => channel)).toEqual(["post", "orderUpdates"]);
});

it("greets in plain text when told to", () => {
  const at = openExchange({ rules: { greeting: "sent" } });
  const heard: string[] = [];
  at.exchange.wire().connect("private", {
    opened: () => heard.push("opened"),
    received: (text) => heard.push(text),
    closed: () => {},
  });
  at.clock.advanceBy(1);
  expect(heard).toEqual(["opened", "Websocket connection established."]);
});

it("says nothing of a partial fill of a resting order but the fill; the pushed list shows what is left", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.002" }));
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.subscribe({ type: "openOrders", user: ALICE });
  alice.pass(10);
  alice.forget();
  bob.place(limit({ b: false, p: "64000", s: "0.0005" }));
  alice.pass(10);
  expect(alice.heard("orderUpdates")).toEqual([]);
  expect(alice.heard("openOrders")).toMatchObject([
    { dex: "", user: ALICE, orders: [{ sz: "0.0015", origSz: "0.002" }] },
  ]);
});

it("serves two accounts on one socket, each under its own signer", () => {
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.subscribe({ type: "orderUpdates", user: BOB });
  alice.subscribe({ type: "userFills", user: ALICE });
  alice.subscribe({ type: "userFills", user: BOB });
  alice.forget();
  const order = (b: boolean) => ({
    type: "order",
    orders: [limit({ b, p: "64000", s: "0.001" })],
    grouping: "na",
  });
  const nonce = alice.clock.wallMs();
  alice.post(order(true), { nonce });
  alice.post(order(false), { nonce, as: BOB });
  alice.pass();
  expect(alice.heard("post")).toHaveLength(2);
  expect(alice.heard("orderUpdates")).toHaveLength(2);
  expect(
    (alice.heard("userFills") as { user: string; fills: { tid: number }[] }[]).map(
      ({ user, fills }) => [user, fills.length],
    ),
  ).toEqual([
    [ALICE, 1],
    [BOB, 1],
  ]);
});

it("turns an agent away from the moment it expires, and lets its orders live", () => {
  const agent = "0x5555555555555555555555555555555555555555";
  const at = openExchange({
    accounts: [
      {
        address: ALICE,
        deposit: "1000",
        agents: [{ address: agent, validUntilMs: 1_700_000_000_500 }],
      },
    ],
  });
  const desk = new Desk(at, ALICE);
  const order = {
    type: "order",
    orders: [limit({ b: true, p: "60000", s: "0.001" })],
    grouping: "na",
  };
  expect(desk.act(order, { as: agent })).toMatchObject({ status: "ok" });
  desk.pass(6);
  expect(desk.act(order, { as: agent })).toEqual({
    status: "err",
    response: `User or API Wallet ${agent} does not exist.`,
  });
  expect(desk.info({ type: "openOrders", user: ALICE })).toHaveLength(1);
});

it("counts posts in flight over all sockets of one caller, and frees those of a socket that left", () => {
  const other: unknown[] = [];
  const second = alice.wire.connect("private", {
    opened: () => {},
    received: (text) => other.push(JSON.parse(text)),
    closed: () => {},
  });
  alice.clock.advanceBy(1);
  const nonce = alice.clock.wallMs();
  const post = (id: number): string => {
    const payload = signedEnvelope(ALICE, { type: "noop" }, { nonce: nonce + id });
    return JSON.stringify({ method: "post", id, request: { type: "action", payload } });
  };
  for (let id = 1; id <= 60; id += 1) second.send(post(id));
  for (let id = 61; id <= 101; id += 1) alice.socket.send(post(id));
  alice.clock.advanceBy(1);
  expect(alice.heard("error")).toEqual(["too many pending post requests id=101"]);
  second.close();
  alice.send(post(102));
  alice.pass(2);
  expect(alice.heard("error")).toHaveLength(1);
  expect(alice.heard("post")).toHaveLength(41);
  expect(other).toEqual([]);
});

it("tells two sockets of a block the same where they ask for the same, and each its own where they do not", () => {
  const book = { type: "l2Book", coin: "BTC" };
  alice.subscribe(book);
  bob.subscribe(book);
  bob.subscribe({ ...book, nSigFigs: 3 });
  bob.subscribe({ type: "openOrders", user: ALICE });
  alice.subscribe({ type: "openOrders", user: BOB });
  alice.forget();
  bob.forget();
  alice.place(limit({ b: true, p: "63210", s: "0.002" }));
  alice.pass(10);
  const best = (heard: unknown[]): unknown[] =>
    (heard as { levels: { px: string }[][] }[]).map(({ levels }) => levels[0]?.[0]?.px);
  expect(new Set(best(alice.heard("l2Book")))).toEqual(new Set(["63210.0"]));
  expect(new Set(best(bob.heard("l2Book")))).toEqual(new Set(["63210.0", "63200.0"]));
  expect(bob.heard("openOrders")).toMatchObject([
    { user: ALICE, orders: [{ limitPx: "63210.0" }] },
  ]);
  expect(alice.heard("openOrders")).toEqual([]);
});
