/** The words of an order, in the field's terms. */
export type Side = "buy" | "sell";
/** Alo: post only. Ioc: fill what crosses now, drop the rest. Gtc: rest until canceled. */
export type Tif = "Alo" | "Ioc" | "Gtc";
export type OrderState =
  | "pending"
  | "untriggered"
  | "resting"
  | "partiallyFilled"
  | "filled"
  | "canceled"
  | "rejected"
  | "reaped";

export const LIVE_STATES = ["pending", "untriggered", "resting", "partiallyFilled"] as const;
export const TERMINAL_STATES = ["filled", "canceled", "rejected", "reaped"] as const;

export function isLive(state: OrderState): boolean {
  return (
    state === "resting" ||
    state === "partiallyFilled" ||
    state === "pending" ||
    state === "untriggered"
  );
}

export type Grouping = "na" | "normalTpsl" | "positionTpsl";

/** Why an order or a leg ended without being filled, after the venue had accepted it. */
export type CancelCause =
  | "requested"
  | "replaced"
  | "margin"
  | "vaultWithdrawal"
  | "openInterestCap"
  | "selfTrade"
  | "reduceOnly"
  | "siblingFilled"
  | "delisted"
  | "liquidated"
  | "scheduled"
  | "outcomeSettled"
  | "internal"
  | "iocNoMatch"
  | "iocRemainder"
  | "absent"
  | "withdrawn"
  | "otherCancel"
  | RejectCause;

/** Why the venue refused an order. */
export type RejectCause =
  | "tick"
  | "minNotional"
  | "margin"
  | "reduceOnly"
  | "postOnly"
  | "iocNoMatch"
  | "triggerPrice"
  | "noLiquidity"
  | "openInterestCap"
  | "openInterestFlip"
  | "openInterestAggressive"
  | "openInterestIncrease"
  | "insufficientBalance"
  | "oracle"
  | "maxPosition"
  | "tooManyOpenOrders"
  | "invalidPrice"
  | "invalidSize"
  | "zeroSize"
  | "emptyBatch"
  | "invalidSpot"
  | "reduceOnlySpot"
  | "priceBand"
  | "maxValue"
  | "builderFee"
  | "postOnlyPeriod"
  | "priorityBalance"
  | "modifyTargetGone"
  | "modifyInvalid"
  | "alreadyGone"
  | "rejected"
  | "otherReject";

/** Why a request was not admitted, or never sent. */
export type RefuseCause =
  | NotAdmittedReason
  | "expired"
  | "expiredInQueue"
  | "halted"
  | "draining"
  | "stopped"
  | "recovering"
  | "connectionLost"
  | "barrier"
  | "withdrawn"
  | "signFailed"
  | "sendFailed"
  | "journalFailed"
  | "tooLate"
  | "modifyPending"
  | "replacedModify"
  | "notModifiable"
  | "cancelPending"
  | "orderEnded"
  | "restarted"
  | "signerShared"
  | "postOnlyPeriod"
  | "budget"
  | "tooManyOpenOrders"
  | "clockSkew"
  | RiskCause;

/** Which limit of ours an order would have broken. */
export type RiskCause =
  | "orderSize"
  | "orderNotional"
  | "position"
  | "openOrders"
  | "priceBand"
  | "noReferencePrice";

/** Why the venue turned a whole request away before it could spend the nonce (protocol §7.5). */
export type NotAdmittedReason =
  | "throttled"
  | "addressBudget"
  | "tooManyPosts"
  | "unknownSigner"
  | "noAccount"
  | "badSignature"
  | "vault"
  | "nonceTooHigh"
  | "multiSig"
  | "batchTooLarge"
  | "wrongNetwork"
  | "malformed"
  | "disabled";

export type Cause = CancelCause | RejectCause | RefuseCause | "neverLanded";
