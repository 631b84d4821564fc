import { beforeEach, describe, expect, it } from "vitest";
import { checkMoney } from "../audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { CANCELED_BY_SYSTEM } from "../ledger/order.ts";
import type { Truth } from "../ledger/truth.ts";
import type { MarketScript, ScriptedStep } from "./market-step.ts";

const FIRST = 700_000_000_001;
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;
let before: Truth;

beforeEach(() => open());

function open(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange(options);
  before = at.exchange.truth();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  for (const type of ["orderUpdates", "userEvents"]) alice.subscribe({ type, user: ALICE });
}

/** Does steps with the next block. */
function run(...steps: ScriptedStep[]): void {
  at.exchange.market({ steps });
  alice.pass();
}

function trade(p = "64000", s = "0.01"): void {
  bob.place(limit({ b: false, p, s }));
  alice.place(limit({ b: true, p, s }));
  alice.forget();
}

const words = () =>
  (alice.heard("orderUpdates") as { status: string }[][]).flat().map(({ status }) => status);
const context = () =>
  (
    alice.info({ type: "metaAndAssetCtxs" }) as [object, { markPx: string; oraclePx: string }[]]
  )[1][0];

describe("prices", () => {
  it("are held until they are let go", () => {
    run({ do: "mark", coin: "BTC", price: "65000" }, { do: "oracle", coin: "BTC", price: "65100" });
    expect(context()).toMatchObject({ markPx: "65000.0", oraclePx: "65100.0" });
    run({ do: "oracle", coin: "BTC" });
    expect(context()).toMatchObject({ markPx: "65000.0", oraclePx: "65000.0" });
  });

  it("walk a path, each point in its block, and the newest path of a price holds", () => {
    const points = [
      { afterMs: 0, price: "65000" },
      { afterMs: 160, price: "66000" },
      { afterMs: 240, price: "67000" },
    ];
    const marks: string[] = [];
    run({ do: "path", coin: "BTC", points });
    for (let block = 0; block < 4; block += 1) {
      marks.push(at.exchange.mark("BTC"));
      alice.pass();
    }
    expect(marks).toEqual(["65000.0", "65000.0", "66000.0", "67000.0"]);
    expect(context()).toMatchObject({ markPx: "67000.0", oraclePx: "67000.0" });
    run({ do: "path", coin: "BTC", of: "mark", points: [{ afterMs: 80, price: "60000" }] });
    alice.pass();
    expect(context()).toMatchObject({ markPx: "60000.0", oraclePx: "67000.0" });
  });

  it("lead the crowd, whose quotes follow, until they are let go", () => {
    open({ crowd: {} });
    run({ do: "mark", coin: "BTC", price: "70000" });
    alice.pass(10);
    expect(at.exchange.mark("BTC")).toBe("70000.0");
    const { levels } = alice.info({ type: "l2Book", coin: "BTC" }) as {
      levels: { px: string }[][];
    };
    expect(Math.abs(Number(levels[0]?.[0]?.px) - 70_000)).toBeLessThan(700);
    run({ do: "mark", coin: "BTC" });
    alice.pass(5);
    expect(at.exchange.mark("BTC")).not.toBe("70000.0");
  });
});

describe("listings", () => {
  it("delisting cancels orders, settles positions at the oracle price and ends the trading", () => {
    trade();
    alice.place(limit({ b: false, p: "66000", s: "0.01" }));
    alice.subscribe({ type: "userFills", user: ALICE });
    alice.forget();
    run({ do: "oracle", coin: "BTC", price: "65000" }, { do: "delist", coin: "BTC" });
    expect(words()).toEqual(["delistedCanceled"]);
    expect(alice.heard("user")).toMatchObject([
      { fills: [{ dir: "Settlement", px: "65000.0", side: "A", closedPnl: "10.0", fee: "0.0" }] },
      { nonUserCancel: [{ coin: "BTC" }] },
    ]);
    expect(at.exchange.truth().accounts.map(({ positions }) => positions)).toEqual([{}, {}]);
    expect(alice.place(limit({ b: true, p: "64000", s: "0.01" }))).toEqual({
      error: "Trading is disabled for delisted assets. asset=0",
    });
    expect(alice.info({ type: "meta" })).toMatchObject({
      universe: [{ name: "BTC", isDelisted: true }, {}, {}, {}],
    });
    checkMoney(at.exchange.truth(), before);
  });

  it("a new coin stands behind the others, and is traded at once", () => {
    const perp = { sizeDecimals: 1, maxLeverage: 3, price: "12.5" };
    run(
      { do: "list", name: "NEW", ...perp },
      { do: "list", name: "NEW", ...perp },
      { do: "list", dex: "xyz", name: "xyz:GOLD", ...perp },
    );
    expect(alice.info({ type: "meta" })).toMatchObject({
      universe: [{}, {}, {}, {}, { name: "NEW", szDecimals: 1, maxLeverage: 3 }],
    });
    for (const [a, coin] of [
      [4, "NEW"],
      [110_001, "xyz:GOLD"],
    ] as const) {
      bob.place(limit({ a, b: false, p: "12.5", s: "10" }));
      expect(alice.place(limit({ a, b: true, p: "12.5", s: "10" }))).toMatchObject({ filled: {} });
      expect(alice.info({ type: "l2Book", coin })).toMatchObject({ coin });
    }
  });
});

