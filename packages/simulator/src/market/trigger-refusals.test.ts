import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { group, row, type Row, trigger, wordsOf } from "./groups.fixture.ts";

const FIRST = 700_000_000_001;
const BAD_PRICE = { error: "Invalid TP/SL price. asset=0" };
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

const words = () => wordsOf(alice, FIRST);
const open = () => alice.info({ type: "frontendOpenOrders", user: ALICE }) as Row[];

/** Alice holds 0.002 BTC; the mark price is 64000. */
function begin(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange(options);
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
  bob.place(limit({ b: false, p: "64000", s: "0.002" }));
  alice.place(limit({ b: true, p: "64000", s: "0.002", tif: "Ioc" }));
  alice.forget();
}

function mark(price: string): void {
  at.exchange.setMark("BTC", price);
  alice.pass();
}

beforeEach(() => begin());

describe("refused at the door (protocol §7.4)", () => {
  it.each(["na", "normalTpsl", "positionTpsl"])(
    "a TP/SL that does not only reduce, whatever its grouping: %s",
    (grouping) => {
      const opening = trigger({ kind: "sl", px: "62000", r: false });
      const first = limit({ b: true, p: "63000", s: "0.002" });
      const orders = grouping === "normalTpsl" ? [first, opening] : [opening];
      expect(alice.statuses(group(grouping, orders))).toEqual([
        { error: "TP/SL orders must be reduce-only." },
      ]);
      expect(words()).toEqual([]);
    },
  );

  it("children that do not close what their parent opens", () => {
    const parent = limit({ b: true, p: "63000", s: "0.002" });
    const misfit = [{ error: "Invalid TP/SL grouping." }];
    const bracket = (child: object) => alice.statuses(group("normalTpsl", [parent, child]));
    expect(bracket(trigger({ kind: "tp", px: "62000", b: true, p: "66000" }))).toEqual(misfit);
    expect(bracket(trigger({ a: 1, kind: "sl", px: "1900", p: "1800" }))).toEqual(misfit);
    expect(bracket(limit({ b: false, p: "65000", s: "0.002", r: true }))).toEqual(misfit);
    expect(alice.statuses(group("normalTpsl", [parent]))).toEqual([
      { resting: { oid: FIRST + 2 } },
    ]);
  });
});

describe("Invalid TP/SL price", () => {
  const cases: readonly [string, object][] = [
    ["a take profit that the mark price already reached", { kind: "tp", px: "63900" }],
    ["a stop that the mark price already reached", { kind: "sl", px: "64000" }],
    ["a trigger price off the tick", { kind: "sl", px: "62000.5" }],
    ["a trigger price of zero", { kind: "sl", px: "0" }],
  ];

  it.each(cases)("%s", (_what, terms) => {
    const order = trigger(terms as Parameters<typeof trigger>[0]);
    expect(alice.statuses(group("na", [order]))).toEqual([BAD_PRICE]);
    expect(words()).toEqual(["2 badTriggerPxRejected"]);
  });

  it("judges children of a resting parent by the price it would fill at", () => {
    const parent = limit({ b: true, p: "60000", s: "0.002" });
    const children = [
      trigger({ kind: "tp", px: "61000" }),
      trigger({ kind: "sl", px: "61000" }),
      trigger({ kind: "sl", px: "59000" }),
    ];
    expect(alice.statuses(group("normalTpsl", [parent, ...children]))).toEqual([
      { resting: { oid: FIRST + 2 } },
      "waitingForFill",
      BAD_PRICE,
      "waitingForFill",
    ]);
    expect(words()).toEqual(["2 open", "4 badTriggerPxRejected"]);
    expect(row(open(), FIRST + 2)?.children.map(({ oid }) => oid)).toEqual([FIRST + 3, FIRST + 5]);
  });

  it("judges children of a crossing parent by the mark price, not by how far it would go", () => {
    bob.place(limit({ b: false, p: "64000", s: "0.002" }));
    const parent = limit({ b: true, p: "67000", s: "0.002", tif: "Ioc" });
    const take = trigger({ kind: "tp", px: "65000" });
    expect(alice.statuses(group("normalTpsl", [parent, take]))[1]).toBe("waitingForTrigger");
  });
});

