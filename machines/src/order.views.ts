import {
  add,
  type Cause,
  compare,
  type Decimal,
  divideCut,
  maxDecimal,
  minDecimal,
  type Oid,
  ZERO,
} from "@cloister/model";
import type { OrderFacts } from "./order.facts.ts";
import type { Leg } from "./order.legs.ts";
import {
  executedOf,
  isOverfilled,
  isWhole,
  missingOfLeg,
  rest,
  takesOnly,
  unheardOf,
} from "./order.quantities.ts";
import { currentLeg, isOver, judge, sizedLeg } from "./order.state.ts";
import type { Verdicts } from "./order.verdicts.ts";

const AVERAGE_DECIMALS = 8;

/** What the first answer came to. `unresolved` is the request's to say. */
export type Acknowledgement =
  | { readonly kind: "accepted"; readonly oid: Oid | undefined }
  | {
      readonly kind: "refused";
      readonly by: "local" | "venue";
      readonly cause: Cause;
      readonly text: string | undefined;
    };

/** Legs that may still be live at the venue, by growing oid. More than one while a modify is under way. */
export function liveLegs(facts: OrderFacts): readonly Leg[] {
  return facts.legs.filter((leg) => leg.real && !isOver(facts, leg));
}

/** Every oid that is known, folded legs excepted, by growing oid. */
export function oidsOf(facts: OrderFacts): readonly Oid[] {
  return facts.legs.map((leg) => leg.oid);
}

/** Σ distinct fills of all legs, base units. Never falls. */
export function filledOf(facts: OrderFacts): Decimal {
  return facts.filled;
}

/** Full size of the current leg, else as placed. */
export function sizeOf(facts: OrderFacts): Decimal {
  const leg = currentLeg(facts);
  return (leg === undefined ? undefined : sizedLeg(facts, leg).size) ?? facts.terms.size;
}

/** Price of the current leg, else as placed. */
export function priceOf(facts: OrderFacts): Decimal {
  return currentLeg(facts)?.price ?? facts.terms.price;
}

/**
 * What is left of the current leg: its size less max(fills, stated total), and for a reduce-only leg not more
 * than the last open-order read showed. As placed while no leg is known, 0 when nothing is left to fill.
 */
export function leavesOf(facts: OrderFacts): Decimal {
  const leg = currentLeg(facts);
  if (leg === undefined) return isUnproved(facts) ? facts.terms.size : ZERO;
  if (isOver(facts, leg)) return ZERO;
  const sized = sizedLeg(facts, leg);
  const leaves = rest(sized.size ?? facts.terms.size, executedOf(sized));
  const read = facts.terms.reduceOnly ? leg.shown : undefined;
  return read === undefined ? leaves : minDecimal(leaves, read.size);
}

/** What the venue stated as executed and the fills do not reach yet, over all legs. */
export function missingOf(facts: OrderFacts): Decimal {
  let missing = facts.folded?.missing ?? ZERO;
  for (const leg of facts.legs) {
    if (leg.real) missing = add(missing, missingOfLeg(sizedLeg(facts, leg)));
  }
  return missing;
}

/**
 * At most how much more this order may add to the Σ of fills, base units: what live legs can still execute, what
 * ended legs may have executed unheard (`missingOf` included), and the placed size while nothing proves either way.
 * The leg that an open modify may bring is its request's to add.
 */
export function worstOf(facts: OrderFacts): Decimal {
  if (currentLeg(facts) === undefined) return isUnproved(facts) ? facts.terms.size : ZERO;
  let worst = facts.folded?.unheard ?? ZERO;
  for (const leg of facts.legs) {
    if (leg.real) worst = add(worst, worstOfLeg(facts, leg));
  }
  return worst;
}

function worstOfLeg(facts: OrderFacts, leg: Leg): Decimal {
  const sized = sizedLeg(facts, leg);
  if (isOver(facts, leg)) return unheardOf(sized);
  return rest(sized.size ?? largestSize(facts), leg.filled);
}

