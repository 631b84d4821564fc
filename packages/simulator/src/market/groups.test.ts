import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import { cancelOf, group, row, trigger, type Row, wordsOf } from "./groups.fixture.ts";

const FIRST = 700_000_000_001;
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;

function begin(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange(options);
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  alice.subscribe({ type: "orderUpdates", user: ALICE });
}

beforeEach(() => begin());

const words = () => wordsOf(alice, FIRST);
const open = () => alice.info({ type: "frontendOpenOrders", user: ALICE }) as Row[];
const entry = (s = "0.002", tif = "Gtc") => limit({ b: true, p: "63000", s, tif });
const tp = trigger({ kind: "tp", px: "65000" });
const sl = trigger({ kind: "sl", px: "62000", p: "61000" });
const bracket = (parent: object = entry()) => alice.statuses(group("normalTpsl", [parent, tp, sl]));

/** The mark price jumps, and a block looks at it. */
function mark(price: string): void {
  at.exchange.setMark("BTC", price);
  alice.pass();
}

describe("a parent that rests", () => {
  it("leaves its children waiting: listed with their oids, told of by nobody, not live", () => {
    expect(bracket()).toEqual([{ resting: { oid: FIRST } }, "waitingForFill", "waitingForFill"]);
    expect(words()).toEqual(["0 open"]);
    expect(open()).toMatchObject([
      { oid: FIRST + 2, orderType: "Stop Market", isTrigger: true, children: [] },
      { oid: FIRST + 1, orderType: "Take Profit Market", reduceOnly: true, children: [] },
      {
        oid: FIRST,
        isTrigger: false,
        children: [
          { oid: FIRST + 1, triggerCondition: "Price above 65000", isPositionTpsl: false },
          { oid: FIRST + 2, triggerCondition: "Price below 62000", sz: "0.002" },
        ],
      },
    ]);
    const plain = alice.info({ type: "openOrders", user: ALICE }) as object[];
    expect(plain.map((one) => Object.keys(one))).toEqual([
      [...PLAIN, "reduceOnly"],
      [...PLAIN, "reduceOnly"],
      PLAIN,
    ]);
    mark("61500");
    expect(words()).toEqual(["0 open"]);
    expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST + 1 })).toMatchObject({
      order: { status: "open", order: { isTrigger: true } },
    });
  });

  it("places them when it fills: open under their own oids, in the message of its end", () => {
    bracket();
    alice.forget();
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    expect(alice.heard("orderUpdates")).toHaveLength(1);
    expect(words()).toEqual(["0 filled", "1 open", "2 open"]);
    expect(open()).toMatchObject([{ oid: FIRST + 2 }, { oid: FIRST + 1 }]);
  });

  it("places them to fire with the next block, though the mark has reached them already", () => {
    alice.place(limit({ b: false, p: "64000", s: "0.002" }));
    bob.place(limit({ b: true, p: "64000", s: "0.002" }));
    bob.place(sl);
    bracket();
    alice.forget();
    mark("61500");
    expect(words()).toEqual(["3 filled", "4 open", "5 open"]);
    alice.forget();
    alice.pass();
    expect(words()).toEqual(["5 triggered", "5 reduceOnlyCanceled"]);
  });

  it("does not place them while it is filled in part, and takes them along when it is then canceled", () => {
    bracket();
    bob.place(limit({ b: false, p: "63000", s: "0.001" }));
    mark("61500");
    expect(words()).toEqual(["0 open"]);
    expect(alice.act(cancelOf(FIRST, FIRST + 1))).toMatchObject({
      response: {
        data: {
          statuses: [
            "success",
            { error: "Order was never placed, already canceled, or filled. asset=0" },
          ],
        },
      },
    });
    expect(words()).toEqual(["0 open", "0 canceled", "1 canceled", "2 canceled"]);
    const [last] = alice.heard("orderUpdates").slice(-1) as { statusTimestamp: number }[][];
    expect(new Set(last?.map(({ statusTimestamp }) => statusTimestamp)).size).toBe(1);
    expect(open()).toEqual([]);
  });

  it("lets a child be canceled alone", () => {
    bracket();
    alice.act(cancelOf(FIRST + 1));
    expect(words()).toEqual(["0 open", "1 canceled"]);
    expect(row(open(), FIRST)?.children).toMatchObject([{ oid: FIRST + 2 }]);
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    expect(words().slice(2)).toEqual(["0 filled", "2 open"]);
  });

  it("ends with its own order in the way, and takes them along", () => {
    bracket();
    alice.place(limit({ b: false, p: "63000", s: "0.001" }));
    const ended = ["0 selfTradeCanceled", "1 canceled", "2 canceled"];
    expect(words()).toEqual(["0 open", "3 open", ...ended]);
  });

  it("is canceled with them by the dead man's switch, all with its word", () => {
    begin({ rules: { scheduleCancelVolume: "0" } });
    bracket();
    alice.act({ type: "scheduleCancel", time: at.clock.wallMs() + 6_000 });
    alice.pass(100);
    expect(words().slice(1)).toEqual([
      "0 scheduledCancel",
      "1 scheduledCancel",
      "2 scheduledCancel",
    ]);
  });

  it("places them for their whole size when its margin is gone after a part of it filled", () => {
    begin({
      accounts: [
        { address: ALICE, deposit: "200" },
        { address: BOB, deposit: "1000000" },
      ],
    });
    const parent = limit({ b: true, p: "63000", s: "0.05" });
    const children = [
      trigger({ kind: "tp", px: "65000", s: "0.05" }),
      trigger({ kind: "sl", px: "62000", p: "61000", s: "0.05" }),
    ];
    alice.statuses(group("normalTpsl", [parent, ...children]));
    bob.place(limit({ b: false, p: "63000", s: "0.03" }));
    alice.act({ type: "updateLeverage", asset: 0, isCross: true, leverage: 10 });
    bob.place(limit({ b: false, p: "63000", s: "0.02" }));
    expect(words()).toEqual(["0 open", "0 marginCanceled", "1 open", "2 open"]);
    expect(row(open(), FIRST + 1)).toMatchObject({ sz: "0.05" });
  });
});

