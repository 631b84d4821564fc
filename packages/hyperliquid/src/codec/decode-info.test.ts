import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeInfo, INFO_TYPES, isInfoType } from "./decode-info.ts";

const FILL = {
  coin: "BTC",
  px: "1.0",
  sz: "1.0",
  side: "B",
  time: 5,
  startPosition: "0.0",
  dir: "Buy",
  closedPnl: "0.0",
  hash: "0x",
  oid: 1,
  crossed: true,
  fee: "0.0",
  tid: 2,
  feeToken: "USDC",
};

describe("decodeInfo (protocol §8)", () => {
  it("situation 96: no type reads null, a text or a number as an empty answer", () => {
    expect(INFO_TYPES.size).toBe(16);
    for (const type of INFO_TYPES) {
      if (!isInfoType(type)) throw new Error(type);
      for (const body of [null, undefined, "", 0, true]) {
        expect(decodeInfo(type, body).kind, `${type} of ${String(body)}`).toBe("unrecognized");
      }
    }
  });

  it.each(["userFills", "userFillsByTime"] as const)("%s tells which rows are broken", (type) => {
    expect(decodeInfo(type, [FILL, { ...FILL, tid: "2" }])).toMatchObject({
      value: { rows: [{ tid: 2 }], broken: [{ reason: 'tid is "2"' }] },
    });
  });

  it("allMids is bare, l2Book as on its channel", () => {
    expect(decodeInfo("allMids", { BTC: "64000.5" })).toMatchObject({
      value: { mids: new Map([["BTC", parseDecimal("64000.5")]]) },
    });
    expect(decodeInfo("l2Book", { coin: "BTC", time: 5, levels: [[], []] })).toMatchObject({
      kind: "ok",
    });
  });

  it("knows its types", () => {
    expect(isInfoType("orderStatus")).toBe(true);
    for (const type of ["constructor", "orderstatus", 1, null]) {
      expect(isInfoType(type)).toBe(false);
    }
  });
});
