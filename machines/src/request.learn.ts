import type { RefuseCause } from "@cloister/model";
import {
  isLook,
  landChild,
  learnLook,
  learnNothingLanded,
  learnVerdicts,
} from "./request.children.ts";
import {
  answerNoop,
  doubt,
  failSend,
  forgetAnswers,
  hearCopy,
  isCopyAnswer,
  noteAnswer,
  writeCopy,
  writeNoop,
} from "./request.copies.ts";
import type { RequestEvent, RequestEventOf, Verdict } from "./request.events.ts";
import { NO_LOOKS, type RequestEnd, type RequestFacts, renew } from "./request.facts.ts";
import { isDoorClosed, judge, type RequestJudgement } from "./request.state.ts";

/**
 * Joins one event to the facts: what was known stays known. Facts that nothing changes are returned as they are.
 * The end is recorded once; later news can only contradict it.
 */
export function learn(facts: RequestFacts, event: RequestEvent): RequestFacts {
  if (facts.ended !== undefined) return hearAfterEnd(facts, event);
  const known = facts.signed ? joinSent(facts, event) : joinUnsent(facts, event);
  return known === facts ? facts : conclude(closeDoor(known, event.atMs));
}

/** Nothing was signed: what does not lead on ends it, and nothing was ever sent. */
function joinUnsent(facts: RequestFacts, event: RequestEvent): RequestFacts {
  const { type } = event;
  if (type === "command.withdraw") {
    return renew(facts, { neverSent: { how: "withdrawn", cause: event.cause ?? "withdrawn" } });
  }
  if (type === "child.withdrawn") return dropChild(facts, event.child);
  if (type === "halted") return facts.downsizing ? facts : refuse(facts, "halted");
  if (type === "connection.lost") return refuse(facts, "connectionLost");
  if (type === "engine.restarted") return refuse(facts, "restarted");
  return facts.granted ? joinSigning(facts, event) : joinQueued(facts, event);
}

/** The last one takes the request with it. */
function dropChild(facts: RequestFacts, index: number): RequestFacts {
  if (facts.children[index] === undefined) return facts;
  if (facts.children.length === 1) {
    return renew(facts, { neverSent: { how: "withdrawn", cause: "withdrawn" } });
  }
  return renew(facts, { children: facts.children.toSpliced(index, 1) });
}

function joinQueued(facts: RequestFacts, event: RequestEvent): RequestFacts {
  if (event.type === "slot.granted") return renew(facts, { granted: true });
  return event.type === "queue.expired" ? refuse(facts, event.cause ?? "expiredInQueue") : facts;
}

function joinSigning(facts: RequestFacts, event: RequestEvent): RequestFacts {
  if (event.type === "request.signed") return sign(facts, event);
  if (event.type === "sign.failed") return refuse(facts, "signFailed", event.reason);
  return event.type === "deadline.passed"
    ? refuse(facts, "signFailed", "not signed in time")
    : facts;
}

function sign(facts: RequestFacts, event: RequestEventOf<"request.signed">): RequestFacts {
  const notAfterMs = event.notAfterMs ?? facts.notAfterMs;
  if (!event.gate) return refuse(facts, event.why ?? "recovering");
  if (notAfterMs !== undefined && event.atMs >= notAfterMs) return refuse(facts, "tooLate");
  const { nonce, venueTime } = event;
  return renew(facts, {
    signed: true,
    nonce,
    signedVenueTime: venueTime,
    firstMouth: event.mouth ?? "socket",
    ...(event.expiresAfter === undefined ? {} : { expiresAfter: event.expiresAfter }),
    ...(notAfterMs === undefined ? {} : { notAfterMs }),
  });
}

function refuse(facts: RequestFacts, cause: RefuseCause, text?: string): RequestFacts {
  const neverSent = { how: "refused", cause } as const;
  return renew(facts, { neverSent: text === undefined ? neverSent : { ...neverSent, text } });
}