it.each(["canceled", ...CANCELED_BY_SYSTEM] as const)(
  "cancelAs %s ends an open order so",
  (status) => {
    alice.place(limit({ b: true, p: "60000", s: "0.01" }));
    run({ do: "cancelAs", account: ALICE, oid: FIRST, status });
    expect(words()).toEqual(["open", status]);
    expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST })).toMatchObject({
      order: { status },
    });
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
    const silent = ["canceled", "reduceOnlyCanceled", "scheduledCancel", "siblingFilledCanceled"];
    expect(alice.heard("user")).toEqual(
      silent.includes(status) ? [] : [{ nonUserCancel: [{ coin: "BTC", oid: FIRST }] }],
    );
  },
);

it("dust is sold to the exchange: no trade id, no hash, no record (protocol §4.2)", () => {
  run({ do: "dust", account: ALICE, token: "PURR" });
  const told = alice.heard("user") as { fills: { oid: number }[] }[];
  expect(told).toMatchObject([
    {
      fills: [
        {
          coin: "PURR/USDC",
          px: "0.2",
          sz: "1000.0",
          side: "A",
          startPosition: "1000.0",
          dir: "Spot Dust Conversion",
          hash: `0x${"0".repeat(64)}`,
          crossed: true,
          fee: "0.0",
          tid: 0,
          feeToken: "USDC",
        },
      ],
    },
  ]);
  const oid = told[0]?.fills[0]?.oid;
  expect(alice.info({ type: "orderStatus", user: ALICE, oid })).toEqual({ status: "unknownOid" });
  checkMoney(at.exchange.truth(), before);
  run({ do: "dust", account: ALICE, token: "PURR" });
  expect(alice.heard("user")).toHaveLength(1);
});

it("deleverage closes two positions against each other, as far as they go", () => {
  trade();
  run({
    do: "deleverage",
    coin: "BTC",
    account: ALICE,
    counterparty: BOB,
    size: "0.004",
    price: "63000",
  });
  expect(alice.heard("user")).toMatchObject([
    { fills: [{ dir: "Auto-Deleveraging", px: "63000.0", sz: "0.004", side: "A" }] },
  ]);
  run({ do: "deleverage", coin: "BTC", account: BOB, counterparty: ALICE, size: "5" });
  expect(at.exchange.truth().accounts.map(({ positions }) => positions)).toEqual([{}, {}]);
  run({ do: "deleverage", coin: "BTC", account: BOB, counterparty: ALICE, size: "5" });
  expect(alice.heard("user")).toHaveLength(2);
  checkMoney(at.exchange.truth(), before);
});

it("resizes reduce-only orders that rest when the exchange closes by itself", () => {
  trade();
  alice.place(limit({ b: false, p: "66000", s: "0.01", r: true }));
  alice.forget();
  const close = { do: "deleverage", coin: "BTC", account: ALICE, counterparty: BOB } as const;
  run({ ...close, size: "0.004" });
  expect(alice.info({ type: "openOrders", user: ALICE })).toMatchObject([{ sz: "0.006" }]);
  run({ ...close, size: "0.006" });
  expect(words()).toEqual(["reduceOnlyCanceled"]);
});

