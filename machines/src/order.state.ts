import { type Cause, type Oid, type OrderState, ZERO } from "@cloister/model";
import type { OrderFacts } from "./order.facts.ts";
import { isGivenUp, isSearched, type Leg } from "./order.legs.ts";
import {
  executedOf,
  isWhole,
  ledgerOfLeg,
  type Sized,
  statedOf,
  takesOnly,
} from "./order.quantities.ts";
import type { Verdicts } from "./order.verdicts.ts";

/** What the facts mean. */
export type Judgement = {
  readonly state: OrderState;
  /** Why it ended; absent while it lives and for `filled`. */
  readonly cause: Cause | undefined;
  /** `inferred`: no word ended it, reads missed it. */
  readonly strength: "stated" | "inferred";
  /** The current leg. */
  readonly oid: Oid | undefined;
  /** What an untriggered order waits for. */
  readonly waitsFor: "parent" | "trigger" | undefined;
};

/** Total and pure: no clock, no previous state. The rules are numbered as in the specification of the machine. */
export function judge(facts: OrderFacts): Judgement {
  const leg = currentLeg(facts);
  const judged = leg === undefined ? judgeUnseen(facts) : judgeLeg(facts, leg);
  return facts.verdicts.reaped ? { ...judged, state: "reaped" } : judged;
}

/** Rule 1: no leg was ever real. */
function judgeUnseen(facts: OrderFacts): Judgement {
  const { refused, waiting } = facts.verdicts;
  const refusal = newestEnding(facts.legs)?.cause ?? refused?.cause;
  if (refusal !== undefined) {
    const taken = refusal === "iocNoMatch" || waiting !== undefined;
    return over(taken ? "canceled" : "rejected", refusal);
  }
  return judgeUnsaid(facts.verdicts);
}

/** Rule 1, when the venue did not end it: by what was decided here, or proved. */
function judgeUnsaid(verdicts: Verdicts): Judgement {
  const { local, neverLanded, absentBegunAt, waiting } = verdicts;
  if (local !== undefined && verdicts.sentAt === undefined) {
    return over(local.word === "withdrawn" ? "canceled" : "rejected", local.cause);
  }
  if (neverLanded !== undefined) return over("rejected", neverLanded.cause ?? "neverLanded");
  // What the venue had taken to wait was canceled, not rejected.
  if (absentBegunAt !== undefined) return absent(waiting === undefined ? "rejected" : "canceled");
  if (waiting !== undefined) return live("untriggered", undefined, waiting);
  return live("pending", undefined);
}

/** Rules 2 to 6: by the current leg. */
function judgeLeg(facts: OrderFacts, leg: Leg): Judgement {
  if (!isOver(facts, leg)) return judgeLive(facts, leg);
  const sized = sizedLeg(facts, leg);
  if (isWhole(sized)) return over("filled", undefined, leg.oid);
  const { ending } = leg;
  if (ending?.word === "filled") return judgeSaidFilled(facts, sized);
  if (isModifyOpen(facts)) return judgeLive(facts, leg);
  if (ending?.cause === undefined) return absent("canceled", leg.oid);
  if (isRemainder(sized)) return over("canceled", "iocRemainder", leg.oid);
  return over("canceled", lostReplacement(facts.legs, leg) ?? ending.cause, leg.oid);
}

/** Rule 4: the venue says `filled` also of an Ioc that filled in part; until its quantity is known it lives. */
function judgeSaidFilled(facts: OrderFacts, sized: Sized): Judgement {
  const { leg } = sized;
  if (!takesOnly(facts.terms)) return over("filled", undefined, leg.oid);
  const known = statedOf(sized) !== undefined || isSearched(leg) || isGivenUp(leg);
  return known ? over("canceled", "iocRemainder", leg.oid) : judgeLive(facts, leg);
}

/** What does not rest cannot be canceled by wish after it executed: the venue dropped the rest (protocol §16.2). */
function isRemainder(sized: Sized): boolean {
  const { leg, terms } = sized;
  return takesOnly(terms) && leg.ending?.cause === "requested" && executedOf(sized) !== ZERO;
}

/**
 * Why the leg that should have replaced this one was rejected, when both happened in one block: nobody asked
 * for this cancel, the modify lost the order.
 */
function lostReplacement(legs: readonly Leg[], leg: Leg): Cause | undefined {
  if (leg.ending?.cause !== "requested") return undefined;
  const at = leg.ending.at;
  const lost = legs.find(
    ({ oid, real, ending }) =>
      oid > leg.oid && !real && ending?.word === "rejected" && ending.at === at,
  );
  return lost?.ending?.cause;
}

