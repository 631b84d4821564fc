import { parseAddress } from "@cloister/model";
import { beforeEach, describe, expect, it } from "vitest";
import { checkMoney } from "../audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { Truth } from "../ledger/truth.ts";
import { BACKSTOP } from "./backstop.ts";

const CAROL = parseAddress("0x3333333333333333333333333333333333333333");

let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;
let carol: Desk;
let before: Truth;

/** ALICE bought 0.01 BTC at 64000 of BOB with 40 of money: she needs 8 at 64000, and has nothing left at 60000. */
function open(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange({
    accounts: [
      { address: ALICE, deposit: "40", spot: { USDC: "100" } },
      { address: BOB, deposit: "1000000" },
      { address: CAROL, deposit: "1000000" },
    ],
    rules: { fees: { perpTaker: "0", perpMaker: "0" } },
    ...options,
  });
  before = at.exchange.truth();
  [alice, bob, carol] = [ALICE, BOB, CAROL].map((user) => new Desk(at, user)) as [Desk, Desk, Desk];
  for (const desk of [alice, bob]) {
    for (const type of ["orderUpdates", "userFills", "userEvents"]) {
      desk.subscribe({ type, user: desk.user });
    }
  }
  bob.place(limit({ b: false, p: "64000", s: "0.01" }));
}

function take(): void {
  alice.place(limit({ b: true, p: "64000", s: "0.01" }));
  for (const desk of [alice, bob, carol]) desk.forget();
}

function moveMark(price: string): void {
  at.exchange.setMark("BTC", price);
  alice.pass();
}

const accountOf = (address: string) =>
  at.exchange.truth().accounts.find((account) => account.address === address);
const fillsOf = (desk: Desk) =>
  (desk.heard("userFills") as { fills: object[]; isSnapshot?: boolean }[]).flatMap(
    ({ fills }) => fills,
  );

describe("an account below its maintenance margin", () => {
  beforeEach(() => {
    open();
    take();
  });

  it("stays as long as it has what its positions need", () => {
    carol.place(limit({ b: true, p: "60100", s: "1" }));
    moveMark("60800");
    expect(accountOf(ALICE)?.positions).toEqual({ BTC: "0.01" });
    expect(alice.heard("user")).toEqual([]);
  });

  it("loses its orders, then its position to the book; both sides of the fill say so", () => {
    alice.place(limit({ b: false, p: "66000", s: "0.01" }));
    carol.subscribe({ type: "userFills", user: CAROL });
    carol.place(limit({ b: true, p: "60600", s: "1" }));
    alice.forget();
    moveMark("60700");
    const liquidation = { liquidatedUser: ALICE, markPx: "60700.0", method: "market" };
    expect(alice.heard("orderUpdates")).toMatchObject([
      [{ status: "liquidatedCanceled", order: { limitPx: "66000.0", sz: "0.01" } }],
    ]);
    expect(fillsOf(alice)).toMatchObject([
      { side: "A", px: "60600.0", sz: "0.01", dir: "Close Long", crossed: true, liquidation },
    ]);
    expect(fillsOf(carol)).toMatchObject([
      { side: "B", dir: "Open Long", crossed: false, liquidation },
    ]);
    expect(alice.heard("user")).toMatchObject([
      { fills: [{ liquidation }] },
      {
        liquidation: {
          lid: 1,
          liquidator: BACKSTOP,
          liquidated_user: ALICE,
          liquidated_ntl_pos: "607.0",
          liquidated_account_value: "7.0",
        },
      },
      { nonUserCancel: [{ coin: "BTC" }] },
    ]);
    expect(accountOf(ALICE)).toMatchObject({ positions: {}, cash: { "": "6.0" } });
    checkMoney(at.exchange.truth(), before);
  });

  it("has no record of the order that closed it (protocol §8.4)", () => {
    carol.place(limit({ b: true, p: "60600", s: "1" }));
    moveMark("60700");
    const [fill] = fillsOf(alice) as { oid: number }[];
    const oid = fill?.oid;
    expect(alice.info({ type: "orderStatus", user: ALICE, oid })).toEqual({ status: "unknownOid" });
    expect(alice.heard("orderUpdates")).toEqual([]);
  });

  it("goes to the backstop where the book does not want it, with what it stood on", () => {
    moveMark("60700");
    const liquidation = { liquidatedUser: ALICE, markPx: "60700.0", method: "backstop" };
    expect(fillsOf(alice)).toMatchObject([
      { px: "60700.0", dir: "Liquidated Cross Long", fee: "0.0", liquidation },
    ]);
    expect(accountOf(ALICE)).toMatchObject({ positions: {}, cash: { "": "0.0" } });
    expect(accountOf(BACKSTOP)).toMatchObject({ positions: { BTC: "0.01" } });
    checkMoney(at.exchange.truth(), before);
  });

  it("goes there at once with less than two thirds of it, whatever the book would give", () => {
    carol.place(limit({ b: true, p: "60600", s: "1" }));
    moveMark("60400");
    expect(fillsOf(alice)).toMatchObject([{ liquidation: { method: "backstop" }, px: "60400.0" }]);
    expect(accountOf(CAROL)?.positions).toEqual({});
  });

  it("owes nothing after a jump: the backstop stands for it", () => {
    moveMark("50000");
    expect(accountOf(ALICE)).toMatchObject({ positions: {}, cash: { "": "0.0" } });
    expect(accountOf(BACKSTOP)?.cash[""]).toBe("999400.0");
    checkMoney(at.exchange.truth(), before);
  });

  it("keeps its spot orders", () => {
    alice.place(limit({ a: 10_000, b: true, p: "0.2", s: "100" }));
    moveMark("50000");
    expect(alice.info({ type: "openOrders", user: ALICE })).toMatchObject([{ coin: "PURR/USDC" }]);
  });

  it("is looked at when money leaves it, too", () => {
    at.exchange.market({ steps: [{ do: "fundingRate", coin: "BTC", value: "0.04" }] });
    moveMark("61200");
    expect(accountOf(ALICE)?.positions).toEqual({ BTC: "0.01" });
    at.clock.advanceBy(3_600_000);
    expect(accountOf(ALICE)?.positions).toEqual({});
  });
});

