import type { Cloid, Deadline, NextStep } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { OpenRequest } from "../registry/tracked-order.ts";

/** What each deadline of a request does when it passes. */
const REQUEST_STEPS = {
  queue: "ends expiredInQueue",
  sign: "gives its signature up",
  request: "becomes doubtful, if it is not answered",
  look: "asks the venue again",
  expiry: "judges whether it has expired",
} as const;

const CANCEL_STEPS = {
  sign: "gives its signature up",
  request: "is looked after, if it is not answered",
  retry: "is sent again",
} as const;

const ORDER_STEPS = {
  ledger: "fills of the order are read",
  ask: "the venue is asked about the order",
  reap: "the order leaves the book",
} as const;

/** What happens by itself with this order and its requests, soonest first. */
export function nextSteps(
  deadlines: Deadlines,
  about: {
    readonly cloid: Cloid;
    readonly requests: Iterable<OpenRequest>;
    /** A modify that is not sent yet. */
    readonly waiting: number | undefined;
  },
): readonly NextStep[] {
  const steps: NextStep[] = [];
  const add = (deadline: Deadline, text: string): void => {
    const inMs = deadlines.dueInMs(deadline);
    if (inMs !== undefined) steps.push({ deadline: deadline.kind, inMs: Math.round(inMs), text });
  };
  for (const { id: request, kind } of about.requests) {
    const name = `${kind} ${request}`;
    if (kind === "cancel") {
      for (const step of ["sign", "request", "retry"] as const) {
        add({ kind: step, request }, `${name} ${CANCEL_STEPS[step]}`);
      }
    } else {
      for (const step of ["queue", "sign", "request", "look", "expiry"] as const) {
        add({ kind: step, request }, `${name} ${REQUEST_STEPS[step]}`);
      }
    }
  }
  const { cloid, waiting } = about;
  if (waiting !== undefined) {
    add({ kind: "queue", request: waiting }, `modify ${waiting} ${REQUEST_STEPS.queue}`);
  }
  for (const step of ["ledger", "ask", "reap"] as const) {
    add({ kind: step, cloid }, ORDER_STEPS[step]);
  }
  return steps.sort((a, b) => a.inMs - b.inMs);
}
