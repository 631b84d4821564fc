import type { AlarmName, Cloid, Mouth, Oid, OrderEvent, Query, VenueAction } from "@cloister/model";
import type { CancelEvent, CancelEventOf, CancelLegs, CancelWriteKind } from "./cancel.events.ts";
import type { CancelFacts } from "./cancel.facts.ts";
import { type CancelState, holdsSlot, isOver, isStuck, judge } from "./cancel.state.ts";

/** Deadlines of a cancel: retry comes back as `deadline.retry`, the others as `deadline.passed` and `sign.failed`. */
export type CancelDeadline = "sign" | "request" | "retry";

/** What a cancel wants done next, in this order. */
export type CancelWish =
  /** Sign this write with a fresh nonce of its own, then tell `request.signed` or `sign.failed`. */
  | {
      readonly type: "sign";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly action: VenueAction;
    }
  /** Write its signed bytes; tell `copy.written` first. */
  | {
      readonly type: "write";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly mouth: Mouth;
    }
  /** Read: the order learns from the report, this cancel from the order. */
  | { readonly type: "look"; readonly query: Query }
  | { readonly type: "arm"; readonly deadline: CancelDeadline; readonly delayMs: number }
  | { readonly type: "disarm"; readonly deadline: CancelDeadline }
  /** Give the slot back. At most once: retries pass without one. */
  | { readonly type: "release" }
  | { readonly type: "tell"; readonly cloid: Cloid; readonly event: OrderEvent }
  | { readonly type: "alarm"; readonly name: AlarmName; readonly text: string };

type Step = {
  readonly before: CancelFacts;
  readonly event: CancelEvent;
  readonly after: CancelFacts;
  readonly from: CancelState;
  readonly to: CancelState;
};

/** What a cancel wants done now that `event` led from `before` to `after`. Pure. */
export function wants(
  before: CancelFacts,
  event: CancelEvent,
  after: CancelFacts,
): readonly CancelWish[] {
  if (before.ended !== undefined) return tellsOf(before, event);
  const step = { before, event, after, from: judge(before), to: judge(after) };
  return [...tellsOf(before, event), ...alarmsOf(step), ...releaseOf(step), ...movesOf(step)];
}

function movesOf(step: Step): readonly CancelWish[] {
  const { before, event, after, from, to } = step;
  if (isOver(to)) return disarmsOf(from);
  const isRetry = after.attempt !== before.attempt;
  const began = isRetry ? signing(after) : [];
  const isAnew = from !== to || isRetry || event.type === "engine.restarted";
  if (to === "looking") return isAnew ? [...began, ...looking(after, from)] : [];
  if (isRetry) return began;
  if (event.type !== "request.signed" || before.writes === after.writes) return [];
  const { attempt, write } = event;
  const { mouth } = after.legs ?? NO_LEGS;
  return [
    ...(after.writes.every(({ signed, done }) => signed || done) ? [disarm("sign")] : []),
    { type: "write", attempt, write, mouth },
  ];
}

const NO_LEGS: CancelLegs = { byOid: [], byCloid: [], mouth: "socket" };

function signing({ attempt, writes, legs, timings }: CancelFacts): readonly CancelWish[] {
  if (writes.length === 0) return [];
  return [
    { type: "arm", deadline: "sign", delayMs: timings.signTimeoutMs },
    { type: "arm", deadline: "request", delayMs: timings.requestTimeoutMs },
    ...writes.map(({ kind }) => sign(attempt, kind, legs ?? NO_LEGS)),
  ];
}

function sign(attempt: number, write: CancelWriteKind, legs: CancelLegs): CancelWish {
  const action: VenueAction =
    write === "cancel"
      ? { kind: "cancel", targets: legs.byOid.map(({ coin, oid }) => ({ coin, oid })) }
      : {
          kind: "cancelByCloid",
          targets: legs.byCloid.map(({ coin, cloid }) => ({ coin, cloid })),
        };
  return { type: "sign", attempt, write, action };
}

/** Asks what became of every order that has not ended, and sends again after a pause. */
function looking(facts: CancelFacts, from: CancelState): readonly CancelWish[] {
  return [
    ...(from === "signing" || from === "inFlight" ? [disarm("sign"), disarm("request")] : []),
    { type: "arm", deadline: "retry", delayMs: retryPauseMs(facts) },
    ...facts.targets.filter(({ ended }) => !ended).flatMap(({ cloid }) => looksOf(facts, cloid)),
  ];
}

function looksOf({ legs }: CancelFacts, cloid: Cloid): readonly CancelWish[] {
  const named = (legs ?? NO_LEGS).byOid.filter((target) => target.cloid === cloid);
  const keys = [cloid, ...named.map(({ oid }) => oid)];
  return keys.map((key) => ({ type: "look", query: { kind: "orderStatus", key } }));
}

/** How long until it is sent again. */
function retryPauseMs(facts: CancelFacts): number {
  const { paceMs, paceMaxMs, slowPaceMs } = facts.timings;
  if (isStuck(facts)) return slowPaceMs;
  return Math.min(paceMaxMs, paceMs * 2 ** Math.max(0, facts.attempt - 1));
}

/** Success speaks for a known oid only; anything else is but a reason to look. */
function tellsOf(facts: CancelFacts, event: CancelEvent): readonly CancelWish[] {
  if (event.type !== "copy.answered") return [];
  const named = facts.sent.find(({ copy }) => copy === event.copy)?.named ?? [];
  if (named.length !== event.outcomes.length) return [];
  return named.flatMap(({ cloid, oid }, index) =>
    oid === undefined || event.outcomes[index] !== "success"
      ? []
      : [{ type: "tell", cloid, event: canceled(oid, event) }],
  );
}

function canceled(oid: Oid, { venueTime }: CancelEventOf<"copy.answered">): OrderEvent {
  return { type: "venue.canceled", oid, at: venueTime, source: "answer", cause: "requested" };
}

function alarmsOf({ before, event, after }: Step): readonly CancelWish[] {
  const wishes: CancelWish[] = [];
  if (event.type === "sign.failed" && before.writes !== after.writes) {
    wishes.push({ type: "alarm", name: "signFailed", text: `cancel ${after.id}: ${event.reason}` });
  }
  if (isStuck(after) && !isStuck(before)) {
    const text = `cancel ${after.id} is sent for the ${after.attempt}th time`;
    wishes.push({ type: "alarm", name: "cancelStuck", text });
  }
  return wishes;
}

function releaseOf({ before, after }: Step): readonly CancelWish[] {
  // With nothing to name, the slot comes back in the step that granted it.
  const had = holdsSlot(before) || (after.granted && !before.granted);
  return had && !holdsSlot(after) ? [{ type: "release" }] : [];
}

function disarmsOf(from: CancelState): readonly CancelWish[] {
  if (from === "looking") return [disarm("retry")];
  return from === "queued" || isOver(from) ? [] : [disarm("sign"), disarm("request")];
}

function disarm(deadline: CancelDeadline): CancelWish {
  return { type: "disarm", deadline };
}
