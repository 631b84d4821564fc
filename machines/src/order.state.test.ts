import { formatDecimal, type OrderEvent, type OrderTerms, parseOid } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  absent,
  accepted,
  ALO,
  answered,
  canceled,
  CLOID,
  decimal,
  fill,
  filled,
  haltedHere,
  IOC,
  ledger,
  modifyClosed,
  modifyOpened,
  neverLanded,
  reap,
  REDUCING,
  refused,
  rejected,
  sent,
  shownLeft,
  STOP_LIMIT,
  triggered,
  waiting,
  withdrawn,
} from "./order.evidence.fixture.ts";
import { newOrder, type OrderFacts } from "./order.facts.ts";
import { learn } from "./order.learn.ts";
import { LEGS_MAX } from "./order.legs.ts";
import { currentLeg, judge, ledgerOf, mayReap } from "./order.state.ts";
import {
  acknowledgedOf,
  averagePriceOf,
  feesOf,
  filledOf,
  leavesOf,
  liveLegs,
  missingOf,
  oidsOf,
  priceOf,
  sizeOf,
  worstOf,
} from "./order.views.ts";

function told(terms: OrderTerms, ...events: readonly OrderEvent[]): OrderFacts {
  return events.reduce(learn, newOrder({ cloid: CLOID, terms }));
}

const resting = [sent, accepted(11)];

describe("judge", () => {
  it("an Ioc does not rest: its open acknowledges", () => {
    expect(judge(told(IOC, sent, accepted(11))).state).toBe("pending");
    expect(acknowledgedOf(told(IOC, sent, accepted(11)))).toEqual({ kind: "accepted", oid: 11 });
  });

  it("situation 71: while a modify is open a cancel does not end the order, a complete fill does", () => {
    const canceledOld = told(ALO, ...resting, modifyOpened(1), canceled(11, { remaining: "1" }));
    expect(judge(canceledOld).state).toBe("resting");
    expect(formatDecimal(leavesOf(canceledOld))).toBe("0");
    expect(judge(learn(canceledOld, modifyClosed(1))).state).toBe("canceled");
    expect(judge(told(ALO, ...resting, modifyOpened(1), fill(11, 1, "1"))).state).toBe("filled");
  });

  it("situation 81: names why the replacement was rejected, but only when one block did both", () => {
    const lost = [...resting, modifyOpened(1), rejected(12, "postOnly", 1_100), modifyClosed(1)];
    expect(judge(told(ALO, ...lost, canceled(11, { at: 1_100 }))).cause).toBe("postOnly");
    expect(judge(told(ALO, ...lost, canceled(11, { at: 9_000 }))).cause).toBe("requested");
  });

  it("an inferred end says so, and newer evidence takes it back", () => {
    const gone = told(ALO, ...resting, absent(5_000));
    expect(judge(gone)).toMatchObject({ state: "canceled", cause: "absent", strength: "inferred" });
    expect(judge(learn(gone, accepted(11, { at: 4_000 }))).state).toBe("canceled");
    expect(judge(learn(gone, shownLeft(11, "1", 5_001))).state).toBe("resting");
  });

  it("situation 88: a dormant child says what it waits for; missed by the reads it was canceled", () => {
    const child = told(STOP_LIMIT, sent, waiting("parent"));
    expect(judge(child)).toMatchObject({ state: "untriggered", waitsFor: "parent" });
    expect(judge(learn(child, absent(5_000)))).toMatchObject({
      state: "canceled",
      cause: "absent",
    });
  });

  it("a TP/SL of size zero is as large as the position: it lives until a word ends it", () => {
    const whole = { ...STOP_LIMIT, size: decimal("0"), reduceOnly: true };
    const placed = told(whole, sent, accepted(11, { size: "0" }));
    expect(judge(placed)).toMatchObject({ state: "untriggered" });
    const fired = [triggered(11), fill(11, 1, "2")].reduce(learn, placed);
    expect(judge(fired)).toMatchObject({ state: "partiallyFilled" });
    expect(judge(learn(fired, filled(11)))).toMatchObject({ state: "filled" });
    expect(judge(learn(placed, canceled(11)))).toMatchObject({ state: "canceled" });
  });

  it("situation 28: a local end counts only for what was never sent", () => {
    expect(judge(told(ALO, withdrawn))).toMatchObject({ state: "canceled", cause: "withdrawn" });
    expect(judge(told(ALO, withdrawn, sent)).state).toBe("pending");
  });

  it("takes what is left in a read's record for nothing", () => {
    const read = told(ALO, ...resting, canceled(11, { source: "orderStatus", remaining: "1" }));
    expect(ledgerOf(read)).toBe("open");
    expect(ledgerOf(told(ALO, ...resting, canceled(11, { remaining: "1" })))).toBe("complete");
  });

  it("reaps only what has ended, with its ledger decided", () => {
    const ended = told(ALO, ...resting, canceled(11, answered));
    expect(mayReap(ended)).toBe(false);
    const closed = learn(ended, ledger(11, "complete"));
    expect(mayReap(closed)).toBe(true);
    expect(judge(learn(closed, reap))).toMatchObject({ state: "reaped", cause: "requested" });
    expect(learn(ended, reap)).toBe(ended);
  });
});