describe("what a trigger order says after it fired", () => {
  const stop = (terms: Partial<Parameters<typeof trigger>[0]> = {}) =>
    alice.statuses(group("na", [trigger({ kind: "sl", px: "62000", p: "50000", ...terms })]));

  it("reduceOnlyCanceled where there is nothing left to reduce", () => {
    stop();
    bob.place(limit({ b: true, p: "64000", s: "0.002" }));
    alice.place(limit({ b: false, p: "64000", s: "0.002", tif: "Ioc" }));
    mark("61900");
    expect(words().filter((word) => word.startsWith("2"))).toEqual([
      "2 open",
      "2 triggered",
      "2 reduceOnlyCanceled",
    ]);
  });

  it("filled for what is left to reduce", () => {
    stop();
    bob.place(limit({ b: true, p: "64000", s: "0.0005" }));
    alice.place(limit({ b: false, p: "64000", s: "0.0005", tif: "Ioc" }));
    bob.place(limit({ b: true, p: "61900", s: "1" }));
    mark("61900");
    expect(words().slice(-2)).toEqual(["2 triggered", "2 filled"]);
    expect(at.exchange.truth(ALICE).accounts[0]?.positions).toEqual({});
  });

  it("marketOrderNoLiquidityRejected where nobody buys within a tenth of the mark price", () => {
    stop();
    bob.place(limit({ b: true, p: "55709", s: "1" }));
    mark("61900");
    expect(words()).toEqual(["2 open", "2 triggered", "2 marketOrderNoLiquidityRejected"]);
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
  });

  it("filled where somebody buys at a tenth below the mark price", () => {
    stop();
    bob.place(limit({ b: true, p: "55710", s: "1" }));
    mark("61900");
    expect(words()).toEqual(["2 open", "2 triggered", "2 filled"]);
  });

  it("filled for a part where only a part stands within the bound", () => {
    stop();
    bob.place(limit({ b: true, p: "60000", s: "0.0005" }));
    bob.place(limit({ b: true, p: "55000", s: "1" }));
    mark("61900");
    expect(words().slice(1)).toEqual(["2 triggered", "2 filled"]);
    expect(at.exchange.truth(ALICE).accounts[0]?.positions).toEqual({ BTC: "0.0015" });
  });

  it("nothing more as a limit order: it rests at its own price, without a bound", () => {
    stop({ isMarket: false, p: "70000" });
    mark("61900");
    expect(words()).toEqual(["2 open", "2 triggered"]);
    expect(alice.info({ type: "l2Book", coin: "BTC" })).toMatchObject({
      levels: [[], [{ px: "70000.0", sz: "0.002" }]],
    });
    bob.place(limit({ b: true, p: "70000", s: "0.002", tif: "Ioc" }));
    expect(words().slice(2)).toEqual(["2 filled"]);
  });

  it("minTradeNtlRejected where the minimum goes by the mark price and that fell", () => {
    begin({ rules: { minimumValue: "mark" } });
    stop({ s: "0.00016" });
    bob.place(limit({ b: true, p: "61900", s: "1" }));
    mark("61900");
    expect(words()).toEqual(["2 open", "2 triggered", "2 minTradeNtlRejected"]);
  });
});

describe("a fast cancel", () => {
  const cancel = (o: number) => alice.statuses({ type: "cancel", cancels: [{ a: 0, o }], f: true });

  it("ends no order that waits for its trigger or for its parent", () => {
    const refused = [{ error: "Fast cancel is invalid for trigger orders. asset=0" }];
    const parent = limit({ b: true, p: "63000", s: "0.002" });
    alice.statuses(group("na", [trigger({ kind: "sl", px: "62000" })]));
    alice.statuses(group("normalTpsl", [parent, trigger({ kind: "sl", px: "62000" })]));
    expect(cancel(FIRST + 2)).toEqual(refused);
    expect(cancel(FIRST + 4)).toEqual(refused);
    expect(open()).toHaveLength(3);
    expect(cancel(FIRST + 3)).toEqual(["success"]);
    expect(open()).toHaveLength(1);
  });

  it("ends any other, also one that fired and rests", () => {
    alice.statuses(
      group("na", [trigger({ kind: "sl", px: "62000", p: "70000", isMarket: false })]),
    );
    mark("61900");
    expect(cancel(FIRST + 2)).toEqual(["success"]);
    expect(words()).toEqual(["2 open", "2 triggered", "2 canceled"]);
  });
});
