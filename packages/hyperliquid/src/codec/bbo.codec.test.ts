import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeBbo } from "./bbo.codec.ts";

const BID = { px: "64000.0", sz: "1.25", n: 3 };
const LEVEL = { price: parseDecimal("64000"), size: parseDecimal("1.25"), orders: 3 };

describe("bbo (protocol §4.5)", () => {
  it("reads both sides; an empty one is absent", () => {
    expect(decodeBbo({ coin: "BTC", time: 5, bbo: [BID, null] })).toEqual({
      kind: "market",
      channel: "bbo",
      data: { kind: "bbo", coin: "BTC", at: 5, bid: LEVEL },
      broken: [],
    });
    expect(decodeBbo({ coin: "BTC", time: 5, bbo: [null, BID] })).toMatchObject({
      data: { ask: LEVEL },
    });
  });

  it.each([
    [{ coin: "BTC", time: 5, bbo: [BID] }],
    [{ coin: "BTC", time: 5, bbo: [{ ...BID, px: 64_000 }, null] }],
    [{ coin: "BTC", time: 5, bbo: [null, { ...BID, n: "3" }] }],
    [{ coin: "BTC", time: "5", bbo: [BID, BID] }],
    [{ time: 5, bbo: [BID, BID] }],
    [null],
  ])("refuses %j: half a price is none", (data) => {
    expect(decodeBbo(data)).toMatchObject({ kind: "unrecognized", channel: "bbo" });
  });
});
