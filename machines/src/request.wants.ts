import type { AlarmName, CopyId, Mouth, Query } from "@cloister/model";
import type { RequestEvent } from "./request.events.ts";
import type { RequestFacts } from "./request.facts.ts";
import {
  canLand,
  isSweepDue,
  lookPauseMs,
  looksWanted,
  msToExpiry,
  needsNoop,
} from "./request.pursuit.ts";
import {
  holdsSlot,
  isDoubtful,
  isOver,
  judge,
  type RequestState,
  writtenCopies,
} from "./request.state.ts";
import { type Tell, tellAnswer, tellEnd, tellSent } from "./request.tells.ts";

/** Deadlines of a place or modify; each comes back by `eventOfDeadline`. */
export type RequestDeadline = "queue" | "sign" | "request" | "look" | "expiry";

/**
 * What a request wants done next, in this order: timers before what may answer at once. The engine performs it with
 * one switch.
 */
export type RequestWish =
  /** Sign the action with a fresh nonce, then tell `request.signed` or `sign.failed`. */
  | { readonly type: "sign" }
  /** Write the signed bytes by this mouth; tell `copy.written` first. */
  | { readonly type: "write"; readonly mouth: Mouth }
  /** Sign a noop on the same nonce and write it by REST; tell `noop.written` first. */
  | { readonly type: "withdraw" }
  /**
   * Read. What it says comes back as one `look.*` (or `look.failed`) for each of these children; with none,
   * only the orders learn from it.
   */
  | { readonly type: "look"; readonly children: readonly number[]; readonly query: Query }
  /** Venue time is wanted: any read that shows it. */
  | { readonly type: "askTime" }
  /** Arms or moves a deadline of this request. */
  | { readonly type: "arm"; readonly deadline: RequestDeadline; readonly delayMs: number }
  | { readonly type: "disarm"; readonly deadline: RequestDeadline }
  /** The child is no part of this request any more; those behind it move up. */
  | { readonly type: "forget"; readonly child: number }
  /** Give the in-flight slot back. At most once. */
  | { readonly type: "release" }
  | Tell
  /** The signer's nonce source must be beyond this. */
  | { readonly type: "raiseNonce"; readonly atLeast: number }
  | { readonly type: "alarm"; readonly name: AlarmName; readonly text: string };

type Step = {
  readonly before: RequestFacts;
  readonly event: RequestEvent;
  readonly after: RequestFacts;
  readonly from: RequestState;
  readonly to: RequestState;
};

/** What a request wants when it enters the queue, before any event. */
export function openingWants(facts: RequestFacts): readonly RequestWish[] {
  return [{ type: "arm", deadline: "queue", delayMs: facts.timings.queueMs }];
}

/** What is to be done now that `event` led from `before` to `after`. Pure. */
export function wants(
  before: RequestFacts,
  event: RequestEvent,
  after: RequestFacts,
): readonly RequestWish[] {
  const from = judge(before).state;
  const step = { before, event, after, from, to: judge(after).state };
  const told = [...alarmsOf(step), ...withdrawnOf(step), ...answersOf(step)];
  return [...told, ...releaseOf(step), ...movesOf(step)];
}

/** A child that left a request which goes on: told before its index is another's. */
function withdrawnOf({ before, event, after }: Step): readonly RequestWish[] {
  if (event.type !== "child.withdrawn") return [];
  if (before.children.length === after.children.length) return [];
  return [
    {
      type: "tell",
      child: event.child,
      event: { type: "local.withdrawn", cause: "withdrawn" },
    },
    { type: "forget", child: event.child },
  ];
}

/** The event that a deadline of a request comes back as. `venueTime`: the largest seen. */
export function eventOfDeadline(
  deadline: RequestDeadline,
  now: { readonly atMs: number; readonly venueTime: number },
): RequestEvent {
  const { atMs, venueTime } = now;
  switch (deadline) {
    case "queue":
      return { type: "queue.expired", atMs };
    case "sign":
      return { type: "sign.failed", atMs, reason: "the signer did not answer in time" };
    case "request":
      return { type: "deadline.passed", atMs };
    case "look":
      return { type: "look.due", atMs };
    case "expiry":
      return { type: "expiry.due", atMs, venueTime };
  }
}

function movesOf(step: Step): readonly RequestWish[] {
  const { before, from, to, after, event } = step;
  if (isOver(to)) return from === to ? [] : [...disarmsOf(from), ...tellEnd(after)];
  if (isDoubtful(to)) return pursuitOf(step);
  if (to === "signing") return signingOf(step);
  if (to !== "inFlight") return [];
  if (from === "signing") {
    return [disarm("sign"), ...tellSent(after), { type: "write", mouth: after.firstMouth }];
  }
  const isStruck = event.type === "send.failed" && event.of === "copy";
  return isStruck && isAnswerNew(before, after, event.copy)
    ? [{ type: "write", mouth: otherMouth(after) }]
    : [];
}

function signingOf({ before, from, after }: Step): readonly RequestWish[] {
  if (from === "queued") return signing(after);
  // What was being signed names a child that is gone: signed anew, within the same time.
  return before.children === after.children ? [] : [{ type: "sign" }];
}

