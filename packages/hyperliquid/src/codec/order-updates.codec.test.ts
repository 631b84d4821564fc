import { describe, expect, it } from "vitest";
import { decodeOrderUpdates } from "./order-updates.codec.ts";

function element(oid: unknown, status: string, sz = "0.02") {
  const order = {
    coin: "ETH",
    side: "B",
    limitPx: "2075.5",
    sz,
    oid,
    timestamp: 1_700_000_001_000,
    origSz: "0.02",
  };
  return { order, status, statusTimestamp: 1_700_000_001_000 };
}

describe("orderUpdates (protocol §4.1)", () => {
  it("an order that fills on arrival says open and filled, in this order", () => {
    const frame = decodeOrderUpdates([element(7, "open"), element(7, "filled", "0.0")]);
    expect(frame).toMatchObject({
      kind: "facts",
      channel: "orderUpdates",
      snapshot: false,
      facts: [
        { type: "order", report: { oid: 7, word: { kind: "open" } } },
        { type: "order", report: { oid: 7, word: { kind: "filled" } } },
      ],
    });
  });

  it("situation 99: a bad element is kept with its text, the others arrive", () => {
    const bad = element("7", "open");
    const frame = decodeOrderUpdates([element(6, "open"), bad, element(8, "neverHeard")]);
    expect(frame).toMatchObject({
      facts: [
        { type: "order", report: { oid: 6 } },
        {
          type: "unrecognized",
          channel: "orderUpdates",
          reason: 'oid is "7"',
          text: JSON.stringify(bad),
        },
        { type: "order", report: { oid: 8, word: { kind: "unknown" }, raw: "neverHeard" } },
      ],
    });
  });

  it("refuses what is no array", () => {
    expect(decodeOrderUpdates({ order: {} })).toEqual({
      kind: "unrecognized",
      channel: "orderUpdates",
      reason: "data is not an array",
    });
  });
});
