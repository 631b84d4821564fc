import type { Cloid } from "@cloister/model";
import type { CancelEvent, CancelEventOf, CancelLegs, CancelWriteKind } from "./cancel.events.ts";
import { CANCEL_COPIES_MAX, type CancelFacts, type CancelWrite, renew } from "./cancel.facts.ts";
import { isOver, judge } from "./cancel.state.ts";

/** Joins one event. Returns the same facts when it changes nothing. */
export function learn(facts: CancelFacts, event: CancelEvent): CancelFacts {
  if (facts.ended !== undefined) return facts;
  const known = join(facts, event);
  if (known === facts) return facts;
  const state = judge(known);
  return state === "settled" || state === "refused" ? renew(known, { ended: state }) : known;
}

function join(facts: CancelFacts, event: CancelEvent): CancelFacts {
  const { type } = event;
  if (type === "target.ended") return endTarget(facts, event.cloid);
  if (type === "engine.stopped") return stop(facts);
  const state = judge(facts);
  if (state === "queued") {
    if (type === "slot.granted") return attempt(renew(facts, { granted: true }), event.legs);
    return type === "engine.restarted" ? attempt(facts, event.legs) : facts;
  }
  if (state === "looking") return type === "deadline.retry" ? attempt(facts, event.legs) : facts;
  if (type === "engine.restarted") return renew(facts, { abandoned: true });
  return joinAttempt(facts, event);
}

/** News of the writes that are under way. */
function joinAttempt(facts: CancelFacts, event: CancelEvent): CancelFacts {
  const { type } = event;
  if (type === "request.signed" || type === "sign.failed") {
    if (event.attempt !== facts.attempt) return facts;
    const isSigned = type === "request.signed";
    return put(facts, ofKind(event.write), (write) =>
      write.signed || write.done ? write : { ...write, signed: isSigned, done: !isSigned },
    );
  }
  if (type === "copy.written") return writeCopy(facts, event);
  if (type === "copy.answered" || type === "send.failed") {
    return put(
      facts,
      ({ copy }) => copy === event.copy,
      (write) => ({ ...write, done: true }),
    );
  }
  const isGivenUp = type === "deadline.passed" || type === "connection.lost";
  return isGivenUp && judge(facts) === "inFlight" ? renew(facts, { abandoned: true }) : facts;
}

function writeCopy(facts: CancelFacts, event: CancelEventOf<"copy.written">): CancelFacts {
  const { attempt: number, write: kind, copy } = event;
  if (number !== facts.attempt || facts.legs === undefined) return facts;
  const known = put(facts, ofKind(kind), (write) => ({ ...write, copy }));
  const named = kind === "cancel" ? facts.legs.byOid : facts.legs.byCloid;
  const sent = [...facts.sent, { copy, named }].slice(-CANCEL_COPIES_MAX);
  return known === facts ? facts : renew(known, { sent });
}

/** A new attempt with fresh nonces, naming the legs then known. With nothing to name it looks at once. */
function attempt(facts: CancelFacts, legs: CancelLegs): CancelFacts {
  const kinds: readonly CancelWriteKind[] = [
    ...(legs.byOid.length === 0 ? [] : (["cancel"] as const)),
    ...(legs.byCloid.length === 0 ? [] : (["cancelByCloid"] as const)),
  ];
  return renew(facts, {
    attempt: facts.attempt + 1,
    legs,
    writes: kinds.map((kind) => ({ kind, signed: false, copy: undefined, done: false })),
    abandoned: false,
  });
}

function endTarget(facts: CancelFacts, cloid: Cloid): CancelFacts {
  const index = facts.targets.findIndex((target) => target.cloid === cloid);
  const target = facts.targets[index];
  if (target === undefined || target.ended) return facts;
  return renew(facts, { targets: facts.targets.with(index, { ...target, ended: true }) });
}

/** What was written may still be answered; what was not is given up. */
function stop(facts: CancelFacts): CancelFacts {
  const state = judge(facts);
  if (isOver(state) || state === "looking") return facts;
  return renew(facts, state === "inFlight" ? { abandoned: true } : { stopped: true });
}

function ofKind(kind: CancelWriteKind): (write: CancelWrite) => boolean {
  return (write) => write.kind === kind;
}

function put(
  facts: CancelFacts,
  matches: (write: CancelWrite) => boolean,
  change: (write: CancelWrite) => CancelWrite,
): CancelFacts {
  const index = facts.writes.findIndex(matches);
  const write = facts.writes[index];
  if (write === undefined) return facts;
  const changed = change(write);
  return changed === write ? facts : renew(facts, { writes: facts.writes.with(index, changed) });
}
