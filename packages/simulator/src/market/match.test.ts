import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const FIRST = 700_000_000_001;
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

beforeEach(() => {
  at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.subscribe({ type: "userFills", user: ALICE });
});

const words = () =>
  (alice.heard("orderUpdates") as { status: string; order: { oid: number } }[][])
    .flat()
    .map(({ status, order }) => [order.oid - FIRST, status]);
const fills = (user = ALICE) =>
  alice.info({ type: "userFills", user }) as {
    oid: number;
    px: string;
    sz: string;
    fee: string;
    tid: number;
    feeToken: string;
    startPosition: string;
    crossed: boolean;
    dir: string;
    closedPnl: string;
  }[];
const open = (user = ALICE) =>
  alice.info({ type: "frontendOpenOrders", user }) as { oid: number; sz: string; origSz: string }[];

it("shares a trade id between the two sides, and charges both", () => {
  alice.place(limit({ b: true, p: "64000", s: "0.001" }));
  bob.place(limit({ b: false, p: "64000", s: "0.001" }));
  const [mine] = fills();
  const [theirs] = fills(BOB);
  expect(mine?.tid).toBe(theirs?.tid);
  expect([mine?.fee, theirs?.fee]).toEqual(["0.0096", "0.0288"]);
  expect([mine?.crossed, theirs?.crossed]).toEqual([false, true]);
});

it("cuts a fee after six digits", () => {
  alice.place(limit({ a: 1, b: true, p: "2080.1", s: "0.0123" }));
  bob.place(limit({ a: 1, b: false, p: "2080.1", s: "0.0123" }));
  expect([fills()[0]?.fee, fills(BOB)[0]?.fee]).toEqual(["0.003837", "0.011513"]);
});

it("takes spot fees from what is received", () => {
  bob.place(limit({ a: 10_000, b: false, p: "0.2", s: "100" }));
  alice.place(limit({ a: 10_000, b: true, p: "0.2", s: "100" }));
  expect(fills()[0]).toMatchObject({
    coin: "PURR/USDC",
    fee: "0.07",
    feeToken: "PURR",
    startPosition: "1000.0",
    dir: "Buy",
  });
  expect(fills(BOB)[0]).toMatchObject({ fee: "0.008", feeToken: "USDC", dir: "Sell" });
  expect(alice.info({ type: "spotClearinghouseState", user: ALICE })).toMatchObject({
    balances: [
      { coin: "USDC", total: "9980.0" },
      { coin: "PURR", total: "1099.93" },
    ],
  });
});

it("drops what an Ioc could not fill, without an error", () => {
  bob.place(limit({ b: false, p: "64000", s: "0.004" }));
  expect(alice.place(limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" }))).toMatchObject({
    filled: { totalSz: "0.004", avgPx: "64000.0" },
  });
  expect(words()).toEqual([
    [1, "open"],
    [1, "filled"],
  ]);
  expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST + 1 })).toMatchObject({
    order: { status: "filled", order: { sz: "0.006", origSz: "0.01" } },
  });
});

it("says zero left of a partial Ioc where the rule says so", () => {
  at = openExchange({ rules: { partialIocSize: "zero" } });
  const [one, two] = [new Desk(at, ALICE), new Desk(at, BOB)];
  two.place(limit({ b: false, p: "64000", s: "0.004" }));
  one.place(limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" }));
  expect(one.info({ type: "orderStatus", user: ALICE, oid: FIRST + 1 })).toMatchObject({
    order: { order: { sz: "0.0" } },
  });
});

it("rests what a Gtc could not fill, and says resting", () => {
  bob.place(limit({ b: false, p: "64000", s: "0.004" }));
  expect(alice.place(limit({ b: true, p: "64000", s: "0.01" }))).toEqual({
    resting: { oid: FIRST + 1 },
  });
  expect(open()).toMatchObject([{ sz: "0.006", origSz: "0.01" }]);
  expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST + 1 })).toMatchObject({
    order: { status: "open", order: { sz: "0.01" } },
  });
  expect(words()).toEqual([[1, "open"]]);
});

