import type { CancelCause, OrderWord, RejectCause } from "@cloister/model";

/** What the venue's status texts mean (protocol §5). */
const WORDS: ReadonlyMap<string, OrderWord> = new Map<string, OrderWord>([
  ["open", { kind: "open" }],
  ["triggered", { kind: "triggered" }],
  ["filled", { kind: "filled" }],
  ...canceled({
    canceled: "requested",
    marginCanceled: "margin",
    vaultWithdrawalCanceled: "vaultWithdrawal",
    openInterestCapCanceled: "openInterestCap",
    selfTradeCanceled: "selfTrade",
    reduceOnlyCanceled: "reduceOnly",
    siblingFilledCanceled: "siblingFilled",
    delistedCanceled: "delisted",
    liquidatedCanceled: "liquidated",
    scheduledCancel: "scheduled",
    outcomeSettledCanceled: "outcomeSettled",
    internalCancel: "internal",
  }),
  ...rejected({
    rejected: "rejected",
    tickRejected: "tick",
    minTradeNtlRejected: "minNotional",
    minTradeSpotNtlRejected: "minNotional",
    perpMarginRejected: "margin",
    reduceOnlyRejected: "reduceOnly",
    badAloPxRejected: "postOnly",
    iocCancelRejected: "iocNoMatch",
    badTriggerPxRejected: "triggerPrice",
    marketOrderNoLiquidityRejected: "noLiquidity",
    positionIncreaseAtOpenInterestCapRejected: "openInterestCap",
    positionFlipAtOpenInterestCapRejected: "openInterestFlip",
    tooAggressiveAtOpenInterestCapRejected: "openInterestAggressive",
    openInterestIncreaseRejected: "openInterestIncrease",
    insufficientSpotBalanceRejected: "insufficientBalance",
    oracleRejected: "oracle",
    perpMaxPositionRejected: "maxPosition",
    tooManyOpenOrdersRejected: "tooManyOpenOrders",
  }),
]);

/** Every status text that is documented or known to clients. */
export const STATUS_TEXTS: readonly string[] = [...WORDS.keys()];

/** An unknown text is read by its suffix; when not even that tells, the order is asked about (protocol §5). */
export function orderWord(status: string): OrderWord {
  const known = WORDS.get(status);
  if (known !== undefined) return known;
  if (status.endsWith("Canceled") || status.endsWith("Cancel")) {
    return { kind: "canceled", cause: "otherCancel" };
  }
  if (status.endsWith("Rejected")) return { kind: "rejected", cause: "otherReject" };
  return { kind: "unknown" };
}

function canceled(causes: Readonly<Record<string, CancelCause>>): [string, OrderWord][] {
  return Object.entries(causes).map(([text, cause]) => [text, { kind: "canceled", cause }]);
}

function rejected(causes: Readonly<Record<string, RejectCause>>): [string, OrderWord][] {
  return Object.entries(causes).map(([text, cause]) => [text, { kind: "rejected", cause }]);
}
