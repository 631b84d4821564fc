import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { DEFAULT_UNIVERSE } from "./universe.ts";

let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

beforeEach(() => {
  open();
});

function open(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange(options);
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  for (const type of ["orderUpdates", "userEvents"]) alice.subscribe({ type, user: ALICE });
}

const words = () =>
  (alice.heard("orderUpdates") as { status: string }[][]).flat().map(({ status }) => status);
const cap = (value?: string) =>
  at.exchange.market({
    steps: [{ do: "openInterestCap", coin: "BTC", ...(value === undefined ? {} : { value }) }],
  });
const lastWord = () => words().at(-1);

/** ALICE long and BOB short 0.01 BTC: an open interest of 640. */
function holdSome(): void {
  bob.place(limit({ b: false, p: "64000", s: "0.01" }));
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
  alice.forget();
}

describe("at the open interest cap", () => {
  beforeEach(() => {
    holdSome();
    bob.place(limit({ b: false, p: "64000", s: "0.1" }));
    bob.place(limit({ b: true, p: "63900", s: "0.1" }));
    cap("640");
    alice.pass();
  });

  const capped = "Order would increase open interest while open interest is capped asset=0";

  it("refuses what trades and increases a position", () => {
    expect(alice.place(limit({ b: true, p: "64000", s: "0.001" }))).toEqual({ error: capped });
    expect(words()).toEqual(["positionIncreaseAtOpenInterestCapRejected"]);
  });

  it("refuses what trades and flips a position, and takes what only closes it", () => {
    expect(alice.place(limit({ b: false, p: "63900", s: "0.02" }))).toEqual({ error: capped });
    expect(words()).toEqual(["positionFlipAtOpenInterestCapRejected"]);
    expect(alice.place(limit({ b: false, p: "63900", s: "0.01" }))).toMatchObject({
      filled: { totalSz: "0.01" },
    });
  });

  it("refuses what would rest at a price more aggressive than the oracle", () => {
    at.exchange.market({ steps: [{ do: "oracle", coin: "BTC", price: "63950" }] });
    alice.pass();
    expect(alice.place(limit({ b: true, p: "63960", s: "0.001" }))).toEqual({
      error:
        "Order rejected due to price more aggressive than oracle while at open interest cap asset=0",
    });
    expect(words()).toEqual(["tooAggressiveAtOpenInterestCapRejected"]);
    expect(alice.place(limit({ b: true, p: "63950", s: "0.001" }))).toMatchObject({ resting: {} });
  });

  it("lets everything pass again without one", () => {
    cap();
    alice.pass();
    expect(alice.place(limit({ b: true, p: "64000", s: "0.001" }))).toMatchObject({ filled: {} });
  });
});

it("cancels what rests beyond the oracle when the cap is reached, and says that nobody asked for it", () => {
  holdSome();
  alice.place(limit({ b: true, p: "63900", s: "0.01" }));
  alice.place(limit({ b: true, p: "63000", s: "0.01" }));
  alice.place(limit({ b: false, p: "63999", s: "0.01", r: true }));
  at.exchange.market({
    steps: [
      { do: "oracle", coin: "BTC", price: "63500" },
      { do: "openInterestCap", coin: "BTC", value: "600" },
    ],
  });
  alice.forget();
  alice.pass();
  expect(alice.heard("orderUpdates")).toMatchObject([
    [{ status: "openInterestCapCanceled", order: { limitPx: "63900.0", sz: "0.01" } }],
  ]);
  expect(alice.heard("user")).toMatchObject([{ nonUserCancel: [{ coin: "BTC" }] }]);
  expect(alice.info({ type: "openOrders", user: ALICE })).toHaveLength(2);
});

it("openInterestIncreaseRejected: no faster in one block than was decided", () => {
  bob.place(limit({ b: false, p: "64000", s: "1" }));
  at.exchange.market({ steps: [{ do: "openInterestGrowth", coin: "BTC", value: "128" }] });
  alice.pass();
  const take = limit({ b: true, p: "64000", s: "0.0015" });
  const statuses = alice.statuses({ type: "order", orders: [take, take], grouping: "na" });
  expect(statuses).toMatchObject([
    { filled: {} },
    { error: "Order would increase open interest too quickly asset=0" },
  ]);
  expect(lastWord()).toBe("openInterestIncreaseRejected");
  expect(alice.place(take)).toMatchObject({ filled: {} });
});

