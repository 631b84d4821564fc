import type { RejectCause } from "@cloister/model";

export type ElementError = { readonly cause: RejectCause; readonly wholeBatch: boolean };

/** Texts about one element; live ones end in ` asset=N`, so they are matched by how they begin (protocol §7.2, §7.3). */
const ELEMENT_TEXTS: readonly (readonly [string, RejectCause])[] = [
  ["Price must be divisible by tick size", "tick"],
  ["Order must have minimum value of", "minNotional"],
  ["Insufficient margin to place order", "margin"],
  ["Reduce only order would increase position", "reduceOnly"],
  ["Post only order would have immediately matched", "postOnly"],
  ["Order could not immediately match against any resting orders", "iocNoMatch"],
  ["Invalid TP/SL price", "triggerPrice"],
  ["No liquidity available for market order", "noLiquidity"],
  ["Order would increase open interest while open interest is capped", "openInterestCap"],
  [
    "Order rejected due to price more aggressive than oracle while at open interest cap",
    "openInterestAggressive",
  ],
  ["Order would increase open interest too quickly", "openInterestIncrease"],
  ["Order has insufficient spot balance to trade", "insufficientBalance"],
  ["Insufficient spot balance", "insufficientBalance"],
  ["Order price too far from oracle", "oracle"],
  ["Price too far from oracle", "oracle"],
  ["Order would cause position to exceed margin tier limit", "maxPosition"],
  ["Order was never placed, already canceled, or filled", "alreadyGone"],
  ["Cannot modify canceled or filled order", "modifyTargetGone"],
  ["Attempted to modify to invalid new order", "modifyInvalid"],
];

/** Static failures: said once for a whole batch, before anything of it ran; no oid, no record (protocol §7.4). */
const STATIC_TEXTS: readonly (readonly [string, RejectCause])[] = [
  ["Order has invalid price", "invalidPrice"],
  ["Order has invalid size", "invalidSize"],
  ["Order has zero size", "zeroSize"],
  ["Orders are empty", "emptyBatch"],
  ["Invalid spot", "invalidSpot"],
  ["Reduce-only is invalid for spot trading", "reduceOnlySpot"],
  // Perps say 95%, spot has an 80% variant.
  ["Order price cannot be more than", "priceBand"],
  ["Order value too large", "maxValue"],
  ["Builder fee has not been approved", "builderFee"],
  ["Only post-only orders allowed immediately after network upgrade", "postOnlyPeriod"],
  ["Insufficient delegatable balance for priority order", "priorityBalance"],
  // Dead man's switch: the whole action is refused (protocol §7.5).
  ["Scheduled cancel time too early", "otherReject"],
  ["Cannot set scheduled cancel time", "otherReject"],
];

/** What the venue appends to a text that speaks of one element. */
const ASSET_SUFFIX = / asset=\d+\s*$/;
/** Some tick checks are static too; those speak without the suffix. */
const SOMETIMES_STATIC: ReadonlySet<RejectCause> = new Set<RejectCause>(["tick", "triggerPrice"]);

/** What an error text means; undefined when it is not known. */
export function elementError(text: string): ElementError | undefined {
  const suffixed = ASSET_SUFFIX.test(text);
  const fixed = causeIn(STATIC_TEXTS, text);
  if (fixed !== undefined) return { cause: fixed, wholeBatch: !suffixed };
  const cause = causeIn(ELEMENT_TEXTS, text);
  return cause && { cause, wholeBatch: !suffixed && SOMETIMES_STATIC.has(cause) };
}

function causeIn(
  texts: readonly (readonly [string, RejectCause])[],
  text: string,
): RejectCause | undefined {
  return texts.find(([beginning]) => text.startsWith(beginning))?.[1];
}
