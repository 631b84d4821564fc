import { describe, expect, it } from "vitest";
import { decodeHistoricalOrders } from "./historical-orders.codec.ts";

const ORDER = {
  coin: "HYPE",
  side: "A",
  limitPx: "40.0",
  sz: "1.0",
  oid: 7,
  timestamp: 5,
  origSz: "1.0",
  cloid: null,
};

describe("historicalOrders (protocol §8.5)", () => {
  it("keeps both rows of one oid, and tells which rows are broken", () => {
    const rows = [
      { order: ORDER, status: "canceled", statusTimestamp: 9 },
      { order: ORDER, status: "open", statusTimestamp: 5 },
      { order: { ...ORDER, oid: "7" }, status: "open", statusTimestamp: 5 },
    ];
    expect(decodeHistoricalOrders(rows)).toMatchObject({
      value: {
        rows: [
          { oid: 7, raw: "canceled" },
          { oid: 7, raw: "open" },
        ],
        broken: [{ reason: 'oid is "7"' }],
      },
    });
  });

  it.each([[null], [{}], ["rows"]])("refuses %j", (body) => {
    expect(decodeHistoricalOrders(body).kind).toBe("unrecognized");
  });
});
