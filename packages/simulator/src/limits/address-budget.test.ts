import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { LimitsOption } from "./limits.ts";

const NOOP = { type: "noop" };
const tooMany = (sent: number, cap: number, traded = "0.0") => ({
  status: "err",
  response: `Too many cumulative requests sent (${sent} > ${cap}) for cumulative volume traded $${traded}. Place taker orders to free up 1 request per USDC traded.`,
});
const orders = (count: number) => ({
  type: "order",
  orders: Array.from({ length: count }, () => limit({ b: true, p: "60000", s: "0.001" })),
  grouping: "na",
});
const cancels = (count: number) => ({
  type: "cancel",
  cancels: Array.from({ length: count }, () => ({ a: 0, o: 1 })),
});
const opened = (limits?: LimitsOption) => {
  const at = openExchange(limits === undefined ? {} : { limits });
  const alice = new Desk(at, ALICE);
  const budget = () => alice.info({ type: "userRateLimit", user: ALICE });
  return { at, alice, budget };
};

describe("the budget of an address (protocol §12.2)", () => {
  it("is ten thousand requests; a batch of n costs n, and the next one is told the venue's text", () => {
    const { alice, budget } = opened();
    for (let batch = 0; batch < 50; batch += 1) alice.act(cancels(200));
    expect(budget()).toEqual({
      cumVlm: "0.0",
      nRequestsUsed: 10_000,
      nRequestsCap: 10_000,
      nRequestsSurplus: 0,
    });
    expect(alice.act(NOOP)).toEqual(tooMany(10_001, 10_000));
    expect(budget()).toMatchObject({ nRequestsUsed: 10_000 });
  });

  it("refuses a batch that does not fit as a whole, for nothing, and takes what fits", () => {
    const { alice, budget } = opened({ addressRequests: 5 });
    alice.act(orders(3));
    expect(alice.act(orders(3))).toEqual(tooMany(6, 5));
    expect(alice.info({ type: "openOrders", user: ALICE })).toHaveLength(3);
    expect(alice.act(orders(2))).toMatchObject({ status: "ok" });
    expect(budget()).toMatchObject({ nRequestsUsed: 5 });
  });

  it("lets one request through every ten seconds, whatever was refused in between", () => {
    const { at, alice, budget } = opened({ addressRequests: 1 });
    alice.act(NOOP);
    const taken: boolean[] = [];
    for (let second = 1; second <= 30; second += 1) {
      at.clock.advanceBy(1_000 - 81);
      taken.push((alice.act(NOOP) as { status: string }).status === "ok");
    }
    expect(taken.flatMap((passed, index) => (passed ? [index + 1] : []))).toEqual([10, 20, 30]);
    expect(budget()).toMatchObject({ nRequestsUsed: 4, nRequestsCap: 1 });
    at.clock.advanceBy(10_000);
    expect(alice.act(orders(2))).toEqual(tooMany(6, 1));
  });

  it("a refused request spends no nonce", () => {
    const { at, alice } = opened({ addressRequests: 1 });
    alice.act(NOOP);
    const nonce = at.clock.wallMs() + 500;
    expect(alice.act(NOOP, { nonce })).toEqual(tooMany(2, 1));
    at.clock.advanceBy(10_000);
    expect(alice.act(NOOP, { nonce })).toMatchObject({ status: "ok" });
  });

  it("grows by one request per whole USDC traded", () => {
    const { at, alice, budget } = opened({ addressRequests: 1 });
    new Desk(at, BOB).place(limit({ a: 1, b: false, p: "2080.5", s: "0.1" }));
    alice.place(limit({ a: 1, b: true, p: "2080.5", s: "0.005", tif: "Ioc" }));
    expect(budget()).toMatchObject({ cumVlm: "10.4025", nRequestsCap: 11, nRequestsUsed: 1 });
    expect(alice.act(orders(10))).toMatchObject({ status: "ok" });
    expect(alice.act(NOOP)).toEqual(tooMany(12, 11, "10.4"));
  });

  it("has a reserve for cancels: twice the limit, at most 100,000 more", () => {
    const { alice } = opened({ addressRequests: 4 });
    alice.act(orders(4));
    expect(alice.act(orders(1))).toEqual(tooMany(5, 4));
    expect(alice.act(cancels(4))).toMatchObject({ status: "ok" });
    expect(alice.act(cancels(1))).toEqual(tooMany(9, 8));
    const { alice: rich } = opened({ addressRequests: 150_000 });
    rich.act(NOOP);
    expect(rich.act(cancels(200))).toMatchObject({ status: "ok" });
  });

  it("asks five times the price for what came after its own expiry", () => {
    const { at, alice, budget } = opened();
    const late = alice.act(orders(2), { expiresAfter: at.clock.wallMs() - 1 });
    expect(late).toEqual({ status: "err", response: "Action already expired" });
    expect(budget()).toMatchObject({ nRequestsUsed: 10 });
  });

  it("asks nothing for what is refused as a whole", () => {
    const { alice, budget } = opened();
    alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 4_000 });
    alice.act(cancels(201));
    expect(budget()).toMatchObject({ nRequestsUsed: 0 });
  });

  it("belongs to the account that is acted for", () => {
    const sub = "0x7777777777777777777777777777777777777777";
    const at = openExchange({
      limits: { addressRequests: 1 },
      accounts: [
        { address: ALICE, deposit: "1000", subAccounts: [{ address: sub, deposit: "1000" }] },
      ],
    });
    const alice = new Desk(at, ALICE);
    alice.act(NOOP, { vault: sub });
    expect(alice.act(NOOP, { vault: sub })).toEqual(tooMany(2, 1));
    expect(alice.act(NOOP)).toMatchObject({ status: "ok" });
  });

  it("can be bought: 0.0005 USDC a request, also when nothing is left", () => {
    const { alice, budget } = opened({ addressRequests: 1 });
    alice.act(NOOP);
    expect(alice.act(NOOP)).toEqual(tooMany(2, 1));
    expect(alice.act({ type: "reserveRequestWeight", weight: 100 })).toEqual({
      status: "ok",
      response: { type: "default" },
    });
    expect(budget()).toMatchObject({ nRequestsUsed: 0, nRequestsCap: 1, nRequestsSurplus: 98 });
    expect(alice.info({ type: "clearinghouseState", user: ALICE })).toMatchObject({
      marginSummary: { accountValue: "999999.95" },
    });
    expect(alice.act(orders(99))).toMatchObject({ status: "ok" });
    expect(alice.act(NOOP)).toEqual(tooMany(2, 1));
    expect(alice.act({ type: "reserveRequestWeight", weight: 2_000_000_001 })).toEqual({
      status: "err",
      response: "Insufficient margin to reserve request weight.",
    });
  });

  it("cannot be bought by an agent", () => {
    const agent = "0x5555555555555555555555555555555555555555";
    const at = openExchange({
      accounts: [{ address: ALICE, deposit: "1000", agents: [{ address: agent }] }],
    });
    const action = { type: "reserveRequestWeight", weight: 100 };
    expect(new Desk(at, ALICE).act(action, { as: agent })).toEqual({
      status: "err",
      response: `Must deposit before performing actions. User: ${agent}`,
    });
  });

  it("is off without limits", () => {
    const { alice, budget } = opened(false);
    for (let batch = 0; batch < 51; batch += 1) alice.act(cancels(200));
    expect(alice.act(NOOP)).toMatchObject({ status: "ok" });
    expect(budget()).toMatchObject({ nRequestsUsed: 10_201 });
  });
});
