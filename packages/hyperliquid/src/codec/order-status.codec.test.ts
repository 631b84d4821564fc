import { describe, expect, it } from "vitest";
import { decodeOrderStatus } from "./order-status.codec.ts";

const ORDER = {
  coin: "BTC",
  side: "B",
  limitPx: "64000.0",
  sz: "0.001",
  oid: 7,
  timestamp: 5,
  triggerCondition: "N/A",
  isTrigger: false,
  triggerPx: "0.0",
  children: [],
  isPositionTpsl: false,
  reduceOnly: false,
  orderType: "Limit",
  origSz: "0.001",
  tif: "Alo",
  cloid: "0x000000000000000000000000000000a1",
};

describe("orderStatus (protocol §8.3)", () => {
  it("reads a record", () => {
    const body = { status: "order", order: { order: ORDER, status: "open", statusTimestamp: 9 } };
    expect(decodeOrderStatus(body)).toMatchObject({
      kind: "ok",
      value: {
        found: {
          oid: 7,
          word: { kind: "open" },
          at: 9,
          tif: "Alo",
          reduceOnly: false,
          waitsForTrigger: false,
        },
      },
    });
  });

  it("situation 9: unknownOid is an answer, and no order", () => {
    expect(decodeOrderStatus({ status: "unknownOid" })).toEqual({ kind: "ok", value: {} });
  });

  it.each([
    [null],
    [{}],
    [{ status: "order" }],
    [{ status: "order", order: { order: ORDER, status: 1, statusTimestamp: 9 } }],
    [{ status: "gone" }],
    ["unknownOid"],
  ])("situation 96: %j is neither a record nor unknownOid", (body) => {
    expect(decodeOrderStatus(body).kind).toBe("unrecognized");
  });
});