/** Bounds a leg whose size nobody told yet. */
function largestSize(facts: OrderFacts): Decimal {
  return facts.legs.reduce(
    (largest, leg) => maxDecimal(largest, sizedLeg(facts, leg).size ?? ZERO),
    facts.terms.size,
  );
}

/** No leg is known, and nothing says that none will come. */
function isUnproved(facts: OrderFacts): boolean {
  const { state } = judge(facts);
  return state === "pending" || state === "untriggered";
}

/** Σ price × size / Σ size of the fills, cut after 8 decimals: to be shown, not to be reckoned with. */
export function averagePriceOf(facts: OrderFacts): Decimal | undefined {
  if (compare(facts.filled, ZERO) <= 0) return undefined;
  return divideCut(facts.notional, facts.filled, AVERAGE_DECIMALS);
}

/** Σ of fees by token; negative for a rebate. */
export function feesOf(facts: OrderFacts): Readonly<Record<string, Decimal>> {
  return Object.fromEntries(facts.fees.map(({ token, sum }) => [token, sum]));
}

/** Undefined until the venue or a proof has spoken. An Ioc that matched nothing was taken, so it is accepted. */
export function acknowledgedOf(facts: OrderFacts): Acknowledgement | undefined {
  const first = facts.folded?.firstOid ?? facts.legs.find((leg) => leg.real)?.oid;
  if (first !== undefined) return { kind: "accepted", oid: first };
  if (facts.verdicts.waiting !== undefined) return { kind: "accepted", oid: undefined };
  const { cause } = judge(facts);
  if (cause === undefined) return undefined;
  const rejected = facts.legs.find((leg) => leg.ending !== undefined);
  if (cause === "iocNoMatch") return { kind: "accepted", oid: rejected?.oid };
  const { refused } = facts.verdicts;
  if (rejected !== undefined || refused !== undefined) {
    return { kind: "refused", by: "venue", cause, text: refused?.text };
  }
  return refusedUnsaid(facts.verdicts, cause);
}

/** Refused without a word of the venue about the order: here, or as a whole request, or by proof. */
function refusedUnsaid(verdicts: Verdicts, cause: Cause): Acknowledgement {
  const { local, neverLanded, sentAt } = verdicts;
  if (local !== undefined && sentAt === undefined) {
    return { kind: "refused", by: "local", cause, text: local.text };
  }
  const byVenue = neverLanded?.by === "notAdmitted" || neverLanded?.by === "expired";
  return { kind: "refused", by: byVenue ? "venue" : "local", cause, text: neverLanded?.text };
}

/** More was filled than some leg's size, or in all than was placed, when nobody asked to change that. */
export function isOrderOverfilled(facts: OrderFacts): boolean {
  if (facts.legs.some((leg) => isOverfilled(sizedLeg(facts, leg)))) return true;
  const { terms, verdicts, filled } = facts;
  const isAsPlaced = verdicts.sentAt !== undefined && verdicts.modifyOpened === 0;
  // A TP/SL of size zero is as large as the position will be.
  return isAsPlaced && terms.size !== ZERO && compare(filled, terms.size) > 0;
}

/** `filled` for the part and `canceled` for the rest are one end of an Ioc (protocol §16.2). */
function isTornLeg(facts: OrderFacts, leg: Leg): boolean {
  const { ending } = leg;
  if (ending?.conflicting !== true) return false;
  return ending.rejected || !takesOnly(facts.terms) || isWhole(sizedLeg(facts, leg));
}

/** The evidence holds both sides: `filled` and another ending of one leg, or a leg after a verdict that none can be. */
export function isContradicted(facts: OrderFacts): boolean {
  if (facts.legs.some((leg) => isTornLeg(facts, leg))) return true;
  const { refused, neverLanded, local, sentAt } = facts.verdicts;
  if (neverLanded === undefined && refused === undefined && local === undefined) return false;
  const legs = facts.legs.filter((leg) => leg.real && leg.ending?.word !== "rejected");
  if (legs.length === 0) return false;
  return neverLanded !== undefined || refused !== undefined || sentAt === undefined;
}