describe("quantities", () => {
  it("situation 5: a stated total counts against leaves at once, and is missing until its fills come", () => {
    const stated = told(IOC, sent, filled(11, { total: "0.4" }));
    expect(formatDecimal(missingOf(stated))).toBe("0.4");
    expect(formatDecimal(filledOf(stated))).toBe("0");
    expect(formatDecimal(worstOf(stated))).toBe("0.4");
    const paid = learn(stated, fill(11, 1, "0.4"));
    expect([missingOf(paid), worstOf(paid)].map(formatDecimal)).toEqual(["0", "0"]);
  });

  it("situation 6: a complete read does not outvote a stated total; giving up ends the search", () => {
    const short = told(IOC, sent, filled(11, { total: "0.4" }), ledger(11, "complete"));
    expect(ledgerOf(short)).toBe("open");
    const givenUp = learn(short, ledger(11, "incomplete"));
    expect(ledgerOf(givenUp)).toBe("incomplete");
    expect(ledgerOf(learn(givenUp, fill(11, 1, "0.4")))).toBe("complete");
  });

  it("an old certificate does not stand for what stirred since", () => {
    const gone = told(ALO, ...resting, absent(5_000), ledger(11, "complete", 6_000));
    expect(ledgerOf(gone)).toBe("complete");
    const revived = learn(gone, fill(11, 1, { size: "0.4", at: 7_000 }));
    const again = learn(revived, canceled(11, { ...answered, at: 8_000 }));
    expect(ledgerOf(again)).toBe("open");
    expect(formatDecimal(worstOf(again))).toBe("0.6");
    expect(ledgerOf(learn(again, ledger(11, "incomplete", 7_500)))).toBe("open");
    expect(ledgerOf(learn(again, ledger(11, "complete", 8_000)))).toBe("complete");
    const ioc = told(IOC, sent, accepted(11), ledger(11, "complete", 1_100), filled(11));
    expect(judge(ioc).state).toBe("pending");
    expect(judge(learn(ioc, ledger(11, "complete", 1_300))).cause).toBe("iocRemainder");
  });

  it("a resting order that is called filled owes its whole size, whatever total is stated", () => {
    const gtc: OrderTerms = { ...ALO, tif: "Gtc" };
    const short = told(gtc, sent, filled(11, { total: "0.4" }), fill(11, 1, "0.4"));
    expect(judge(short).state).toBe("filled");
    expect(ledgerOf(short)).toBe("open");
    expect([missingOf(short), worstOf(short)].map(formatDecimal)).toEqual(["0.6", "0.6"]);
    const clash = told(ALO, ...resting, canceled(11, { remaining: "0.6" }), filled(11));
    expect(formatDecimal(missingOf(clash))).toBe("1");
  });

  it("situations 77 and 84: both legs of a modify are bounds until one is proved over", () => {
    const both = told(
      ALO,
      ...resting,
      modifyOpened(1),
      accepted(12, { size: "0.7" }),
      fill(11, 1, "0.4"),
    );
    expect(liveLegs(both).map((leg) => leg.oid)).toEqual([11, 12]);
    expect(formatDecimal(worstOf(both))).toBe("1.3");
    expect(formatDecimal(leavesOf(both))).toBe("0.7");
    const replaced = learn(both, modifyClosed(1, { oid: 12, size: "0.7", replaces: 11 }));
    expect(liveLegs(replaced).map((leg) => leg.oid)).toEqual([12]);
    expect(formatDecimal(worstOf(replaced))).toBe("1.3");
    expect(formatDecimal(worstOf(learn(replaced, ledger(11, "complete"))))).toBe("0.7");
  });

  it("a leg whose size nobody told is bounded by the largest known", () => {
    const unknown = told(ALO, ...resting, modifyOpened(1), fill(12, 1, "0.2"));
    expect(formatDecimal(worstOf(unknown))).toBe("1.8");
  });

  it("a pending order may still fill as a whole; a proved one not at all", () => {
    expect(formatDecimal(worstOf(told(ALO, sent)))).toBe("1");
    expect(formatDecimal(leavesOf(told(ALO, sent)))).toBe("1");
    expect(formatDecimal(worstOf(told(ALO, sent, neverLanded)))).toBe("0");
    expect(formatDecimal(leavesOf(told(ALO, sent, refused("margin"))))).toBe("0");
  });

  it("a reduce-only leg leaves what the last read showed, and may still grow back", () => {
    const shrunk = told(
      REDUCING,
      ...resting,
      shownLeft(11, "0.5", 2_000),
      shownLeft(11, "0.9", 1_500),
    );
    expect(formatDecimal(leavesOf(shrunk))).toBe("0.5");
    expect(formatDecimal(worstOf(shrunk))).toBe("1");
  });

  it("situation 46: fees and rebates by token, and the average price", () => {
    const facts = told(
      ALO,
      ...resting,
      fill(11, 1, { size: "0.1", price: "10", fee: "0.003" }),
      fill(11, 2, { size: "0.2", price: "20", fee: "-0.001" }),
      fill(11, 3, { size: "0.3", price: "30", fee: "0.5", feeToken: "HYPE" }),
    );
    expect(feesOf(facts)).toEqual({ USDC: decimal("0.002"), HYPE: decimal("0.5") });
    expect(averagePriceOf(facts)).toBe(decimal("23.33333333"));
    expect(averagePriceOf(told(ALO, sent))).toBeUndefined();
  });

  it("size and price are those of the current leg, else as placed", () => {
    const placed = told(ALO, sent);
    expect([sizeOf(placed), priceOf(placed)].map(formatDecimal)).toEqual(["1", "64000"]);
    const moved = told(
      ALO,
      ...resting,
      modifyOpened(1),
      accepted(12, { size: "0.7", price: "63990" }),
    );
    expect([sizeOf(moved), priceOf(moved)].map(formatDecimal)).toEqual(["0.7", "63990"]);
  });
});

