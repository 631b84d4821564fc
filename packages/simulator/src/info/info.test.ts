import { beforeEach, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const FIRST = 700_000_000_001;
const CLOID = "0x000000000000000000000000000000a1";

let alice: Desk;
let bob: Desk;
beforeEach(() => {
  const at = openExchange({ rules: { recordsKept: 5 } });
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
});

const status = (oid: number | string, user = ALICE) =>
  alice.info({ type: "orderStatus", user, oid });

it("lists markets by their asset ids", () => {
  const meta = alice.info({ type: "meta" }) as {
    universe: { name: string; szDecimals: number; isDelisted?: boolean }[];
  };
  expect(
    meta.universe.map(({ name, szDecimals, isDelisted }) => [name, szDecimals, isDelisted]),
  ).toEqual([
    ["BTC", 5, undefined],
    ["ETH", 4, undefined],
    ["SOL", 2, undefined],
    ["MATIC", 1, true],
  ]);
  expect(alice.info({ type: "meta", dex: "xyz" })).toMatchObject({
    universe: [{ name: "xyz:SILVER" }],
  });
  expect(alice.info({ type: "perpDexs" })).toEqual([
    null,
    {
      name: "xyz",
      fullName: "xyz (simulated)",
      deployer: "0x00000000000000000000000000000000000000de",
      oracleUpdater: null,
      feeRecipient: null,
      assetToStreamingOiCap: [],
      subDeployers: [],
      deployerFeeScale: "1.0",
      lastDeployerFeeScaleChangeTime: "1970-01-01T00:00:00",
      assetToFundingMultiplier: [],
      assetToFundingInterestRate: [],
    },
  ]);
  expect(alice.info({ type: "spotMeta" })).toMatchObject({
    tokens: [
      { name: "USDC", index: 0 },
      { name: "PURR", index: 1 },
      { name: "HYPE", index: 150 },
    ],
    universe: [
      { tokens: [1, 0], name: "PURR/USDC", index: 0 },
      { tokens: [150, 0], name: "@107", index: 107 },
    ],
  });
  const [meta2, contexts] = alice.info({ type: "metaAndAssetCtxs" }) as [
    object,
    { markPx: string }[],
  ];
  expect(meta2).toEqual(meta);
  expect(contexts.map(({ markPx }) => markPx)).toEqual(["64000.0", "2080.0", "140.0", "0.4"]);
});

it.each([
  [0, "BTC", "64000", "0.001"],
  [2, "SOL", "140", "1"],
  [110_000, "xyz:SILVER", "31.5", "2"],
  [10_000, "PURR/USDC", "0.2", "100"],
  [10_107, "@107", "25.5", "1"],
])("trades asset %i as %s", (a, coin, p, s) => {
  expect(alice.place(limit({ a, b: true, p, s }))).toEqual({ resting: { oid: FIRST } });
  const dex = coin.startsWith("xyz:") ? "xyz" : "";
  expect(alice.info({ type: "openOrders", user: ALICE, dex })).toMatchObject([
    { coin, oid: FIRST },
  ]);
  expect(alice.info({ type: "openOrders", user: ALICE, dex: dex === "" ? "xyz" : "" })).toEqual([]);
  expect(alice.info({ type: "l2Book", coin })).toMatchObject({ coin, levels: [[{ n: 1 }], []] });
});

it("shows a cloid as a missing key in openOrders and as null in the full rows", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.001" }));
  expect((alice.info({ type: "openOrders", user: ALICE }) as object[])[0]).not.toHaveProperty(
    "cloid",
  );
  expect(alice.info({ type: "frontendOpenOrders", user: ALICE })).toEqual([
    {
      coin: "BTC",
      side: "B",
      limitPx: "64000.0",
      sz: "0.001",
      oid: FIRST,
      timestamp: expect.any(Number) as number,
      triggerCondition: "N/A",
      isTrigger: false,
      triggerPx: "0.0",
      children: [],
      isPositionTpsl: false,
      reduceOnly: false,
      orderType: "Limit",
      origSz: "0.001",
      tif: "Gtc",
      cloid: null,
    },
  ]);
});

it("freezes the size in orderStatus while the lists show what is left", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.002", c: CLOID }));
  bob.place(limit({ b: false, p: "64000", s: "0.0005" }));
  expect(status(CLOID)).toMatchObject({
    status: "order",
    order: { status: "open", order: { sz: "0.002", origSz: "0.002" } },
  });
  expect(alice.info({ type: "openOrders", user: ALICE })).toMatchObject([
    { sz: "0.0015", origSz: "0.002" },
  ]);
});

it("answers for the asked address only, and resolves a reused cloid to the latest", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.001", c: CLOID }));
  alice.place(
    limit({ b: true, p: "63000", s: "0.001", c: CLOID.toUpperCase().replace("0X", "0x") }),
  );
  expect(status(CLOID)).toMatchObject({ order: { order: { oid: FIRST + 1, cloid: CLOID } } });
  expect(status(FIRST)).toMatchObject({ order: { order: { oid: FIRST } } });
  expect(status(FIRST, BOB)).toEqual({ status: "unknownOid" });
});