describe("a parent that does not rest", () => {
  it("fills at once and its children wait for the mark price", () => {
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    expect(bracket(entry("0.002", "Ioc"))).toEqual([
      { filled: { totalSz: "0.002", avgPx: "63000.0", oid: FIRST + 1 } },
      "waitingForTrigger",
      "waitingForTrigger",
    ]);
    expect(words()).toEqual(["1 open", "1 filled", "2 open", "3 open"]);
  });

  it("is an Ioc that fills in part: that is not whole, and its children end", () => {
    bob.place(limit({ b: false, p: "63000", s: "0.001" }));
    expect(bracket(entry("0.002", "Ioc")).slice(1)).toEqual(["waitingForFill", "waitingForFill"]);
    expect(words()).toEqual(["1 open", "1 filled", "2 canceled", "3 canceled"]);
  });

  it("is rejected, and its children are canceled with it", () => {
    expect(bracket(entry("0.002", "Ioc"))).toEqual([
      { error: expect.stringContaining("could not immediately match") as string },
      "waitingForFill",
      "waitingForFill",
    ]);
    expect(words()).toEqual(["0 iocCancelRejected", "1 canceled", "2 canceled"]);
    expect(open()).toEqual([]);
  });
});

describe("siblings", () => {
  beforeEach(() => {
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    bracket(entry("0.002", "Ioc"));
    alice.forget();
  });

  it("situation 87: end when one of them fills", () => {
    bob.place(limit({ b: true, p: "64900", s: "0.002" }));
    mark("65100");
    expect(alice.heard("orderUpdates")).toHaveLength(1);
    expect(words()).toEqual(["2 triggered", "2 filled", "3 siblingFilledCanceled"]);
    expect(open()).toEqual([]);
  });

  it("live on when one of them is refused", () => {
    mark("65100");
    expect(words()).toEqual(["2 triggered", "2 marketOrderNoLiquidityRejected"]);
    bob.place(limit({ b: true, p: "61900", s: "0.002" }));
    mark("61900");
    expect(words().slice(2)).toEqual(["3 triggered", "3 filled"]);
  });

  it("live on while one of them that fired rests, also filled in part, and end with its whole fill", () => {
    begin();
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    const slow = trigger({ kind: "tp", px: "65000", p: "66000", isMarket: false });
    alice.statuses(group("normalTpsl", [entry("0.002", "Ioc"), slow, sl]));
    alice.forget();
    mark("65100");
    bob.place(limit({ b: true, p: "66000", s: "0.001" }));
    expect(words()).toEqual(["2 triggered"]);
    expect(row(open(), FIRST + 2)).toMatchObject({ sz: "0.001", origSz: "0.002" });
    expect(row(open(), FIRST + 3)).toMatchObject({ sz: "0.002" });
    bob.place(limit({ b: true, p: "66000", s: "0.001" }));
    expect(words()).toEqual(["2 triggered", "2 filled", "3 siblingFilledCanceled"]);
  });

  it("end with a market order that fired and found only a part", () => {
    bob.place(limit({ b: true, p: "64900", s: "0.001" }));
    mark("65100");
    expect(words()).toEqual(["2 triggered", "2 filled", "3 siblingFilledCanceled"]);
    expect(alice.info({ type: "orderStatus", user: ALICE, oid: FIRST + 2 })).toMatchObject({
      order: { status: "filled", order: { sz: "0.001", origSz: "0.002" } },
    });
  });

  it("are reached by one jump of the mark price: only the first fires", () => {
    begin();
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    const far = trigger({ kind: "tp", px: "65500" });
    alice.statuses(group("normalTpsl", [entry("0.002", "Ioc"), tp, far, sl]));
    alice.forget();
    bob.place(limit({ b: true, p: "66000", s: "0.004" }));
    mark("66000");
    expect(words()).toEqual([
      "2 triggered",
      "2 filled",
      "3 siblingFilledCanceled",
      "4 siblingFilledCanceled",
    ]);
  });

  it("fire with the next block when they became live beyond their price", () => {
    begin();
    bracket();
    at.exchange.setMark("BTC", "61500");
    bob.place(limit({ b: false, p: "63000", s: "0.002" }));
    bob.place(limit({ b: true, p: "61000", s: "0.002" }));
    alice.pass();
    expect(words()).toEqual([
      "0 open",
      "0 filled",
      "1 open",
      "2 open",
      "2 triggered",
      "2 marketOrderNoLiquidityRejected",
    ]);
  });

  it("without a parent are live at once, and end each other", () => {
    alice.act(cancelOf(FIRST + 2, FIRST + 3));
    alice.forget();
    const pair = alice.statuses(group("normalTpsl", [tp, sl]));
    expect(pair).toEqual(["waitingForTrigger", "waitingForTrigger"]);
    bob.place(limit({ b: true, p: "64900", s: "0.002" }));
    mark("65100");
    expect(words()).toEqual([
      "4 open",
      "5 open",
      "4 triggered",
      "4 filled",
      "5 siblingFilledCanceled",
    ]);
  });
});

const PLAIN = ["coin", "side", "limitPx", "sz", "oid", "timestamp", "origSz"];