describe("acknowledged", () => {
  it.each<[string, OrderTerms, readonly OrderEvent[], object | undefined]>([
    ["nothing yet", ALO, [sent], undefined],
    [
      "situation 3: a fill implies it",
      ALO,
      [sent, fill(11, 1, "0.1")],
      { kind: "accepted", oid: 11 },
    ],
    ["by the first leg", ALO, [accepted(12), accepted(11)], { kind: "accepted", oid: 11 }],
    [
      "a bare waiting has no oid",
      STOP_LIMIT,
      [sent, waiting("parent")],
      { kind: "accepted", oid: undefined },
    ],
    [
      "situation 20",
      ALO,
      [sent, rejected(11, "postOnly")],
      { kind: "refused", by: "venue", cause: "postOnly" },
    ],
    [
      "situation 15",
      ALO,
      [sent, refused("margin", "no margin")],
      { kind: "refused", by: "venue", cause: "margin", text: "no margin" },
    ],
    ["situation 21", IOC, [sent, rejected(11, "iocNoMatch")], { kind: "accepted", oid: 11 }],
    ["situation 27", ALO, [haltedHere], { kind: "refused", by: "local", cause: "halted" }],
    [
      "situation 8",
      ALO,
      [sent, neverLanded],
      { kind: "refused", by: "local", cause: "neverLanded" },
    ],
    [
      "situation 23",
      ALO,
      [sent, { type: "proof.neverLanded", by: "notAdmitted", cause: "throttled" }],
      { kind: "refused", by: "venue", cause: "throttled" },
    ],
  ])("%s", (_, terms, events, expected) => {
    const acknowledged = acknowledgedOf(told(terms, ...events));
    if (expected === undefined) expect(acknowledged).toBeUndefined();
    else expect(acknowledged).toMatchObject(expected);
  });
});

describe("situation 78: an order of a hundred legs", () => {
  const count = 100;
  const modifies = Array.from({ length: count }, (_, id) => [
    modifyOpened(id + 1),
    fill(11 + id, id + 1, { size: "0.01", at: 1_000 }),
    modifyClosed(id + 1, { oid: 12 + id, size: "0.5", replaces: 11 + id }),
  ]).flat();
  const facts = told(ALO, ...resting, ...modifies);

  it("keeps the newest legs and the sum of all", () => {
    expect(oidsOf(facts)).toHaveLength(LEGS_MAX);
    expect(currentLeg(facts)?.oid).toBe(parseOid(11 + count));
    expect(formatDecimal(filledOf(facts))).toBe("1");
    expect(judge(facts).state).toBe("partiallyFilled");
    expect(acknowledgedOf(facts)).toEqual({ kind: "accepted", oid: 11 });
  });

  it("books a fill of a folded leg once, and lets words about it change nothing", () => {
    const late = fill(11, 999, "0.2");
    const after = learn(facts, late);
    expect(formatDecimal(filledOf(after))).toBe("1.2");
    expect(learn(after, late)).toBe(after);
    expect(learn(after, canceled(11))).toBe(after);
    expect(learn(after, accepted(11))).toBe(after);
    expect(learn(after, modifyClosed(1, { oid: 12, size: "0.5", replaces: 11 }))).toBe(after);
  });

  it("rule 4: what folded legs may have filled unheard stays in the bound until it comes", () => {
    // Each leg of 0.5 filled 0.01 and was replaced without a word of what was left.
    const unheard = 0.99 + 99 * 0.49 + 0.5;
    expect(Number(formatDecimal(worstOf(facts)))).toBeCloseTo(unheard, 8);
    const late = learn(facts, fill(11, 999, "0.2"));
    expect(Number(formatDecimal(worstOf(late)))).toBeCloseTo(unheard - 0.2, 8);
  });

  it("remembers that a folded ledger was never closed", () => {
    const ended = learn(facts, canceled(11 + count, { remaining: "0.5" }));
    const closed = oidsOf(ended).reduce(
      (known, oid) => learn(known, ledger(oid, "complete")),
      ended,
    );
    expect(ledgerOf(closed)).toBe("incomplete");
  });
});