it("forgets by count, oldest first, and never what is open", () => {
  alice.place(limit({ b: true, p: "60000", s: "0.001" }));
  for (let at = 1; at <= 6; at += 1) {
    alice.place(limit({ b: true, p: "60000", s: "0.001", c: `0x${String(at).padStart(32, "0")}` }));
    alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST + at }] });
  }
  expect([0, 1, 2, 3].map((at) => (status(FIRST + at) as { status: string }).status)).toEqual([
    "order",
    "unknownOid",
    "unknownOid",
    "order",
  ]);
  expect(status(`0x${"1".padStart(32, "0")}`)).toEqual({ status: "unknownOid" });
});

it("keeps a cloid for its latest order when the one before is forgotten", () => {
  for (let at = 0; at < 7; at += 1) {
    alice.place(
      limit({ b: true, p: "60000", s: "0.001", ...(at === 0 || at === 3 ? { c: CLOID } : {}) }),
    );
    alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST + at }] });
  }
  expect(status(FIRST)).toEqual({ status: "unknownOid" });
  expect(status(CLOID)).toMatchObject({ order: { order: { oid: FIRST + 3 } } });
});

it("lists history newest first, an oid once per status", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.001" }));
  alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
  alice.place(limit({ b: true, p: "63000", s: "0.001" }));
  const rows = alice.info({ type: "historicalOrders", user: ALICE }) as {
    order: { oid: number };
    status: string;
  }[];
  expect(rows.map(({ order, status: word }) => [order.oid - FIRST, word])).toEqual([
    [1, "open"],
    [0, "canceled"],
    [0, "open"],
  ]);
});

it("lists fills newest first, by time oldest first, with both ends included", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
  for (let at = 0; at < 4; at += 1) bob.place(limit({ b: false, p: "64000", s: "0.001" }));
  const fills = alice.info({ type: "userFills", user: ALICE }) as { time: number }[];
  const times = fills.map(({ time }) => time);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const [, second, third] = [...times].reverse();
  expect(
    alice.info({ type: "userFillsByTime", user: ALICE, startTime: second, endTime: third }),
  ).toMatchObject([{ time: second }, { time: third }]);
  expect(
    alice.info({ type: "userFillsByTime", user: ALICE, startTime: second, reversed: true }),
  ).toHaveLength(3);
});

it("shows money and positions, and an unknown account as an empty one", () => {
  bob.place(limit({ b: false, p: "64000", s: "0.01" }));
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
  alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 5 });
  expect(alice.info({ type: "clearinghouseState", user: ALICE })).toMatchObject({
    marginSummary: {
      accountValue: "999999.712",
      totalNtlPos: "640.0",
      totalRawUsd: "999359.712",
      totalMarginUsed: "128.0",
    },
    withdrawable: "999871.712",
    assetPositions: [
      {
        type: "oneWay",
        position: {
          coin: "BTC",
          szi: "0.01",
          entryPx: "64000.0",
          leverage: { type: "cross", value: 5 },
          unrealizedPnl: "0.0",
        },
      },
    ],
  });
  expect(alice.info({ type: "userRateLimit", user: ALICE })).toMatchObject({
    cumVlm: "640.0",
    nRequestsUsed: 2,
    nRequestsCap: 10_640,
  });
  const nobody = "0x9999999999999999999999999999999999999999";
  expect(alice.info({ type: "clearinghouseState", user: nobody })).toMatchObject({
    marginSummary: { accountValue: "0.0" },
    assetPositions: [],
  });
  expect(alice.info({ type: "openOrders", user: nobody })).toEqual([]);
});

it("merges a book to fewer figures, bids down and asks up", () => {
  for (const [b, p] of [
    [true, "63999"],
    [true, "63950"],
    [true, "63890"],
    [false, "64001"],
    [false, "64100"],
  ] as const) {
    alice.place(limit({ b, p, s: "0.001" }));
  }
  const book = alice.info({ type: "l2Book", coin: "BTC", nSigFigs: 3 }) as {
    levels: { px: string; n: number }[][];
  };
  expect(book.levels.map((side) => side.map(({ px, n }) => [px, n]))).toEqual([
    [
      ["63900.0", 2],
      ["63800.0", 1],
    ],
    [["64100.0", 2]],
  ]);
});

it("forgets down to its limit once many open orders have ended (protocol §8.4)", () => {
  const orders = Array.from({ length: 12 }, () => limit({ b: true, p: "60000", s: "0.001" }));
  alice.act({ type: "order", orders, grouping: "na" });
  const cancels = orders.map((_, index) => ({ a: 0, o: FIRST + index }));
  alice.act({ type: "cancel", cancels });
  alice.place(limit({ b: true, p: "60000", s: "0.001" }));
  const known = Array.from({ length: 13 }, (_, index) => status(FIRST + index)).filter(
    (answer) => (answer as { status: string }).status === "order",
  );
  expect(known).toHaveLength(5);
});
