import type { CopyId } from "@cloister/model";
import { learnVerdicts } from "./request.children.ts";
import type { NoopOutcome, RequestEvent, RequestEventOf } from "./request.events.ts";
import { type CopyAnswer, type RequestFacts, renew } from "./request.facts.ts";
import { isLanded, judge } from "./request.state.ts";

type CopyVerdict = RequestEventOf<
  | "answer.admitted"
  | "answer.notAdmitted"
  | "answer.nonceSpent"
  | "answer.expired"
  | "answer.unknown"
>;

/** Of two answers to one copy the one that says more of the nonce stands. */
const COPY_RANK: Record<CopyAnswer["kind"], number> = {
  neverWritten: 0,
  maybeWritten: 1,
  unknown: 2,
  notAdmitted: 3,
  expired: 4,
  nonceSpent: 5,
  admitted: 6,
};

const NOOP_RANK: Record<NoopOutcome, number> = { lost: 0, notAdmitted: 1, nonceSpent: 2, ok: 3 };

export function isCopyAnswer(event: RequestEvent): event is CopyVerdict {
  return event.type.startsWith("answer.");
}

export function writeCopy(
  facts: RequestFacts,
  event: RequestEventOf<"copy.written">,
): RequestFacts {
  const { copy, mouth, atMs, venueTime } = event;
  if (facts.copies.some((known) => known.copy === copy)) return facts;
  const written = {
    copy,
    mouth,
    writtenMs: atMs,
    writtenVenueTime: venueTime,
    answer: undefined,
  };
  return renew(facts, { copies: [...facts.copies, written] });
}

export function writeNoop(
  facts: RequestFacts,
  event: RequestEventOf<"noop.written">,
): RequestFacts {
  const { copy, atMs } = event;
  if (!facts.doubted || facts.noops.some((known) => known.copy === copy)) return facts;
  const noops = [...facts.noops, { copy, writtenMs: atMs, answer: undefined }];
  return renew(facts, { noops: noops.length > NOOPS_MAX ? withoutOne(noops) : noops });
}

/** So many noops are remembered. One that was lost says nothing that the next one does not say as well. */
const NOOPS_MAX = 8;

function withoutOne(noops: RequestFacts["noops"]): RequestFacts["noops"] {
  const index = noops.findIndex(({ answer }) => answer === "lost" || answer === "notAdmitted");
  return noops.toSpliced(Math.max(0, index), 1);
}

/** The answer alone, for a request that has ended: what is still awaited must be seen. */
export function noteAnswer(facts: RequestFacts, event: CopyVerdict): RequestFacts {
  return answerCopy(facts, event.copy, answerOf(event));
}

/** What the venue, or a mouth, says of one copy. What does not decide makes the request doubtful. */
export function hearCopy(facts: RequestFacts, event: CopyVerdict): RequestFacts {
  const answered = noteAnswer(facts, event);
  switch (event.type) {
    case "answer.admitted":
      return orDoubt(learnVerdicts(spend(answered), event.verdicts));
    case "answer.nonceSpent":
      return orDoubt(spend(answered));
    case "answer.expired":
      return orDoubt(wasBySocket(facts, event.copy) ? expire(answered) : answered);
    case "answer.notAdmitted":
    case "answer.unknown":
      return orDoubt(answered);
  }
}

export function failSend(facts: RequestFacts, event: RequestEventOf<"send.failed">): RequestFacts {
  const { copy, of, written, gate, atMs } = event;
  if (of === "noop") return answerNoop(facts, copy, "lost");
  if (written === "maybe") return doubt(answerCopy(facts, copy, { kind: "maybeWritten" }));
  const again = gate && mayLeave(facts, atMs) && otherMouthIsFresh(facts, copy);
  const struck = answerCopy(facts, copy, { kind: "neverWritten", again });
  return again || struck === facts ? struck : orDoubt(struck);
}

export function answerNoop(facts: RequestFacts, copy: CopyId, answer: NoopOutcome): RequestFacts {
  const index = facts.noops.findIndex((noop) => noop.copy === copy);
  const noop = facts.noops[index];
  if (noop === undefined) return facts;
  if (noop.answer !== undefined && NOOP_RANK[answer] <= NOOP_RANK[noop.answer]) return facts;
  const noops = facts.noops.with(index, { ...noop, answer });
  const known = renew(facts, {
    noops,
    spent: facts.spent || answer === "ok" || answer === "nonceSpent",
  });
  const isOtherwise = answer === "ok" && (known.children.some(isLanded) || wasAdmitted(known));
  return isOtherwise ? renew(known, { contradicted: true }) : known;
}

/** After a restart nothing more is heard of what was open before. */
export function forgetAnswers(facts: RequestFacts): RequestFacts {
  return renew(facts, {
    copies: facts.copies.map((copy) =>
      copy.answer === undefined ? { ...copy, answer: { kind: "maybeWritten" } } : copy,
    ),
    noops: facts.noops.map((noop) =>
      noop.answer === undefined ? { ...noop, answer: "lost" } : noop,
    ),
  });
}

export function doubt(facts: RequestFacts): RequestFacts {
  return facts.doubted ? facts : renew(facts, { doubted: true });
}

function spend(facts: RequestFacts): RequestFacts {
  return facts.spent ? facts : renew(facts, { spent: true });
}

function expire(facts: RequestFacts): RequestFacts {
  return facts.expired ? facts : renew(facts, { expired: true });
}

/** What the news leaves undecided is doubtful from now on. */
function orDoubt(facts: RequestFacts): RequestFacts {
  return judge(facts).state === "inFlight" ? doubt(facts) : facts;
}

function answerCopy(facts: RequestFacts, id: CopyId, answer: CopyAnswer): RequestFacts {
  const index = facts.copies.findIndex(({ copy }) => copy === id);
  const copy = facts.copies[index];
  if (copy === undefined) return facts;
  if (copy.answer !== undefined && COPY_RANK[answer.kind] <= COPY_RANK[copy.answer.kind]) {
    return facts;
  }
  return renew(facts, { copies: facts.copies.with(index, { ...copy, answer }) });
}

function answerOf(event: CopyVerdict): CopyAnswer {
  switch (event.type) {
    case "answer.admitted":
      return { kind: "admitted" };
    case "answer.notAdmitted":
      return { kind: "notAdmitted", reason: event.reason, text: event.text };
    case "answer.nonceSpent":
      return { kind: "nonceSpent" };
    case "answer.expired":
      return { kind: "expired" };
    case "answer.unknown":
      return { kind: "unknown" };
  }
}

function wasBySocket(facts: RequestFacts, id: CopyId): boolean {
  return facts.copies.some(({ copy, mouth }) => copy === id && mouth === "socket");
}

function wasAdmitted(facts: RequestFacts): boolean {
  return facts.copies.some(({ answer }) => answer?.kind === "admitted");
}

/** Whether a first byte may still leave. A landed child has spent the nonce. */
function mayLeave(facts: RequestFacts, atMs: number): boolean {
  const isEarly = facts.notAfterMs === undefined || atMs < facts.notAfterMs;
  return isEarly && !facts.doubted && !facts.children.some(isLanded);
}

function otherMouthIsFresh(facts: RequestFacts, failed: CopyId): boolean {
  const mouth = facts.copies.find(({ copy }) => copy === failed)?.mouth;
  return mouth !== undefined && facts.copies.every((copy) => copy.mouth === mouth);
}
