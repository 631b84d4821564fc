import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { cancelOf, group, row, type Row, trigger, wordsOf } from "../market/groups.fixture.ts";

const FIRST = 700_000_000_001;
const INVALID = [{ error: "Attempted to modify to invalid new order" }];
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

const words = () => wordsOf(alice, FIRST);
const open = () => alice.info({ type: "frontendOpenOrders", user: ALICE }) as Row[];
const parent = limit({ b: true, p: "63000", s: "0.002" });
const tp = trigger({ kind: "tp", px: "65000" });
const sl = trigger({ kind: "sl", px: "62000", p: "61000" });
const tighter = trigger({ kind: "sl", px: "62500", p: "61500" });

function begin(modifiedGroup: "left" | "kept"): void {
  at = openExchange({ rules: { modifiedGroup } });
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
}

function modify(oid: number, order: object, always = true): readonly unknown[] {
  return alice.statuses({
    type: "batchModify",
    modifies: [{ oid, order }],
    ...(always ? { a: true } : {}),
  });
}

function fillParent(): void {
  bob.place(limit({ b: false, p: "63000", s: "0.002" }));
}

it("a trigger order is replaced only with always-place", () => {
  begin("left");
  alice.statuses(group("na", [sl]));
  expect(modify(FIRST, tighter, false)).toEqual(INVALID);
  expect(modify(FIRST, tighter)).toEqual([{ resting: { oid: FIRST + 1 } }]);
  expect(words()).toEqual(["0 open", "1 open", "0 canceled"]);
  expect(modify(FIRST + 1, trigger({ kind: "sl", px: "62500", r: false }))).toEqual(INVALID);
  expect(open()).toMatchObject([{ oid: FIRST + 1, triggerPx: "62500.0" }]);
});

describe("a replacement that leaves its group", () => {
  beforeEach(() => begin("left"));

  it("takes the children of a parent along: its cancel is theirs", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    alice.forget();
    modify(FIRST, limit({ b: true, p: "63100", s: "0.002", tif: "Alo" }), false);
    expect(words()).toEqual(["3 open", "0 canceled", "1 canceled", "2 canceled"]);
    expect(open()).toMatchObject([{ oid: FIRST + 3, children: [] }]);
  });

  it("is an order of its own in place of a child", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    expect(modify(FIRST + 2, tighter)).toEqual([{ resting: { oid: FIRST + 3 } }]);
    expect(words()).toEqual(["0 open", "3 open", "2 canceled"]);
    expect(row(open(), FIRST)?.children).toMatchObject([{ oid: FIRST + 1 }]);
    alice.act(cancelOf(FIRST));
    expect(open()).toMatchObject([{ oid: FIRST + 3 }]);
  });
});

describe("a replacement that keeps its group", () => {
  beforeEach(() => begin("kept"));

  it("is the parent of the same children, who wait for it", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    modify(FIRST, limit({ b: true, p: "63100", s: "0.002", tif: "Alo" }), false);
    expect(words()).toEqual(["0 open", "3 open", "0 canceled"]);
    expect(row(open(), FIRST + 3)?.children.map(({ oid }) => oid)).toEqual([FIRST + 1, FIRST + 2]);
    bob.place(limit({ b: false, p: "63100", s: "0.002" }));
    expect(words().slice(3)).toEqual(["3 filled", "1 open", "2 open"]);
  });

  it("takes the children along when it is refused", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    modify(FIRST, limit({ b: true, p: "62000", s: "0.002", tif: "Ioc" }));
    expect(words()).toEqual([
      "0 open",
      "3 iocCancelRejected",
      "1 canceled",
      "2 canceled",
      "0 canceled",
    ]);
    expect(open()).toEqual([]);
  });

  it("waits for the parent in place of a child, and is judged by its price", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    expect(modify(FIRST + 2, tighter)).toEqual(["waitingForFill"]);
    expect(words()).toEqual(["0 open", "2 canceled"]);
    expect(modify(FIRST + 3, trigger({ kind: "sl", px: "63500", p: "61500" }))).toEqual([
      { error: "Invalid TP/SL price. asset=0" },
    ]);
    expect(words().slice(2)).toEqual(["4 badTriggerPxRejected", "3 canceled"]);
    fillParent();
    expect(words().slice(4)).toEqual(["0 filled", "1 open"]);
  });

  it("is a sibling in place of a live child", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    fillParent();
    expect(modify(FIRST + 2, tighter)).toEqual(["waitingForTrigger"]);
    bob.place(limit({ b: true, p: "64900", s: "0.002" }));
    at.exchange.setMark("BTC", "65100");
    alice.forget();
    alice.pass();
    expect(words()).toEqual(["1 triggered", "1 filled", "4 siblingFilledCanceled"]);
  });

  it("leaves it after all when it is no TP/SL any more", () => {
    alice.statuses(group("normalTpsl", [parent, tp, sl]));
    fillParent();
    modify(FIRST + 1, limit({ b: false, p: "65000", s: "0.002", r: true }));
    bob.place(limit({ b: true, p: "65000", s: "0.001" }));
    expect(row(open(), FIRST + 2)).toMatchObject({ sz: "0.002" });
  });

  it("may be as large as the position it protects", () => {
    alice.place(limit({ b: true, p: "64000", s: "0.002" }));
    bob.place(limit({ b: false, p: "64000", s: "0.002" }));
    const whole = trigger({ kind: "sl", px: "62000", s: "0" });
    alice.statuses(group("positionTpsl", [whole]));
    const moved = trigger({ kind: "sl", px: "62500", s: "0" });
    expect(modify(FIRST + 2, moved)).toEqual(["waitingForTrigger"]);
    expect(open()).toMatchObject([{ sz: "0.0", isPositionTpsl: true, triggerPx: "62500.0" }]);
  });
});