it("averages over the levels it walked", () => {
  bob.place(limit({ a: 1, b: false, p: "2080", s: "1" }));
  bob.place(limit({ a: 1, b: false, p: "2081", s: "2" }));
  expect(alice.place(limit({ a: 1, b: true, p: "2090", s: "3", tif: "Ioc" }))).toMatchObject({
    filled: { avgPx: "2080.66" },
  });
});

it("expires an own order in the way instead of trading with itself", () => {
  alice.place(limit({ b: false, p: "64000", s: "0.001" }));
  bob.place(limit({ b: false, p: "64010", s: "0.001" }));
  expect(alice.place(limit({ b: true, p: "64010", s: "0.001", tif: "Ioc" }))).toMatchObject({
    filled: { avgPx: "64010.0" },
  });
  expect(words()).toEqual([
    [0, "open"],
    [0, "selfTradeCanceled"],
    [2, "open"],
    [2, "filled"],
  ]);
});

it("runs the others and Alo, then cancels, then what may take", () => {
  bob.place(limit({ b: false, p: "64000", s: "0.001" }));
  const take = alice.post({
    type: "order",
    orders: [limit({ b: true, p: "64000", s: "0.001", tif: "Ioc" })],
    grouping: "na",
  });
  bob.post({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
  alice.pass();
  expect(alice.answer(take)).toMatchObject({
    response: {
      data: {
        statuses: [{ error: expect.stringContaining("could not immediately match") as string }],
      },
    },
  });
});

describe("reduce-only", () => {
  beforeEach(() => {
    bob.place(limit({ b: false, p: "64000", s: "0.002" }));
    alice.place(limit({ b: true, p: "64000", s: "0.002" }));
    alice.forget();
  });

  it("shrinks to the position and never flips it", () => {
    bob.place(limit({ b: true, p: "63000", s: "1" }));
    expect(
      alice.place(limit({ b: false, p: "63000", s: "0.005", tif: "Ioc", r: true })),
    ).toMatchObject({ filled: { totalSz: "0.002" } });
    expect(fills()[0]).toMatchObject({
      dir: "Close Long",
      startPosition: "0.002",
      closedPnl: "-2.0",
    });
  });

  it("rests shrunk, follows the position, and is canceled in the message that closes it", () => {
    alice.place(limit({ b: false, p: "65000", s: "0.005", r: true }));
    expect(open()).toMatchObject([{ sz: "0.002", origSz: "0.005" }]);
    bob.place(limit({ b: true, p: "63000", s: "1" }));
    alice.place(limit({ b: false, p: "63000", s: "0.0015", tif: "Ioc" }));
    expect(open()).toMatchObject([{ sz: "0.0005", origSz: "0.005" }]);
    alice.forget();
    alice.place(limit({ b: false, p: "63000", s: "0.0005", tif: "Ioc" }));
    expect(alice.heard("orderUpdates")).toHaveLength(1);
    expect(
      words()
        .map(([, word]) => String(word))
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(["filled", "open", "reduceOnlyCanceled"]);
    expect(open()).toEqual([]);
  });

  it("lets a reduce-only order larger than a tiny position close it whole", () => {
    bob.place(limit({ b: true, p: "63000", s: "1" }));
    alice.place(limit({ b: false, p: "63000", s: "0.0019", tif: "Ioc" }));
    expect(
      alice.place(limit({ b: false, p: "63000", s: "0.00015", tif: "Ioc", r: true })),
    ).toMatchObject({ filled: { totalSz: "0.0001" } });
  });

  it("shows a reject with the size as it was asked", () => {
    alice.place(limit({ b: false, p: "70000", s: "0.005", tif: "Ioc", r: true }));
    expect(alice.heard("orderUpdates")).toMatchObject([
      [{ status: "iocCancelRejected", order: { sz: "0.005", origSz: "0.005" } }],
    ]);
  });

  it("exempts a whole close from the minimum, not a partial one", () => {
    bob.place(limit({ b: true, p: "63000", s: "1" }));
    alice.place(limit({ b: false, p: "63000", s: "0.0019", tif: "Ioc" }));
    expect(
      alice.place(limit({ b: false, p: "63000", s: "0.00005", tif: "Ioc", r: true })),
    ).toMatchObject({ error: expect.stringContaining("minimum value") as string });
    expect(alice.place(limit({ b: false, p: "63000", s: "0.0001", tif: "Ioc" }))).toMatchObject({
      filled: { totalSz: "0.0001" },
    });
  });
});

describe("triggers", () => {
  const stop = (isMarket: boolean) => ({
    a: 0,
    b: false,
    p: "60000",
    s: "0.001",
    r: true,
    t: { trigger: { isMarket, triggerPx: "63000", tpsl: "sl" } },
  });

  beforeEach(() => {
    bob.place(limit({ b: false, p: "64000", s: "0.001" }));
    alice.place(limit({ b: true, p: "64000", s: "0.001" }));
    alice.forget();
  });

  it("waits outside of the book and fires on the mark price under its own oid", () => {
    expect(alice.place(stop(true))).toEqual({ resting: { oid: FIRST + 2 } });
    expect(open()).toMatchObject([
      {
        isTrigger: true,
        triggerCondition: "Price below 63000",
        orderType: "Stop Market",
        tif: null,
        triggerPx: "63000.0",
      },
    ]);
    expect(alice.info({ type: "l2Book", coin: "BTC" })).toMatchObject({ levels: [[], []] });
    bob.place(limit({ b: true, p: "62900", s: "1" }));
    at.exchange.setMark("BTC", "62950");
    alice.pass();
    expect(words()).toEqual([
      [2, "open"],
      [2, "triggered"],
      [2, "filled"],
    ]);
    expect(fills()[0]).toMatchObject({ oid: FIRST + 2, px: "62900.0", crossed: true });
  });

  it("finds no liquidity", () => {
    alice.place(stop(true));
    at.exchange.setMark("BTC", "62950");
    alice.pass();
    expect(words()).toEqual([
      [2, "open"],
      [2, "triggered"],
      [2, "marketOrderNoLiquidityRejected"],
    ]);
  });

  it("rests as a limit order once it fired", () => {
    alice.place(stop(false));
    at.exchange.setMark("BTC", "62950");
    alice.pass();
    expect(words()).toEqual([
      [2, "open"],
      [2, "triggered"],
    ]);
    expect(alice.info({ type: "l2Book", coin: "BTC" })).toMatchObject({
      levels: [[], [{ px: "60000.0", sz: "0.001" }]],
    });
  });

  it("can be canceled while it waits", () => {
    alice.place(stop(true));
    alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST + 2 }] });
    at.exchange.setMark("BTC", "62950");
    alice.pass();
    expect(words()).toEqual([
      [2, "open"],
      [2, "canceled"],
    ]);
  });
});

it("cancels everything when the dead man's switch runs out", () => {
  at = openExchange({ rules: { scheduleCancelVolume: "0" } });
  alice = new Desk(at, ALICE);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  alice.place(limit({ b: true, p: "64000", s: "0.001" }));
  expect(alice.act({ type: "scheduleCancel", time: at.clock.wallMs() + 1_000 })).toMatchObject({
    status: "err",
    response: "Scheduled cancel time too early, must be at least 5 seconds from now.",
  });
  expect(alice.act({ type: "scheduleCancel", time: at.clock.wallMs() + 6_000 })).toMatchObject({
    status: "ok",
  });
  alice.pass(100);
  expect(words()).toEqual([
    [0, "open"],
    [0, "scheduledCancel"],
  ]);
});