/** Bytes may have left: from here on only proof ends it. */
function joinSent(facts: RequestFacts, event: RequestEvent): RequestFacts {
  const { type } = event;
  if (type === "copy.written") return writeCopy(facts, event);
  if (type === "noop.written") return writeNoop(facts, event);
  if (type === "send.failed") return failSend(facts, event);
  if (type === "noop.answered") return answerNoop(facts, event.copy, event.outcome);
  if (type === "child.landed") return landChild(facts, event.child, event);
  if (isCopyAnswer(event)) return hearCopy(facts, event);
  return isLook(event) ? learnLook(facts, event) : joinDoubt(facts, event);
}

function joinDoubt(facts: RequestFacts, event: RequestEvent): RequestFacts {
  const { type } = event;
  if (type === "deadline.passed") return doubt(facts);
  if (type === "connection.lost") return startAnew(facts);
  if (type === "command.withdraw") return withdraw(facts);
  if (type === "halted") return facts.downsizing ? facts : withdraw(facts);
  if (type === "expiry.passed" || type === "expiry.due") return passExpiry(facts, event.venueTime);
  if (type === "engine.restarted") {
    return restart(facts);
  }
  return facts.doubted ? joinPace(facts, event) : facts;
}

function joinPace(facts: RequestFacts, event: RequestEvent): RequestFacts {
  if (event.type === "look.due") {
    return renew(facts, { attempts: facts.attempts + 1, heardThisPace: false });
  }
  const isNews = event.type === "effort.exhausted" && !facts.exhausted;
  return isNews ? renew(facts, { exhausted: true }) : facts;
}

/** Each connect begins the looking anew. */
function startAnew(facts: RequestFacts): RequestFacts {
  return renew(facts, {
    doubted: true,
    disconnected: true,
    attempts: 0,
    effort: 0,
    heardThisPace: false,
    exhausted: false,
  });
}

/** What was measured by the old process's clock means nothing to the new one. */
function restart(facts: RequestFacts): RequestFacts {
  return renew(forgetAnswers(startAnew(facts)), {
    policy: "withdraw",
    restarted: true,
    closedAtMs: undefined,
    children: facts.children.map((child) => ({ ...child, looks: NO_LOOKS })),
  });
}

function withdraw(facts: RequestFacts): RequestFacts {
  if (facts.doubted && facts.policy === "withdraw") return facts;
  return renew(facts, { doubted: true, policy: "withdraw" });
}

/** Only venue time counts, and only when it is beyond the margin. */
function passExpiry(facts: RequestFacts, venueTime: number): RequestFacts {
  const { expired, expiresAfter, timings } = facts;
  if (expired || expiresAfter === undefined) return facts;
  if (venueTime <= expiresAfter + timings.expiryMarginMs) return facts;
  return renew(facts, { doubted: true, expired: true });
}

/** From here on reads count, and the pace starts over. */
function closeDoor(facts: RequestFacts, atMs: number): RequestFacts {
  if (facts.closedAtMs !== undefined || !isDoorClosed(facts)) return facts;
  return renew(facts, { closedAtMs: atMs, attempts: 0 });
}

function conclude(facts: RequestFacts): RequestFacts {
  const judged = judge(facts);
  if (!isEnd(judged)) return facts;
  return renew(facts, { ended: judged, children: learnNothingLanded(facts, neverLanded(judged)) });
}

function isEnd(judged: RequestJudgement): judged is RequestEnd {
  return judged.state === "answered" || judged.state === "settled" || judged.state === "refused";
}

function neverLanded({ by, cause, text }: RequestEnd): Verdict & { readonly kind: "neverLanded" } {
  return {
    kind: "neverLanded",
    by: by ?? "absence",
    ...(cause === undefined ? {} : { cause }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The end stands. A child that is seen after all is remembered, and contradicts it. */
function hearAfterEnd(facts: RequestFacts, event: RequestEvent): RequestFacts {
  if (isCopyAnswer(event)) {
    const noted = noteAnswer(facts, event);
    return event.type === "answer.admitted" ? learnVerdicts(noted, event.verdicts) : noted;
  }
  const isFound = event.type === "look.found" && event.rejected !== true;
  const isSeen = event.type === "child.landed" || isFound;
  // A later modify of the same order makes oids beyond this one's target.
  return isSeen && facts.kind === "place" ? landChild(facts, event.child, event) : facts;
}
