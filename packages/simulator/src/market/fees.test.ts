import { parseAddress } from "@cloister/model";
import { beforeEach, describe, expect, it } from "vitest";
import { checkMoney } from "../audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const CAROL = parseAddress("0x3333333333333333333333333333333333333333");
const STRANGER = parseAddress("0x9999999999999999999999999999999999999999");

let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

beforeEach(() => open());

function open(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange({
    accounts: [ALICE, BOB, CAROL].map((address) => ({
      address,
      deposit: "1000000",
      spot: { USDC: "10000", PURR: "10000" },
    })),
    ...options,
  });
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
}

type Fill = { fee: string; builderFee?: string; feeToken: string; tid: number };
const fills = (user = ALICE) => alice.info({ type: "userFills", user }) as Fill[];
const truthOf = (address: string) =>
  at.exchange.truth().accounts.find((account) => account.address === address);

const approve = (builder: string, maxFeeRate: string) => {
  const nonce = alice.clock.wallMs();
  return alice.act(
    {
      type: "approveBuilderFee",
      hyperliquidChain: "Mainnet",
      signatureChainId: "0x66eee",
      maxFeeRate,
      builder,
      nonce,
    },
    { nonce },
  );
};
const built = (orders: object[], f: number, b: string = CAROL) =>
  alice.statuses({ type: "order", orders, grouping: "na", builder: { b, f } });

describe("a builder", () => {
  const buy = limit({ b: true, p: "64000", s: "0.01" });

  beforeEach(() => {
    expect(approve(CAROL, "0.02%")).toMatchObject({ status: "ok" });
    bob.place(limit({ b: false, p: "64000", s: "1" }));
  });

  it("is paid what it asked for, as a part of the fee", () => {
    const before = at.exchange.truth();
    expect(built([buy], 10)).toMatchObject([{ filled: {} }]);
    // 640 × 0.045 % and 640 × 0.01 %.
    expect(fills()[0]).toMatchObject({ fee: "0.352", builderFee: "0.064", feeToken: "USDC" });
    expect(fills(BOB)[0]).not.toHaveProperty("builderFee");
    expect(truthOf(CAROL)?.cash[""]).toBe("1000000.064");
    expect(truthOf(ALICE)?.cash[""]).toBe("999359.648");
    const money = at.exchange.truth();
    expect(money.house).toMatchObject({ "dex ": "0.384" });
    expect(before.house).toEqual({});
  });

  it("is paid by a maker, too", () => {
    built([limit({ b: true, p: "63000", s: "0.01" })], 20);
    bob.place(limit({ b: false, p: "63000", s: "0.01", tif: "Ioc" }));
    expect(fills()[0]).toMatchObject({ fee: "0.2205", builderFee: "0.126" });
  });

  it("is paid of spot sales only, in USDC", () => {
    bob.place(limit({ a: 10_000, b: true, p: "0.2", s: "100" }));
    bob.place(limit({ a: 10_000, b: false, p: "0.21", s: "100" }));
    built([limit({ a: 10_000, b: false, p: "0.2", s: "100" })], 20);
    built([limit({ a: 10_000, b: true, p: "0.21", s: "100" })], 20);
    const [bought, sold] = fills();
    expect(sold).toMatchObject({ fee: "0.018", builderFee: "0.004", feeToken: "USDC" });
    expect(bought).toMatchObject({ fee: "0.07", feeToken: "PURR" });
    expect(bought).not.toHaveProperty("builderFee");
  });

  it.each([
    ["one that was never approved", STRANGER, 1],
    ["more than was approved", CAROL, 21],
    ["more than anybody may ask of a perpetual", CAROL, 101],
  ])("is refused for %s, and nothing is placed", (_what, builder, f) => {
    if (f > 100) approve(CAROL, "0.1%");
    expect(built([buy, buy], f, builder)).toEqual([{ error: "Builder fee has not been approved" }]);
    expect(fills()).toEqual([]);
  });

  it("that takes nothing needs no approval", () => {
    expect(built([buy], 0, STRANGER)).toMatchObject([{ filled: {} }]);
    expect(fills()[0]).not.toHaveProperty("builderFee");
  });
});

it("pays makers where the rate is negative", () => {
  open({ rules: { fees: { perpMaker: "-0.00003", spotMaker: "-0.0001" } } });
  const before = at.exchange.truth();
  bob.place(limit({ b: false, p: "64000", s: "0.01" }));
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
  bob.place(limit({ a: 10_000, b: false, p: "0.2", s: "100" }));
  alice.place(limit({ a: 10_000, b: true, p: "0.2", s: "100" }));
  expect(fills(BOB)).toMatchObject([{ fee: "-0.002" }, { fee: "-0.0192" }]);
  expect(truthOf(BOB)).toMatchObject({
    cash: { "": "1000640.0192" },
    balances: { USDC: "10020.002" },
  });
  checkMoney(at.exchange.truth(), before);
});

it("shares trade ids between coins in one block where that was chosen, never within one coin", () => {
  open({ rules: { tradeIds: "collide" } });
  const asks = [
    limit({ a: 0, b: false, p: "64000", s: "0.01" }),
    limit({ a: 0, b: false, p: "64000", s: "0.01" }),
    limit({ a: 1, b: false, p: "2080", s: "1" }),
  ];
  bob.act({ type: "order", orders: asks, grouping: "na" });
  const takes = [
    limit({ a: 0, b: true, p: "64000", s: "0.02" }),
    limit({ a: 1, b: true, p: "2080", s: "1" }),
  ];
  alice.act({ type: "order", orders: takes, grouping: "na" });
  const [ether, second, first] = fills().map(({ tid }) => tid);
  expect(ether).toBe(first);
  expect(second).not.toBe(first);
  expect(new Set(fills(BOB).map(({ tid }) => tid))).toEqual(new Set([ether, second]));
});