function judgeLive(facts: OrderFacts, leg: Leg): Judgement {
  if (facts.filled !== ZERO) return live("partiallyFilled", leg.oid);
  if (facts.terms.trigger !== undefined) {
    return leg.triggered
      ? live("resting", leg.oid)
      : live("untriggered", leg.oid, facts.verdicts.waiting ?? "trigger");
  }
  return live(takesOnly(facts.terms) ? "pending" : "resting", leg.oid);
}

function live(state: OrderState, oid: Oid | undefined, waitsFor?: "parent" | "trigger"): Judgement {
  return { state, cause: undefined, strength: "stated", oid, waitsFor };
}

function over(state: OrderState, cause: Cause | undefined, oid?: Oid): Judgement {
  return { state, cause, strength: "stated", oid, waitsFor: undefined };
}

function absent(state: "canceled" | "rejected", oid?: Oid): Judgement {
  return { state, cause: "absent", strength: "inferred", oid, waitsFor: undefined };
}

/** The largest real leg that is not over; if all are over, the largest real one. */
export function currentLeg(facts: OrderFacts): Leg | undefined {
  const legs = facts.legs;
  let largest: Leg | undefined;
  for (let index = legs.length - 1; index >= 0; index -= 1) {
    const leg = legs[index];
    if (leg === undefined || !leg.real) continue;
    if (!isOver(facts, leg)) return leg;
    largest ??= leg;
  }
  return largest;
}

/** Ended, or whole, or missed by reads that began after anything showed it alive. */
export function isOver(facts: OrderFacts, leg: Leg): boolean {
  return leg.ending !== undefined || isAbsent(facts, leg) || isWhole(sizedLeg(facts, leg));
}

function isAbsent(facts: OrderFacts, leg: Leg): boolean {
  const begunAt = facts.verdicts.absentBegunAt;
  return begunAt !== undefined && begunAt > Math.max(leg.positiveAt, leg.shown?.begunAt ?? -1);
}

export function isModifyOpen(facts: OrderFacts): boolean {
  return facts.verdicts.modifyOpened > facts.verdicts.modifyClosed;
}

/** With its full size: by evidence, else as the command that made it asked. */
export function sizedLeg(facts: OrderFacts, leg: Leg): Sized {
  const placed = isFirst(facts, leg) ? facts.terms.size : undefined;
  const size = leg.size ?? leg.asked ?? placed;
  // A TP/SL of size zero is as large as the position will be: that is not known here (protocol §6.2).
  return { leg, size: size === ZERO ? undefined : size, terms: facts.terms };
}

/** The place made the first real leg; each other one was made by a modify. */
function isFirst(facts: OrderFacts, leg: Leg): boolean {
  if (facts.folded !== undefined) return false;
  for (const other of facts.legs) if (other.real || other === leg) return other === leg;
  return false;
}

/** The ledger of the order: the worst of its real legs. Complete when the venue never had it. */
export function ledgerOf(facts: OrderFacts): "complete" | "open" | "incomplete" {
  let worst: "complete" | "incomplete" = facts.folded?.ledger ?? "complete";
  for (const leg of facts.legs) {
    if (!leg.real) continue;
    const ledger = ledgerOfRealLeg(facts, leg);
    if (ledger === "open") return "open";
    if (ledger === "incomplete") worst = "incomplete";
  }
  return worst;
}

function ledgerOfRealLeg(facts: OrderFacts, leg: Leg): "complete" | "open" | "incomplete" {
  return isOver(facts, leg) ? ledgerOfLeg(sizedLeg(facts, leg)) : "open";
}

/** Whether some leg is over and it is not known yet what of it was filled. */
export function hasUndecidedLeg(facts: OrderFacts): boolean {
  return facts.legs.some(
    (leg) => leg.real && isOver(facts, leg) && ledgerOfRealLeg(facts, leg) === "open",
  );
}

/** Whether nothing more can come of it: ended, its ledger decided, no modify open. */
export function mayReap(facts: OrderFacts): boolean {
  const { state } = judge(facts);
  const terminal = state === "filled" || state === "canceled" || state === "rejected";
  return terminal && ledgerOf(facts) !== "open" && !isModifyOpen(facts);
}

function newestEnding(legs: readonly Leg[]): Leg["ending"] {
  for (let index = legs.length - 1; index >= 0; index -= 1) {
    const ending = legs[index]?.ending;
    if (ending !== undefined) return ending;
  }
  return undefined;
}