function signing({ timings }: RequestFacts): readonly RequestWish[] {
  return [
    disarm("queue"),
    { type: "arm", deadline: "sign", delayMs: timings.signTimeoutMs },
    { type: "arm", deadline: "request", delayMs: timings.requestTimeoutMs },
    { type: "sign" },
  ];
}

/** While doubtful: close the door, then look; on entering, at each pace, and when news opens the next question. */
function pursuitOf(step: Step): readonly RequestWish[] {
  const { before, event, after, from, to } = step;
  if (from !== to || event.type === "engine.restarted") {
    // The first look waits for a pause: the answer may be just late.
    const looks = to === "closing" ? [] : looksWanted(after);
    return [...enteringOf(step), armLook(after), ...writesOf(after, event.atMs), ...looks];
  }
  if (event.type === "look.due" || event.type === "connection.lost") {
    return [armLook(after), ...noopOf(after, event.atMs), ...looksWanted(after)];
  }
  if (event.type === "expiry.due" && !after.expired) {
    const { paceMs } = after.timings;
    return [{ type: "arm", deadline: "expiry", delayMs: paceMs }, { type: "askTime" }];
  }
  if (before.policy !== after.policy) return noopOf(after, event.atMs);
  return isSweepDue(after) && !isSweepDue(before) ? looksWanted(after) : [];
}

function enteringOf({ from, to, after, event }: Step): readonly RequestWish[] {
  const closing: readonly RequestWish[] = [
    { type: "arm", deadline: "expiry", delayMs: msToExpiry(after, event.atMs) },
  ];
  const left = from === "inFlight" ? [disarm("request")] : [];
  if (to === "closing") return after.expiresAfter === undefined ? left : [...left, ...closing];
  return from === "closing" ? [disarm("expiry")] : left;
}

function writesOf(facts: RequestFacts, atMs: number): readonly RequestWish[] {
  if (canLand(facts, atMs)) return [{ type: "write", mouth: otherMouth(facts) }];
  return noopOf(facts, atMs);
}

function noopOf(facts: RequestFacts, atMs: number): readonly RequestWish[] {
  return needsNoop(facts, atMs) ? [{ type: "withdraw" }] : [];
}

function alarmsOf({ before, event, after }: Step): readonly RequestWish[] {
  const wishes: RequestWish[] = [];
  if (event.type === "answer.nonceSpent" && isAnswerNew(before, after, event.copy)) {
    wishes.push(...spentElsewhere(after, event.text));
  }
  if (after.exhausted && !before.exhausted) {
    wishes.push({
      type: "alarm",
      name: "doubtExhausted",
      text: `request ${after.id} stays doubtful`,
    });
  }
  if (after.contradicted && !before.contradicted) {
    wishes.push({
      type: "alarm",
      name: "contradicted",
      text: `request ${after.id} was told otherwise`,
    });
  }
  return wishes;
}

function isAnswerNew(before: RequestFacts, after: RequestFacts, copy: CopyId): boolean {
  return answerOf(before, copy) !== answerOf(after, copy);
}

function answerOf({ copies }: RequestFacts, id: CopyId): string | undefined {
  return copies.find(({ copy }) => copy === id)?.answer?.kind;
}

/** Bytes written once, no noop, and yet the nonce is spent: a repeated post, or a foreign user of the key. */
function spentElsewhere(facts: RequestFacts, text: string): readonly RequestWish[] {
  const raise: RequestWish = { type: "raiseNonce", atLeast: (facts.nonce ?? 0) + 1 };
  const isOnce = writtenCopies(facts).length === 1 && facts.noops.length === 0;
  return isOnce ? [raise, { type: "alarm", name: "signerShared", text }] : [raise];
}

/** What an answer says is told at any time, the end included. */
function answersOf({ before, event, after }: Step): readonly RequestWish[] {
  if (event.type !== "answer.admitted" || !after.signed) return [];
  const isLateModify =
    after.kind === "modify" && before.children !== after.children && before.ended !== undefined;
  return isLateModify ? tellEnd(after) : tellAnswer(after, event);
}

function releaseOf({ before, after }: Step): readonly RequestWish[] {
  return holdsSlot(before) && !holdsSlot(after) ? [{ type: "release" }] : [];
}

function disarmsOf(from: RequestState): readonly RequestWish[] {
  const armed: Partial<Record<RequestState, readonly RequestDeadline[]>> = {
    queued: ["queue"],
    signing: ["sign", "request"],
    inFlight: ["request"],
    closing: ["look", "expiry"],
    looking: ["look"],
  };
  return (armed[from] ?? []).map(disarm);
}

function armLook(facts: RequestFacts): RequestWish {
  return { type: "arm", deadline: "look", delayMs: lookPauseMs(facts) };
}

function disarm(deadline: RequestDeadline): RequestWish {
  return { type: "disarm", deadline };
}

function otherMouth(facts: RequestFacts): Mouth {
  return facts.copies.at(-1)?.mouth === "socket" ? "rest" : "socket";
}
