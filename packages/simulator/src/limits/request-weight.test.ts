import { describe, expect, it } from "vitest";
import { actionWeight, readWeight, rowsWeight } from "./request-weight.ts";

const rows = (count: number) => Array.from({ length: count }, () => ({}));

describe("what a request weighs (protocol §12.1)", () => {
  it.each([
    ["l2Book", 2],
    ["allMids", 2],
    ["clearinghouseState", 2],
    ["orderStatus", 2],
    ["spotClearinghouseState", 2],
    ["exchangeStatus", 2],
    ["userRole", 60],
    ["meta", 20],
    ["frontendOpenOrders", 20],
    ["userRateLimit", 20],
    ["nope", 20],
  ])("%s %i", (type, weight) => {
    expect(readWeight({ type })).toBe(weight);
  });

  it.each([
    ["userFills", 2_000, 100],
    ["userFillsByTime", 39, 1],
    ["historicalOrders", 20, 1],
    ["recentTrades", 19, 0],
    ["openOrders", 400, 0],
    ["fundingHistory", 500, 25],
    ["userFunding", 40, 2],
    ["userNonFundingLedgerUpdates", 500, 25],
    ["twapHistory", 20, 1],
    ["userTwapSliceFills", 100, 5],
    ["userTwapSliceFillsByTime", 100, 5],
    ["delegatorHistory", 20, 1],
    ["candleSnapshot", 5_000, 83],
  ])("%s with %i rows: %i more", (type, count, weight) => {
    expect(rowsWeight({ type }, rows(count))).toBe(weight);
  });

  it.each([
    [{ type: "noop" }, 1],
    [{ type: "order", orders: rows(39) }, 1],
    [{ type: "order", orders: rows(79) }, 2],
    [{ type: "cancel", cancels: rows(80) }, 3],
    [{ type: "batchModify", modifies: rows(200) }, 6],
    [undefined, 1],
  ])("an action: %#", (action, weight) => {
    expect(actionWeight({ action })).toBe(weight);
  });
});