it("takes only post-only orders after an upgrade, as static refusals, and the nonce is spent", () => {
  run({ do: "postOnly", on: true });
  const error = "Only post-only orders allowed immediately after network upgrade";
  const nonce = alice.clock.wallMs();
  const orders = ["Gtc", "Ioc"].map((tif) => limit({ b: true, p: "60000", s: "0.01", tif }));
  expect(alice.act({ type: "order", orders, grouping: "na" }, { nonce })).toMatchObject({
    status: "ok",
    response: { data: { statuses: [{ error }] } },
  });
  expect(alice.act({ type: "noop" }, { nonce })).toMatchObject({ status: "err" });
  expect(words()).toEqual([]);
  expect(alice.place(limit({ b: true, p: "60000", s: "0.01", tif: "Alo" }))).toMatchObject({
    resting: {},
  });
  run({ do: "postOnly", on: false });
  expect(alice.place(limit({ b: true, p: "60000", s: "0.01" }))).toMatchObject({ resting: {} });
});

describe("a script that is refused names the key, and does nothing", () => {
  const step = (terms: object) => ({ steps: [terms] });
  it.each<[string, unknown]>([
    ["script", []],
    ["steps", {}],
    ["more", { steps: [], more: 1 }],
    ["steps[0].do", step({ do: "nothing" })],
    ["steps[0].coin", step({ do: "mark", coin: "NOPE", price: "1" })],
    ["steps[0].price", step({ do: "mark", coin: "BTC", price: "-1" })],
    ["steps[0].price", step({ do: "mark", coin: "BTC", price: 5 })],
    ["steps[0].coin", step({ do: "oracle", coin: "PURR/USDC", price: "1" })],
    ["steps[0].value", step({ do: "openInterestCap", coin: "BTC", value: "-1" })],
    ["steps[0].points", step({ do: "path", coin: "BTC", points: [] })],
    [
      "steps[0].points[0].when",
      step({ do: "path", coin: "BTC", points: [{ afterMs: 1, price: "1", when: 2 }] }),
    ],
    [
      "steps[0].points",
      step({
        do: "path",
        coin: "BTC",
        points: [
          { afterMs: 5, price: "1" },
          { afterMs: 5, price: "1" },
        ],
      }),
    ],
    ["steps[0].oid", step({ do: "cancelAs", account: ALICE, oid: 5, status: "internalCancel" })],
    ["steps[0].status", step({ do: "cancelAs", account: ALICE, oid: 5, status: "filled" })],
    ["steps[0].account", step({ do: "dust", account: `0x${"9".repeat(40)}`, token: "PURR" })],
    ["steps[0].token", step({ do: "dust", account: ALICE, token: "USDC" })],
    [
      "steps[0].name",
      step({ do: "list", name: "BTC", sizeDecimals: 1, maxLeverage: 3, price: "1" }),
    ],
    ...["__proto__", "NEW COIN", "a/b", "é", "X".repeat(17)].map((name): [string, unknown] => [
      "steps[0].name",
      step({ do: "list", name, sizeDecimals: 1, maxLeverage: 3, price: "1" }),
    ]),
    [
      "steps[0].name",
      step({ do: "list", dex: "xyz", name: "xyz:", sizeDecimals: 1, maxLeverage: 3, price: "1" }),
    ],
    [
      "steps[0].dex",
      step({ do: "list", dex: "no", name: "no:X", sizeDecimals: 1, maxLeverage: 3, price: "1" }),
    ],
    [
      "steps[0].name",
      step({ do: "list", dex: "xyz", name: "X", sizeDecimals: 1, maxLeverage: 3, price: "1" }),
    ],
    [
      "steps[0].marginTiers",
      step({
        do: "list",
        name: "X",
        sizeDecimals: 1,
        maxLeverage: 3,
        price: "1",
        marginTiers: [{ lowerBound: "5", maxLeverage: 3 }],
      }),
    ],
    ...["0", "-1", "10000000.1", `1${"0".repeat(60)}`].flatMap((price): [string, unknown][] => [
      ["steps[0].price", step({ do: "mark", coin: "BTC", price })],
      ["steps[0].price", step({ do: "oracle", coin: "BTC", price })],
      [
        "steps[0].points[0].price",
        step({ do: "path", coin: "BTC", points: [{ afterMs: 5, price }] }),
      ],
      ["steps[0].price", step({ do: "list", name: "NEW", sizeDecimals: 1, maxLeverage: 3, price })],
    ]),
    ["steps[0].on", step({ do: "postOnly", on: "yes" })],
    [
      "steps[0].size",
      step({ do: "deleverage", coin: "BTC", account: ALICE, counterparty: BOB, size: "0" }),
    ],
    [
      "steps[0].price 64000: must be a decimal in quotes",
      step({ do: "mark", coin: "BTC", price: 64_000 }),
    ],
  ])("%s", (path, script) => {
    expect(() => at.exchange.market(script as MarketScript)).toThrow(`option ${path}`);
  });
});
