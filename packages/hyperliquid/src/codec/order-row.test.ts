import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { readOpenRow, readStatusRow } from "./order-row.ts";

const CLOID = "0x000000000000000000000000000000a1";
const ORDER = {
  coin: "BTC",
  side: "B",
  limitPx: "64000.0",
  sz: "0.0006",
  oid: 700_000_000_001,
  timestamp: 1_700_000_000_420,
  origSz: "0.001",
};
const REPORT = {
  coin: "BTC",
  oid: 700_000_000_001,
  side: "buy",
  price: parseDecimal("64000"),
  remaining: parseDecimal("0.0006"),
  size: parseDecimal("0.001"),
  placedAt: 1_700_000_000_420,
};

function status(order: object, word = "canceled") {
  return readStatusRow({ order, status: word, statusTimestamp: 1_700_000_009_690 });
}

function without(key: keyof typeof ORDER): object {
  return Object.fromEntries(Object.entries(ORDER).filter(([name]) => name !== key));
}

describe("readStatusRow", () => {
  it("reads what the venue says of an order, and adds nothing", () => {
    expect(status(ORDER)).toEqual({
      kind: "ok",
      value: {
        ...REPORT,
        word: { kind: "canceled", cause: "requested" },
        raw: "canceled",
        at: 1_700_000_009_690,
      },
    });
  });

  it("accepts unknown keys, and an absent or null cloid alike", () => {
    for (const cloid of [undefined, null]) {
      expect(status({ ...ORDER, cloid, newThing: { deep: true } })).toEqual(status(ORDER));
    }
  });

  it("keeps cloid, reduce-only and tif where they are given", () => {
    const row = status({
      ...ORDER,
      cloid: CLOID.toUpperCase().replace("0X", "0x"),
      reduceOnly: true,
      tif: "Gtc",
    });
    expect(row).toMatchObject({
      kind: "ok",
      value: { cloid: CLOID, reduceOnly: true, tif: "Gtc" },
    });
  });

  it.each([["FrontendMarket"], ["LiquidationMarket"], ["Ioc"]])("%s never rests", (tif) => {
    expect(status({ ...ORDER, tif })).toMatchObject({ value: { tif: "Ioc" } });
  });

  it("a new time in force is no reason to lose the row", () => {
    expect(status({ ...ORDER, tif: "Fok" })).toEqual(status(ORDER));
  });

  it.each([
    ["open", true, true],
    ["open", false, false],
    ["triggered", true, false],
    ["canceled", true, undefined],
  ])("situation 85: %s with isTrigger %s", (word, isTrigger, waits) => {
    const row = status({ ...ORDER, isTrigger }, word);
    expect(row.kind === "ok" && row.value.waitsForTrigger).toBe(waits);
  });

  it("shows the price at which a trigger order fires, and loses no row for it", () => {
    const priceOf = (row: object) => {
      const read = readOpenRow({ ...ORDER, ...row });
      return read.kind === "ok" ? read.value.triggerPrice : "broken";
    };
    expect(priceOf({ isTrigger: true, triggerPx: "2300.0" })).toBe(parseDecimal("2300"));
    expect(priceOf({ isTrigger: false, triggerPx: "0.0" })).toBeUndefined();
    expect(priceOf({ isTrigger: true, triggerPx: 2300 })).toBeUndefined();
  });

  it.each([
    // Ids are exact numbers on the wire, amounts unsigned texts, and the other side is "A".
    ["oid", "700000000001"],
    ["oid", 2 ** 53],
    ["oid", -1],
    ["side", "S"],
    ["sz", 0.0006],
    ["sz", "-0.1"],
    ["sz", "1e-4"],
    ["limitPx", null],
    ["timestamp", "1700000000420"],
    ["coin", ""],
    ["cloid", "0x12"],
    ["cloid", 12],
    ["reduceOnly", "true"],
    ["isTrigger", 1],
  ])("refuses %s %j, and names it", (field, value) => {
    const row = status({ ...ORDER, [field]: value });
    expect(row.kind === "unrecognized" && row.reason.startsWith(`${field} is`)).toBe(true);
  });

  it.each(["coin", "side", "limitPx", "sz", "oid", "timestamp", "origSz"] as const)(
    "needs %s",
    (field) => {
      expect(status(without(field))).toEqual({
        kind: "unrecognized",
        reason: `${field} is undefined`,
      });
    },
  );

  it("needs a status, its time and an order", () => {
    const whole = { order: ORDER, status: "open", statusTimestamp: 1 };
    for (const broken of [
      { status: 1 },
      { statusTimestamp: "1" },
      { order: [] },
      { order: null },
    ]) {
      expect(readStatusRow({ ...whole, ...broken }).kind).toBe("unrecognized");
    }
    for (const row of [null, [], "open", 1, undefined]) {
      expect(readStatusRow(row).kind).toBe("unrecognized");
    }
  });
});

describe("readOpenRow", () => {
  it("says that the order is open since it was placed", () => {
    expect(readOpenRow(ORDER)).toEqual({
      kind: "ok",
      value: { ...REPORT, word: { kind: "open" }, raw: "open", at: 1_700_000_000_420 },
    });
  });

  it.each([
    ["Take Profit Market", { kind: "tp", market: true }],
    ["Take Profit Limit", { kind: "tp", market: false }],
    ["Stop Market", { kind: "sl", market: true }],
    ["Stop Limit", { kind: "sl", market: false }],
    ["Twap Slice", undefined],
  ])("situation 85: a trigger row of type %s says what it protects", (orderType, triggerTerms) => {
    const read = readOpenRow({ ...ORDER, isTrigger: true, triggerPx: "2300.0", orderType });
    expect(read.kind === "ok" ? read.value.triggerTerms : "broken").toEqual(triggerTerms);
    const plain = readOpenRow({ ...ORDER, isTrigger: false, orderType });
    expect(plain.kind === "ok" ? plain.value.triggerTerms : "broken").toBeUndefined();
  });

  it("situation 85: a trigger row waits, a plain one does not, and a read that hides it says neither", () => {
    const waits = (row: object) => {
      const read = readOpenRow(row);
      return read.kind === "ok" ? read.value.waitsForTrigger : "broken";
    };
    expect(waits({ ...ORDER, isTrigger: true, tif: null, cloid: null })).toBe(true);
    expect(waits({ ...ORDER, isTrigger: false })).toBe(false);
    expect(waits(ORDER)).toBeUndefined();
  });
});
