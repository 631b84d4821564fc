import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { cancelOf, group, row, type Row, trigger, wordsOf } from "./groups.fixture.ts";

const FIRST = 700_000_000_001;
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

const words = () => wordsOf(alice, FIRST);
const open = () => alice.info({ type: "frontendOpenOrders", user: ALICE }) as Row[];
const held = () =>
  at.exchange.truth(ALICE).accounts[0]?.positions as Readonly<Record<string, string>>;
const tp = trigger({ kind: "tp", px: "65000", s: "0" });
const sl = trigger({ kind: "sl", px: "62000", p: "61000", s: "0" });
const protect = (...orders: object[]) => alice.statuses(group("positionTpsl", orders));

/** Alice buys, or sells, what Bob offers. */
function trade(b: boolean, s: string): void {
  bob.place(limit({ b: !b, p: "64000", s }));
  alice.place(limit({ b, p: "64000", s, tif: "Ioc" }));
}

function mark(price: string): void {
  at.exchange.setMark("BTC", price);
  alice.pass();
}

beforeEach(() => {
  at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  trade(true, "0.002");
  alice.forget();
});

describe("TP/SL of a position", () => {
  it("wait for the mark price at once, without an oid in the answer", () => {
    expect(protect(tp, sl)).toEqual(["waitingForTrigger", "waitingForTrigger"]);
    expect(words()).toEqual(["2 open", "3 open"]);
    expect(open()).toMatchObject([
      { oid: FIRST + 3, isPositionTpsl: true, sz: "0.0", origSz: "0.0", orderType: "Stop Market" },
      { oid: FIRST + 2, isPositionTpsl: true, sz: "0.0", origSz: "0.0", children: [] },
    ]);
  });

  it("close all there is when they fire, however it changed meanwhile", () => {
    protect(tp, sl);
    trade(true, "0.003");
    bob.place(limit({ b: true, p: "64900", s: "1" }));
    alice.forget();
    mark("65100");
    expect(words()).toEqual(["2 triggered", "2 filled", "3 siblingFilledCanceled"]);
    expect(held()).toEqual({});
    const [triggered] = (alice.heard("orderUpdates") as { order: object }[][]).flat();
    expect(triggered?.order).toMatchObject({ sz: "0.005", origSz: "0.0", reduceOnly: true });
  });

  it("rest with all there is when they are limit orders, and follow it from then on", () => {
    const slow = { kind: "tp", px: "65000", p: "66000", s: "0", isMarket: false } as const;
    protect(trigger(slow));
    mark("65100");
    expect(row(open(), FIRST + 2)).toMatchObject({ sz: "0.002", origSz: "0.0" });
    trade(true, "0.003");
    expect(row(open(), FIRST + 2)).toMatchObject({ sz: "0.005" });
    bob.place(limit({ b: true, p: "66000", s: "1" }));
    expect(words().slice(-1)).toEqual(["2 filled"]);
    expect(held()).toEqual({});
  });

  it("are canceled in the message that closes the position", () => {
    protect(tp, sl);
    alice.forget();
    trade(false, "0.002");
    expect(alice.heard("orderUpdates")).toHaveLength(1);
    expect(words()).toEqual(["5 open", "2 reduceOnlyCanceled", "3 reduceOnlyCanceled", "5 filled"]);
  });

  it("are canceled when the position turns over", () => {
    protect(tp, sl);
    trade(false, "0.003");
    expect(words()).toContain("2 reduceOnlyCanceled");
    expect(open()).toEqual([]);
  });

  it("live on when one of them is canceled, or another order of the account is", () => {
    protect(tp, sl);
    alice.act(cancelOf(FIRST + 2));
    expect(words().slice(2)).toEqual(["2 canceled"]);
    expect(open()).toMatchObject([{ oid: FIRST + 3 }]);
  });

  it("keep a size they were given, and close no more than there is", () => {
    protect(trigger({ kind: "tp", px: "65000", s: "0.004" }));
    expect(open()).toMatchObject([{ sz: "0.004", origSz: "0.004", isPositionTpsl: true }]);
    bob.place(limit({ b: true, p: "64900", s: "1" }));
    mark("65100");
    expect(held()).toEqual({});
  });

  it("are refused, each for itself, where there is nothing to protect on their side", () => {
    const short = { b: true, s: "0", p: "70000" } as const;
    const refused = { error: "Reduce only order would increase position. asset=0" };
    expect(
      protect(
        trigger({ kind: "tp", px: "62000", ...short }),
        trigger({ kind: "sl", px: "66000", ...short }),
      ),
    ).toEqual([refused, refused]);
    expect(words()).toEqual(["2 reduceOnlyRejected", "3 reduceOnlyRejected"]);
  });

  it("are refused as a batch when one of them is no TP/SL, or is of another market or side", () => {
    const misfit = [{ error: "Invalid TP/SL grouping." }];
    expect(protect(limit({ b: false, p: "65000", s: "0.002", r: true }))).toEqual(misfit);
    expect(protect(tp, trigger({ a: 1, kind: "sl", px: "1900", p: "1800", s: "0" }))).toEqual(
      misfit,
    );
    expect(protect(tp, trigger({ kind: "sl", px: "66000", b: true, s: "0" }))).toEqual(misfit);
    expect(words()).toEqual([]);
  });

  it("alone may have size zero", () => {
    const zero = [{ error: "Order has zero size." }];
    expect(alice.statuses(group("na", [tp]))).toEqual(zero);
    const parent = limit({ b: true, p: "63000", s: "0.002" });
    expect(alice.statuses(group("normalTpsl", [parent, tp]))).toEqual(zero);
  });
});
