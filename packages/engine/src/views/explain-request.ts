import {
  type CancelFacts,
  type CancelState,
  type CopyAnswer,
  isDoorClosed,
  isLanded,
  type RequestFacts,
  type RequestState,
} from "@cloister/machines";
import type { DoorLine, EngineStatus, RequestLine } from "@cloister/model";
import type { OpenRequest } from "../registry/tracked-order.ts";

/** What a request's words are measured against. */
export type Now = {
  readonly nowMs: number;
  readonly status: EngineStatus;
  /** Largest block time seen, ms. */
  readonly venueMs: number;
};

/** One open request: its copies, its door, and what it waits for. */
export function requestLine(request: OpenRequest, now: Now): RequestLine {
  const { id, kind } = request;
  if (request.kind === "cancel") {
    const { facts, state } = request.now;
    return { id, kind, state, copies: cancelCopies(facts), waitsFor: cancelWaits(facts, state) };
  }
  const { facts, state } = request.now;
  return {
    ...{ id, kind, state, copies: copiesOf(facts, now) },
    door: doorOf(facts, now),
    waitsFor: waitsOf(facts, state, now),
  };
}

function copiesOf({ copies, noops }: RequestFacts, { nowMs }: Now): RequestLine["copies"] {
  return [
    ...copies.map(({ copy, mouth, writtenMs, answer }) => ({
      ...{ copy, of: "request" as const, mouth, agoMs: Math.round(nowMs - writtenMs) },
      ...(answer === undefined ? {} : { answer: answerText(answer) }),
    })),
    ...noops.map(({ copy, writtenMs, answer }) => ({
      ...{ copy, of: "noop" as const, mouth: "rest" as const },
      agoMs: Math.round(nowMs - writtenMs),
      ...(answer === undefined ? {} : { answer }),
    })),
  ];
}

function answerText(answer: CopyAnswer): string {
  switch (answer.kind) {
    case "notAdmitted":
      return `not admitted: ${answer.reason} (${answer.text})`;
    case "neverWritten":
      return "not a byte of it left";
    case "maybeWritten":
      return "nobody knows whether it left";
    case "nonceSpent":
      return "its nonce was spent already";
    case "unknown":
      return "answered with nothing that can be read";
    case "admitted":
    case "expired":
      return answer.kind;
  }
}

/** Whether something of it can still land (design §3). */
function doorOf(facts: RequestFacts, now: Now): DoorLine {
  if (facts.copies.length === 0) return { open: false, by: "not a byte of it has left" };
  if (isDoorClosed(facts)) return { open: false, by: closedBy(facts) };
  const { expiresAfter } = facts;
  if (expiresAfter === undefined) return { open: true, by: "its nonce is not known to be spent" };
  const leftMs = expiresAfter + facts.timings.expiryMarginMs - now.venueMs;
  const when =
    leftMs > 0 ? `in ${leftMs} ms of venue time` : "with the next news of the venue's hour";
  return { open: true, by: `its nonce is not known to be spent; it expires ${when}` };
}

function closedBy({ children, copies, noops, expired }: RequestFacts): string {
  if (children.some(isLanded)) return "it landed";
  const admitted = copies.find(({ answer }) => answer?.kind === "admitted");
  if (admitted !== undefined) return `copy ${admitted.copy} was admitted`;
  const spent = copies.find(({ answer }) => answer?.kind === "nonceSpent");
  if (spent !== undefined) return `copy ${spent.copy} was told that the nonce is spent`;
  const noop = noops.find(({ answer }) => answer === "ok" || answer === "nonceSpent");
  if (noop?.answer === "ok") return `noop ${noop.copy} spent the nonce`;
  if (noop !== undefined) return `noop ${noop.copy} was told that the nonce is spent`;
  return expired ? "the venue's hour is beyond its expiry" : "its nonce is spent";
}

function waitsOf(facts: RequestFacts, state: RequestState, { status }: Now): readonly string[] {
  switch (state) {
    case "queued":
      return [queueText(facts, status)];
    case "signing":
      return ["its signature"];
    case "inFlight":
      return facts.copies
        .filter(({ answer }) => answer === undefined)
        .map(({ copy, mouth }) => `the answer to copy ${copy} by ${mouth}`);
    case "closing":
      return [
        "proof that nothing of it can land any more: its nonce spent, a noop taken, or its expiry passed",
        "or any word that shows its order at the venue",
      ];
    case "looking":
      return facts.children.flatMap((child) =>
        child.verdict === undefined ? lookText(facts) : [],
      );
    case "answered":
    case "settled":
    case "refused":
      return [];
  }
}

function queueText({ kind }: RequestFacts, { barrier, brake, load }: EngineStatus): string {
  if (barrier === "recovering") return "the recovery to end";
  if (brake === "halted") return "resume: the brake is pulled";
  return load === "saturated" ? "a slot: all are taken" : `its turn among ${kind}s`;
}

function lookText({ timings }: RequestFacts): readonly string[] {
  const apart = `${timings.settleMs} ms apart`;
  return [
    `reads begun after its door closed: unknownOid twice, ${apart}`,
    `then two complete lists of open orders, ${apart}, and a complete list of fills`,
  ];
}

function cancelCopies({ writes, sent, legs }: CancelFacts): RequestLine["copies"] {
  const mouth = legs?.mouth ?? "socket";
  const open = new Set(
    writes.flatMap(({ copy, done }) => (copy === undefined || done ? [] : [copy])),
  );
  return sent.map(({ copy }) => ({
    ...{ copy, of: "request" as const, mouth },
    ...(open.has(copy) ? {} : { answer: "answered, failed or given up" }),
  }));
}

function cancelWaits(
  { attempt, targets, writes }: CancelFacts,
  state: CancelState,
): readonly string[] {
  const left = targets.filter(({ ended }) => !ended).length;
  const ended =
    left === 1
      ? "the end of its order and of what else is open on it"
      : `the end of ${left} orders and of what else is open on them`;
  switch (state) {
    case "queued":
      return ["a slot"];
    case "signing":
      return ["its signature", ended];
    case "inFlight":
      return [
        ...writes.flatMap(({ copy, done }) =>
          copy === undefined || done ? [] : [`the answer to copy ${copy}, attempt ${attempt}`],
        ),
        ended,
      ];
    case "looking":
      return [ended];
    case "settled":
    case "refused":
      return [];
  }
}
