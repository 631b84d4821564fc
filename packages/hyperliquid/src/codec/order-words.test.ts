import { describe, expect, it } from "vitest";
import { orderWord, STATUS_TEXTS } from "./order-words.ts";

describe("orderWord (protocol §5)", () => {
  it.each([
    ["open", { kind: "open" }],
    ["triggered", { kind: "triggered" }],
    ["filled", { kind: "filled" }],
    ["canceled", { kind: "canceled", cause: "requested" }],
    ["rejected", { kind: "rejected", cause: "rejected" }],
    ["tickRejected", { kind: "rejected", cause: "tick" }],
    ["minTradeNtlRejected", { kind: "rejected", cause: "minNotional" }],
    ["minTradeSpotNtlRejected", { kind: "rejected", cause: "minNotional" }],
    ["perpMarginRejected", { kind: "rejected", cause: "margin" }],
    ["reduceOnlyRejected", { kind: "rejected", cause: "reduceOnly" }],
    ["badTriggerPxRejected", { kind: "rejected", cause: "triggerPrice" }],
    ["positionIncreaseAtOpenInterestCapRejected", { kind: "rejected", cause: "openInterestCap" }],
    ["positionFlipAtOpenInterestCapRejected", { kind: "rejected", cause: "openInterestFlip" }],
    [
      "tooAggressiveAtOpenInterestCapRejected",
      { kind: "rejected", cause: "openInterestAggressive" },
    ],
    ["openInterestIncreaseRejected", { kind: "rejected", cause: "openInterestIncrease" }],
    ["insufficientSpotBalanceRejected", { kind: "rejected", cause: "insufficientBalance" }],
    ["oracleRejected", { kind: "rejected", cause: "oracle" }],
    ["perpMaxPositionRejected", { kind: "rejected", cause: "maxPosition" }],
    ["tooManyOpenOrdersRejected", { kind: "rejected", cause: "tooManyOpenOrders" }],
  ])("%s", (status, word) => {
    expect(orderWord(status)).toEqual(word);
  });

  it.each([
    ["marginCanceled", "margin"],
    ["vaultWithdrawalCanceled", "vaultWithdrawal"],
    ["openInterestCapCanceled", "openInterestCap"],
    ["selfTradeCanceled", "selfTrade"],
    ["reduceOnlyCanceled", "reduceOnly"],
    ["siblingFilledCanceled", "siblingFilled"],
    ["delistedCanceled", "delisted"],
    ["liquidatedCanceled", "liquidated"],
    ["scheduledCancel", "scheduled"],
    ["outcomeSettledCanceled", "outcomeSettled"],
    ["internalCancel", "internal"],
  ])("situation 67: the venue cancels on its own: %s", (status, cause) => {
    expect(orderWord(status)).toEqual({ kind: "canceled", cause });
  });

  it("situation 20: a post-only order that would match is refused as such", () => {
    expect(orderWord("badAloPxRejected")).toEqual({ kind: "rejected", cause: "postOnly" });
  });

  it("situation 21: an Ioc that matched nothing has a cause of its own", () => {
    expect(orderWord("iocCancelRejected")).toEqual({ kind: "rejected", cause: "iocNoMatch" });
  });

  it("situation 22: a market order without liquidity is refused as such", () => {
    expect(orderWord("marketOrderNoLiquidityRejected")).toEqual({
      kind: "rejected",
      cause: "noLiquidity",
    });
  });

  it("knows the whole vocabulary", () => {
    expect(STATUS_TEXTS).toHaveLength(33);
    for (const text of STATUS_TEXTS) expect(orderWord(text).kind).not.toBe("unknown");
  });

  it.each([
    ["somethingNewCanceled", { kind: "canceled", cause: "otherCancel" }],
    ["somethingNewCancel", { kind: "canceled", cause: "otherCancel" }],
    ["somethingNewRejected", { kind: "rejected", cause: "otherReject" }],
    ["somethingNew", { kind: "unknown" }],
    ["", { kind: "unknown" }],
    // Words of answers are never statuses, and no key of an object is one.
    ["waitingForFill", { kind: "unknown" }],
    ["resting", { kind: "unknown" }],
    ["constructor", { kind: "unknown" }],
    ["Open", { kind: "unknown" }],
  ])("situation 99: a new word is read by its suffix, or asked about: %s", (status, word) => {
    expect(orderWord(status)).toEqual(word);
  });
});
