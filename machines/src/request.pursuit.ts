import type { Query } from "@cloister/model";
import type { RequestFacts } from "./request.facts.ts";
import {
  firstWriteVenueTime,
  isAbsent,
  isDecided,
  isDoorClosed,
  isLanded,
  isUnknownTwice,
  reaches,
  writtenCopies,
} from "./request.state.ts";

/**
 * While the door is open only what is found counts, and two lists find nearly all: more children than this are
 * not asked about one by one, which would use up the venue's patience.
 */
const ASKED_EACH_MAX = 10;

type LookWish = {
  readonly type: "look";
  readonly children: readonly number[];
  readonly query: Query;
};

/** Whether the same bytes may be written once more by the other mouth: the nonce makes it at most once. */
export function canLand(facts: RequestFacts, atMs: number): boolean {
  const isAllowed = facts.policy === "land" && !facts.restarted && !isDoorClosed(facts);
  const isOnce = facts.copies.length === 1 && writtenCopies(facts).length === 1;
  return isAllowed && isOnce && facts.noops.length === 0 && isSoon(facts, atMs);
}

/** Whether a noop would still tell something, and none is on its way. */
export function needsNoop(facts: RequestFacts, atMs: number): boolean {
  if (facts.spent || facts.children.some(isLanded)) return false;
  if (facts.noops.some(({ answer }) => answer === undefined)) return false;
  return facts.policy === "withdraw" || !isSoon(facts, atMs);
}

/**
 * The reads that are still missing: each child by its cloid until it was unknown twice, then the open orders and
 * the fills in full. A modify's target is read for the order's sake.
 */
export function looksWanted(facts: RequestFacts): readonly LookWish[] {
  const open = facts.children
    .map((child, index) => ({ child, index }))
    .filter(({ child }) => !isDecided(facts, child) && !isAbsent(facts, child));
  if (open.length > ASKED_EACH_MAX && !isDoorClosed(facts)) {
    return [...read(open, { kind: "openOrders" }), ...read(open, fillsOf(facts))];
  }
  const asked = open.filter(({ child }) => !isUnknownTwice(facts, child));
  const swept = open.filter(({ child }) => isUnknownTwice(facts, child));
  const { settleMs } = facts.timings;
  return [
    ...asked.flatMap(({ child, index }) => [
      orderStatus(child.cloid, [index]),
      ...(child.oid === undefined ? [] : [orderStatus(child.oid, [])]),
    ]),
    ...read(
      swept.filter(({ child }) => !reaches(child.looks.openOrders, settleMs)),
      { kind: "openOrders" },
    ),
    ...read(
      swept.filter(({ child }) => child.looks.fills === undefined),
      fillsOf(facts),
    ),
  ];
}

/** Every child that is still open was unknown twice: now the dearer reads are asked, once for all. */
export function isSweepDue(facts: RequestFacts): boolean {
  const open = facts.children.filter((child) => !isDecided(facts, child));
  return open.length > 0 && open.every((child) => isUnknownTwice(facts, child));
}

/** How long to wait before the next look. */
export function lookPauseMs(facts: RequestFacts): number {
  const { paceMs, paceMaxMs, settleMs, slowPaceMs } = facts.timings;
  if (facts.exhausted) return slowPaceMs;
  if (!isDoorClosed(facts)) return Math.min(paceMaxMs, paceMs * 2 ** facts.attempts);
  return Math.max(settleMs, Math.min(paceMaxMs, settleMs * 2 ** (facts.attempts - PATIENT_LOOKS)));
}

/** Looks at the settling pace before failures slow it down. */
const PATIENT_LOOKS = 3;

/** How long until venue time should be beyond the expiry, judged by the first write. Only a reason to ask. */
export function msToExpiry(facts: RequestFacts, atMs: number): number {
  const first = facts.copies[0];
  const { expiresAfter, timings } = facts;
  if (first === undefined || expiresAfter === undefined) return timings.expiryMarginMs;
  // After a restart the clock may be younger than the write.
  const venueTime = first.writtenVenueTime + Math.max(0, atMs - first.writtenMs);
  return Math.max(0, expiresAfter + timings.expiryMarginMs - venueTime) + 1;
}

function isSoon(facts: RequestFacts, atMs: number): boolean {
  return atMs - facts.commandMs <= facts.timings.landWithinMs;
}

function fillsOf(facts: RequestFacts): Query {
  return { kind: "fills", fromMs: firstWriteVenueTime(facts) ?? 0 };
}

function orderStatus(
  key: (Query & { readonly kind: "orderStatus" })["key"],
  children: readonly number[],
): LookWish {
  return { type: "look", children, query: { kind: "orderStatus", key } };
}

function read(open: readonly { readonly index: number }[], query: Query): readonly LookWish[] {
  return open.length === 0
    ? []
    : [{ type: "look", children: open.map(({ index }) => index), query }];
}
