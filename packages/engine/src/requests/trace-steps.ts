import type { CancelEvent, RequestEvent, RequestFacts } from "@cloister/machines";
import type { Mouth, Source } from "@cloister/model";
import type { RequestTrace } from "./request-trace.ts";

/** What an event of a place or modify is to its trace. `facts`: those after it. */
export function traceRequest(trace: RequestTrace, event: RequestEvent, facts: RequestFacts): void {
  const { atMs } = event;
  if (event.type === "request.signed") trace.signed(atMs);
  if (event.type === "copy.written") {
    trace.written(atMs, { mouth: event.mouth, venueMs: event.venueTime });
  }
  const isAnswer = ANSWERS.has(event.type);
  if (isAnswer) trace.answered(atMs);
  if (trace.isShown || !isShown(facts)) return;
  const isDated = event.type === "child.landed" || event.type === "look.found";
  trace.shown(atMs, isAnswer ? "answer" : showedBy(event), isDated ? event.at : undefined);
}

const ANSWERS: ReadonlySet<RequestEvent["type"]> = new Set<RequestEvent["type"]>([
  "answer.admitted",
  "answer.notAdmitted",
  "answer.nonceSpent",
  "answer.expired",
  "answer.unknown",
]);

const BY_TIME: ReadonlySet<RequestEvent["type"]> = new Set<RequestEvent["type"]>([
  "queue.expired",
  "deadline.passed",
  "expiry.passed",
  "expiry.due",
]);

/** Something is known of what came of it. */
function isShown({ children, ended }: RequestFacts): boolean {
  return ended !== undefined || children.some(({ verdict }) => verdict !== undefined);
}

/** Who told that, when it was no answer. */
function showedBy(event: RequestEvent): Source {
  if (event.type === "child.landed") return event.source ?? "answer";
  if (event.type === "noop.answered") return "answer";
  if (event.type === "look.unknownOid") return "orderStatus";
  if (event.type === "look.absent" || event.type === "look.found") {
    return event.what === "fills" ? "fillsRead" : (event.what ?? "orderStatus");
  }
  return BY_TIME.has(event.type) ? "deadline" : "request";
}

/** `mouth` and `venueMs`: of what is written now. `endedBy`: who told that a target has ended. */
export function traceCancel(
  trace: RequestTrace,
  event: CancelEvent,
  now: { readonly mouth: Mouth; readonly venueMs: number; readonly endedBy: Source },
): void {
  const { atMs } = event;
  if (event.type === "request.signed") trace.signed(atMs);
  if (event.type === "copy.written") trace.written(atMs, now);
  if (event.type === "target.ended") trace.shown(atMs, now.endedBy);
  if (event.type !== "copy.answered") return;
  trace.answered(atMs);
  if (event.outcomes.includes("success")) trace.shown(atMs, "answer", event.venueTime);
}
