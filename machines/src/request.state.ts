import type { Oid } from "@cloister/model";
import type {
  RequestChild,
  RequestCopy,
  RequestEnd,
  RequestFacts,
  RequestNoop,
  Span,
} from "./request.facts.ts";

/** Doubtful: closing or looking. The door is closed in `looking` and later. */
export type RequestState =
  | "queued"
  | "signing"
  | "inFlight"
  | "closing"
  | "looking"
  | "answered"
  | "settled"
  | "refused";

export type RequestJudgement =
  | RequestEnd
  | { readonly state: Exclude<RequestState, RequestEnd["state"]> };

const QUEUED: RequestJudgement = { state: "queued" };
const SIGNING: RequestJudgement = { state: "signing" };
const IN_FLIGHT: RequestJudgement = { state: "inFlight" };
const CLOSING: RequestJudgement = { state: "closing" };
const LOOKING: RequestJudgement = { state: "looking" };
const ANSWERED: RequestJudgement = { state: "answered" };
const SETTLED: RequestJudgement = { state: "settled" };
const ABSENT: RequestJudgement = { state: "settled", by: "absence" };

/** What the facts mean. Total and pure: no clock, no previous state. */
export function judge(facts: RequestFacts): RequestJudgement {
  if (facts.ended !== undefined) return facts.ended;
  if (facts.neverSent !== undefined) return refusedUnsent(facts.neverSent);
  if (!facts.granted) return QUEUED;
  if (!facts.signed) return SIGNING;
  if (facts.children.every((child) => isDecided(facts, child))) {
    return facts.doubted ? SETTLED : ANSWERED;
  }
  const proof = proofOfNothing(facts);
  if (proof !== undefined) return { ...proof, state: facts.doubted ? "settled" : "refused" };
  if (!facts.doubted) return IN_FLIGHT;
  if (facts.children.every((child) => isDecided(facts, child) || isAbsent(facts, child))) {
    return ABSENT;
  }
  return isDoorClosed(facts) ? LOOKING : CLOSING;
}

export function isDoubtful(state: RequestState): boolean {
  return state === "closing" || state === "looking";
}

export function isOver(state: RequestState): boolean {
  return state === "answered" || state === "settled" || state === "refused";
}

/** Nothing of this request can land any more. It says nothing about the orders. */
export function isDoorClosed(facts: RequestFacts): boolean {
  return facts.spent || facts.expired || facts.children.some(isLanded);
}

/** A doubtful request keeps its slot until it ended, was disconnected or expired. */
export function holdsSlot(facts: RequestFacts): boolean {
  return facts.granted && facts.ended === undefined && !facts.disconnected && !facts.expired;
}

export function isLanded(child: RequestChild): boolean {
  const kind = child.verdict?.kind;
  return kind === "accepted" || kind === "filled" || kind === "waiting";
}

/** An element error decides a place; a modify's says nothing of its two legs. */
export function isDecided(facts: RequestFacts, child: RequestChild): boolean {
  if (child.verdict === undefined) return false;
  return facts.kind === "place" || child.verdict.kind !== "refused";
}

/** Reads begun after the door closed miss it in every place where it could be. */
export function isAbsent(facts: RequestFacts, child: RequestChild): boolean {
  if (!isUnknownTwice(facts, child)) return false;
  // The venue itself said that this modify made no leg: the looks only told what became of its target.
  if (child.verdict?.kind === "refused") return true;
  return reaches(child.looks.openOrders, facts.timings.settleMs) && child.looks.fills !== undefined;
}

export function isUnknownTwice(facts: RequestFacts, child: RequestChild): boolean {
  return reaches(child.looks.unknownOid, facts.timings.settleMs);
}

export function reaches(span: Span | undefined, ms: number): boolean {
  return span !== undefined && span.last - span.first >= ms;
}

/** Whether an oid at the venue can come from this request: anything older is another's. */
export function isOurs(
  facts: RequestFacts,
  child: RequestChild,
  seen: { oid: Oid; at: number },
): boolean {
  const isKnown = child.beyond !== undefined && seen.oid <= child.beyond;
  if (facts.kind === "modify" && isKnown) return false;
  const firstWrite = firstWriteVenueTime(facts);
  return firstWrite !== undefined && seen.at >= firstWrite;
}

export function firstWriteVenueTime(facts: RequestFacts): number | undefined {
  return facts.copies[0]?.writtenVenueTime ?? facts.signedVenueTime;
}

/** Copies of which a byte may have left. */
export function writtenCopies(facts: RequestFacts): readonly RequestCopy[] {
  return facts.copies.filter(({ answer }) => answer?.kind !== "neverWritten");
}

function refusedUnsent(neverSent: NonNullable<RequestFacts["neverSent"]>): RequestEnd {
  const { cause, text } = neverSent;
  return text === undefined
    ? { state: "refused", by: "neverSent", cause }
    : { state: "refused", by: "neverSent", cause, text };
}

/** Why no copy ever landed or can land, when that is proved without a look. */
function proofOfNothing(facts: RequestFacts): Omit<RequestEnd, "state"> | undefined {
  if (facts.children.some(isLanded) || facts.copies.some(isAdmitted)) return undefined;
  if (facts.noops.some(isOk)) return { by: "noop" };
  return facts.spent || facts.copies.length === 0 ? undefined : proofOfCopies(facts);
}

function proofOfCopies(facts: RequestFacts): Omit<RequestEnd, "state"> | undefined {
  const left = writtenCopies(facts);
  const [first] = left;
  if (first === undefined) {
    const again = !facts.doubted && mayGoAgain(facts.copies.at(-1)?.answer);
    return again ? undefined : { by: "neverSent", cause: "sendFailed" };
  }
  if (left.length === 1 && first.mouth === "socket" && first.answer?.kind === "expired") {
    return { by: "expired", cause: "expired" };
  }
  return left.every(isTurnedAway) ? turnedAway(first) : undefined;
}

function turnedAway({ answer }: RequestCopy): Omit<RequestEnd, "state"> | undefined {
  if (answer?.kind !== "notAdmitted") return undefined;
  return { by: "notAdmitted", cause: answer.reason, text: answer.text };
}

/** A copy by REST may have been repeated by a proxy: its refusal decides nothing. */
function isTurnedAway({ mouth, answer }: RequestCopy): boolean {
  return mouth === "socket" && answer?.kind === "notAdmitted";
}

function isAdmitted({ answer }: RequestCopy): boolean {
  return answer?.kind === "admitted";
}

function isOk({ answer }: RequestNoop): boolean {
  return answer === "ok";
}

function mayGoAgain(answer: RequestCopy["answer"]): boolean {
  return answer?.kind === "neverWritten" && answer.again;
}
