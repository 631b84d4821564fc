import {
  type PlaceOrder,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  type VenueAction,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { assetsOf } from "../assets.ts";
import { encodeAction, encodePlainModify } from "./encode-action.ts";

const perp = (name: string) => ({ name, sizeDecimals: 4, delisted: false });
const assets = assetsOf({
  metas: [{ dex: "", meta: { universe: [perp("BTC"), perp("ETH")], broken: [] } }],
});
const CLOID = parseCloid("0x000000000000000000000000000000a1");

function order(terms: Partial<PlaceOrder["terms"]> = {}): PlaceOrder {
  return {
    cloid: CLOID,
    tag: "never sent",
    terms: {
      coin: parseCoin("BTC"),
      side: "buy",
      price: parseDecimal("64000.0"),
      size: parseDecimal("0.0010"),
      tif: "Alo",
      reduceOnly: false,
      ...terms,
    },
  };
}

/** As text: the order of the keys is what is hashed. */
function wire(action: VenueAction): string {
  return JSON.stringify(encodeAction(action, assets));
}

const ALO = `{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"${CLOID}"}`;

describe("encodeAction (protocol §6.2)", () => {
  it("place: keys in hashing order, no trailing zeros", () => {
    expect(wire({ kind: "place", orders: [order()], grouping: "na" })).toBe(
      `{"type":"order","orders":[${ALO}],"grouping":"na"}`,
    );
  });

  it("place: the other side, time in force and reduce-only", () => {
    const sell = order({ coin: parseCoin("ETH"), side: "sell", tif: "Ioc", reduceOnly: true });
    expect(wire({ kind: "place", orders: [sell], grouping: "na" })).toContain(
      '{"a":1,"b":false,"p":"64000","s":"0.001","r":true,"t":{"limit":{"tif":"Ioc"}},',
    );
  });

  it.each(["na", "normalTpsl", "positionTpsl"] as const)(
    "place: grouping %s, with trigger orders",
    (grouping) => {
      const trigger = { price: parseDecimal("62000.50"), kind: "sl", market: true } as const;
      expect(wire({ kind: "place", orders: [order({ trigger })], grouping })).toBe(
        `{"type":"order","orders":[{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"trigger":{"isMarket":true,"triggerPx":"62000.5","tpsl":"sl"}},"c":"${CLOID}"}],"grouping":"${grouping}"}`,
      );
    },
  );

  it("place: the builder comes last, its address in small letters", () => {
    const address = `0x${"Ab".repeat(20)}`;
    const action = { kind: "place", orders: [order()], grouping: "na" } as const;
    expect(wire({ ...action, builder: { address, fee: 10 } })).toBe(
      `{"type":"order","orders":[${ALO}],"grouping":"na","builder":{"b":"${address.toLowerCase()}","f":10}}`,
    );
    expect(() => wire({ ...action, builder: { address, fee: 0.5 } })).toThrow("builder.fee");
  });

  it("modify goes as a batch of one, by oid or cloid, and never places what could not be replaced", () => {
    expect(wire({ kind: "modify", target: parseOid(700_000_000_001), order: order() })).toBe(
      `{"type":"batchModify","modifies":[{"oid":700000000001,"order":${ALO}}]}`,
    );
    expect(wire({ kind: "modify", target: CLOID, order: order() })).toBe(
      `{"type":"batchModify","modifies":[{"oid":"${CLOID}","order":${ALO}}]}`,
    );
  });

  it("plain modify", () => {
    const action = { kind: "modify", target: parseOid(7), order: order() } as const;
    expect(JSON.stringify(encodePlainModify(action, assets))).toBe(
      `{"type":"modify","oid":7,"order":${ALO}}`,
    );
  });

  it("cancel and cancelByCloid name their keys differently", () => {
    const coin = parseCoin("ETH");
    expect(wire({ kind: "cancel", targets: [{ coin, oid: parseOid(700_000_000_001) }] })).toBe(
      '{"type":"cancel","cancels":[{"a":1,"o":700000000001}]}',
    );
    expect(wire({ kind: "cancelByCloid", targets: [{ coin, cloid: CLOID }] })).toBe(
      `{"type":"cancelByCloid","cancels":[{"asset":1,"cloid":"${CLOID}"}]}`,
    );
  });

  it("noop, scheduleCancel, updateLeverage", () => {
    expect(wire({ kind: "noop" })).toBe('{"type":"noop"}');
    expect(wire({ kind: "scheduleCancel", time: 1_700_000_020_000 })).toBe(
      '{"type":"scheduleCancel","time":1700000020000}',
    );
    expect(wire({ kind: "scheduleCancel" })).toBe('{"type":"scheduleCancel"}');
    expect(wire({ kind: "updateLeverage", coin: parseCoin("ETH"), cross: true, leverage: 5 })).toBe(
      '{"type":"updateLeverage","asset":1,"isCross":true,"leverage":5}',
    );
  });

  it("refuses what would be hashed as a float, and coins that are not listed", () => {
    expect(() =>
      wire({ kind: "updateLeverage", coin: parseCoin("ETH"), cross: true, leverage: 2.5 }),
    ).toThrow("leverage");
    expect(() => wire({ kind: "scheduleCancel", time: Number.NaN })).toThrow("time");
    expect(() =>
      wire({ kind: "place", orders: [order({ coin: parseCoin("NOPE") })], grouping: "na" }),
    ).toThrow("NOPE");
  });
});