describe("where the backstop has nothing", () => {
  it("those who earned most give up what is missing", () => {
    open({ rules: { backstopMoney: "0", fees: { perpTaker: "0", perpMaker: "0" } } });
    take();
    moveMark("59000");
    const both = { px: "60000.0", sz: "0.01", dir: "Auto-Deleveraging", fee: "0.0" };
    expect(fillsOf(alice)).toMatchObject([{ ...both, closedPnl: "-40.0" }]);
    expect(fillsOf(bob)).toMatchObject([{ ...both, side: "B", closedPnl: "40.0" }]);
    expect(accountOf(ALICE)).toMatchObject({ positions: {}, cash: { "": "0.0" } });
    expect(accountOf(BOB)?.positions).toEqual({});
    checkMoney(at.exchange.truth(), before, "0");
  });

  it("who gained more for what he put in comes first", () => {
    open({ rules: { backstopMoney: "0", fees: { perpTaker: "0", perpMaker: "0" } } });
    alice.place(limit({ b: true, p: "64000", s: "0.004" }));
    bob.act({ type: "cancel", cancels: [{ a: 0, o: 700_000_000_001 }] });
    carol.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 40 });
    carol.place(limit({ b: false, p: "64000", s: "0.006" }));
    alice.place(limit({ b: true, p: "64000", s: "0.006" }));
    alice.forget();
    moveMark("59000");
    expect(fillsOf(alice)).toMatchObject([{ sz: "0.006" }, { sz: "0.004" }]);
    expect(accountOf(CAROL)?.positions).toEqual({});
  });
});

describe("an isolated position", () => {
  beforeEach(() => {
    open({
      accounts: [
        { address: ALICE, deposit: "1000" },
        { address: BOB, deposit: "1000000" },
        { address: CAROL, deposit: "1000000" },
      ],
    });
    alice.act({ type: "updateLeverage", asset: 0, isCross: false, leverage: 20 });
    take();
  });

  it("has money of its own, and shows it as the venue does", () => {
    expect(accountOf(ALICE)).toMatchObject({
      cash: { "": "968.0" },
      isolated: { BTC: "-608.0" },
    });
    expect(alice.info({ type: "clearinghouseState", user: ALICE })).toMatchObject({
      marginSummary: { accountValue: "1000.0", totalNtlPos: "640.0", totalMarginUsed: "32.0" },
      crossMarginSummary: { accountValue: "968.0", totalNtlPos: "0.0", totalMarginUsed: "0.0" },
      withdrawable: "968.0",
      assetPositions: [
        {
          position: {
            leverage: { type: "isolated", value: 20, rawUsd: "-608.0" },
            marginUsed: "32.0",
          },
        },
      ],
    });
  });

  it("is liquidated alone, and the rest of the account stays as it is", () => {
    alice.place(limit({ b: false, p: "66000", s: "0.01" }));
    alice.place(limit({ a: 1, b: true, p: "2000", s: "0.1" }));
    moveMark("61400");
    expect(fillsOf(alice)).toMatchObject([
      { dir: "Liquidated Isolated Long", liquidation: { method: "backstop" } },
    ]);
    expect(alice.info({ type: "openOrders", user: ALICE })).toMatchObject([{ coin: "ETH" }]);
    expect(accountOf(ALICE)).toMatchObject({ positions: {}, isolated: {}, cash: { "": "968.0" } });
    checkMoney(at.exchange.truth(), before);
  });

  it("gives back what it stood on as it closes", () => {
    bob.place(limit({ b: true, p: "65000", s: "0.01" }));
    alice.place(limit({ b: false, p: "65000", s: "0.004", tif: "Ioc" }));
    // 40 % of 32, and 4 of profit.
    expect(accountOf(ALICE)).toMatchObject({ cash: { "": "984.8" }, isolated: { BTC: "-364.8" } });
    alice.place(limit({ b: false, p: "65000", s: "0.006", tif: "Ioc" }));
    expect(accountOf(ALICE)).toMatchObject({ cash: { "": "1010.0" }, isolated: {} });
  });

  it("keeps its kind of margin as long as it is open", () => {
    const switched = () =>
      alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 20 });
    expect(switched()).toEqual({
      status: "err",
      response: "Cannot switch leverage type with open position.",
    });
    bob.place(limit({ b: true, p: "64000", s: "0.01" }));
    alice.place(limit({ b: false, p: "64000", s: "0.01", tif: "Ioc" }));
    expect(switched()).toMatchObject({ status: "ok" });
  });

  it("turns round with the margin of its new side", () => {
    bob.place(limit({ b: true, p: "64000", s: "0.03" }));
    alice.place(limit({ b: false, p: "64000", s: "0.02", tif: "Ioc" }));
    expect(accountOf(ALICE)).toMatchObject({ cash: { "": "968.0" }, isolated: { BTC: "672.0" } });
    checkMoney(at.exchange.truth(), before);
  });
});