it("oracleRejected: away from the oracle by more than was decided", () => {
  at.exchange.market({
    steps: [
      { do: "oracle", coin: "BTC", price: "60000" },
      { do: "oracleBand", coin: "BTC", value: "0.05" },
    ],
  });
  alice.pass();
  expect(alice.place(limit({ b: true, p: "63001", s: "0.001" }))).toEqual({
    error: "Price too far from oracle asset=0",
  });
  expect(words()).toEqual(["oracleRejected"]);
  expect(alice.place(limit({ b: true, p: "63000", s: "0.001" }))).toMatchObject({ resting: {} });
  expect(alice.place(limit({ b: true, p: "56999", s: "0.001" }))).toMatchObject({ error: {} });
});

it("oracleRejected: 95 % where nothing was decided, also when the mark stands elsewhere", () => {
  at.exchange.market({ steps: [{ do: "oracle", coin: "BTC", price: "30000" }] });
  alice.pass();
  expect(alice.place(limit({ b: true, p: "58501", s: "0.001" }))).toMatchObject({
    error: "Price too far from oracle asset=0",
  });
  expect(alice.place(limit({ b: true, p: "58500", s: "0.001" }))).toMatchObject({ resting: {} });
});

describe("perpMaxPositionRejected", () => {
  const refusal =
    "Order would cause position to exceed margin tier limit at current leverage asset=0";

  beforeEach(() => {
    const marginTiers = [
      { lowerBound: "0", maxLeverage: 40 },
      { lowerBound: "1000", maxLeverage: 10 },
    ];
    const perps = DEFAULT_UNIVERSE.perps.map((perp) =>
      perp.name === "BTC" ? { ...perp, marginTiers } : perp,
    );
    open({ universe: { ...DEFAULT_UNIVERSE, perps } });
    bob.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 10 });
    bob.place(limit({ b: false, p: "64000", s: "1" }));
  });

  it("a position of a higher tier at a leverage that is too high for it", () => {
    expect(alice.place(limit({ b: true, p: "64000", s: "0.02" }))).toEqual({ error: refusal });
    expect(words()).toEqual(["perpMaxPositionRejected"]);
    alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 10 });
    expect(alice.place(limit({ b: true, p: "64000", s: "0.02" }))).toMatchObject({ filled: {} });
  });

  it("also together with what is held, and never for what closes", () => {
    alice.place(limit({ b: true, p: "64000", s: "0.015" }));
    expect(alice.place(limit({ b: true, p: "64000", s: "0.001" }))).toEqual({ error: refusal });
    bob.place(limit({ b: true, p: "63000", s: "1" }));
    expect(alice.place(limit({ b: false, p: "63000", s: "0.015" }))).toMatchObject({ filled: {} });
  });

  it("margin tiers are what meta lists", () => {
    expect(alice.info({ type: "meta" })).toMatchObject({
      marginTables: expect.arrayContaining([
        [
          expect.any(Number),
          expect.objectContaining({
            marginTiers: [
              { lowerBound: "0.0", maxLeverage: 40 },
              { lowerBound: "1000.0", maxLeverage: 10 },
            ],
          }),
        ],
      ]) as unknown,
    });
  });
});

describe("marginCanceled", () => {
  /** 0.01 BTC at 20x is 32 of margin: BOB has 40. */
  beforeEach(() => {
    open({
      accounts: [
        { address: ALICE, deposit: "1000000" },
        { address: BOB, deposit: "40" },
      ],
    });
    bob.subscribe({ type: "orderUpdates", user: BOB });
    bob.subscribe({ type: "userEvents", user: BOB });
  });

  it("a resting order that cannot be margined when it is met; the next one is met instead", () => {
    bob.place(limit({ b: true, p: "64000", s: "0.01" }));
    bob.place(limit({ b: true, p: "63990", s: "0.01" }));
    expect(alice.place(limit({ b: false, p: "63990", s: "0.02" }))).toMatchObject({ resting: {} });
    const told = (
      bob.heard("orderUpdates") as { status: string; order: { sz: string } }[][]
    ).flat();
    expect(told.map(({ status, order }) => [status, order.sz])).toEqual([
      ["open", "0.01"],
      ["open", "0.01"],
      ["filled", "0.0"],
      ["marginCanceled", "0.01"],
    ]);
    expect(bob.heard("user").at(-1)).toMatchObject({ nonUserCancel: [{ coin: "BTC" }] });
  });

  it("after it was filled in part", () => {
    bob.place(limit({ b: true, p: "64000", s: "0.01" }));
    bob.place(limit({ b: true, p: "63990", s: "0.009" }));
    alice.place(limit({ b: false, p: "63990", s: "0.011", tif: "Ioc" }));
    alice.place(limit({ b: false, p: "63990", s: "0.005", tif: "Ioc" }));
    expect(bob.heard("orderUpdates").at(-1)).toMatchObject([
      { status: "marginCanceled", order: { sz: "0.008", origSz: "0.009" } },
    ]);
  });
});
