import { type Clock, type Random, seededRandom } from "@cloister/model";
import type { About } from "./about.ts";
import type { ActionFate } from "../core.ts";
import type { FaultPlan, PlannedFault, PlannedWhom } from "./fault-plan.ts";
import type { AnswerSeen, Delivery, Faults, ForeignAnswer, FrameSeen } from "./faults.ts";
import { isList, isObject, type JsonObject, parseWhole } from "../json.ts";

/** Where the faults' time and chance come from. */
export type FaultTerms = {
  /** Times of the plan count from its hour now. */
  readonly clock: Clock;
  /** By default each fault draws from a source of its own, made of the plan's seed. */
  readonly random?: Random;
};

/** What a fault is asked about. */
type Subject = About & {
  readonly signer?: string;
  readonly channel?: string;
  readonly path: NonNullable<PlannedWhom["path"]>;
  readonly block: number;
};

const HTML = "<html><body><h1>Bad Gateway</h1></body></html>";

/** A plan at work, and how often each of its faults has fired. */
export type PlannedFaults = Faults & { readonly fired: () => readonly number[] };

/** Makes a plan misbehave: same plan, same clock, same actions give the same frames. */
export function faultsOf(plan: FaultPlan, terms: FaultTerms): PlannedFaults {
  const armed = plan.faults.map(
    (fault, at) =>
      new ArmedFault(fault, {
        clock: terms.clock,
        random: terms.random ?? seededRandom((plan.seed + at * 7_919) >>> 0),
      }),
  );
  /** The first fault that has a fate for it and fires decides. */
  const decide = <F>(subject: Subject, fateOf: (fault: PlannedFault) => F | undefined) => {
    for (const one of armed) {
      const fate = fateOf(one.fault);
      if (fate !== undefined && one.fires(subject)) return fate;
    }
    return undefined;
  };
  return {
    action: (seen) => decide({ ...seen, path: "/exchange" }, actionFate) ?? "execute",
    frame: (seen) =>
      decide({ ...seen, path: "/ws" }, (fault) => frameFate(fault, seen)) ?? "deliver",
    answer: (seen) => decide(seen, (fault) => answerFate(fault, seen)) ?? "deliver",
    request: (seen) => decide(seen, requestFate) ?? "pass",
    fired: () => armed.map((one) => one.fired),
  };
}

/** A fault of a plan with what it has to remember. */
class ArmedFault {
  readonly fault: PlannedFault;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #startMs: number;
  #matched = 0;
  #fired = 0;
  #staleUntilMs = Number.NEGATIVE_INFINITY;

  constructor(fault: PlannedFault, source: { clock: Clock; random: Random }) {
    this.fault = fault;
    this.#clock = source.clock;
    this.#random = source.random;
    this.#startMs = source.clock.monotonicMs();
  }

  get fired(): number {
    return this.#fired;
  }

  fires(subject: Subject): boolean {
    const { fault } = this;
    if (!concerns(fault.to, subject)) return false;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#staleUntilMs) return true;
    if (!this.#isTime(nowMs, subject.block)) return false;
    this.#matched += 1;
    const { every = 1, chance = 1 } = fault.when;
    if (this.#matched % every !== 0) return false;
    if (chance < 1 && this.#random.next() >= chance) return false;
    this.#fired += 1;
    if (fault.what === "staleChannel") this.#staleUntilMs = nowMs + fault.ms;
    return true;
  }

  #isTime(nowMs: number, block: number): boolean {
    const { when, times = Number.POSITIVE_INFINITY } = this.fault;
    const sinceMs = nowMs - this.#startMs;
    return (
      this.#fired < times &&
      sinceMs >= (when.afterMs ?? 0) &&
      sinceMs < (when.untilMs ?? Number.POSITIVE_INFINITY) &&
      block >= (when.fromBlock ?? 0) &&
      block <= (when.toBlock ?? Number.POSITIVE_INFINITY)
    );
  }
}

function concerns(to: PlannedWhom, subject: Subject): boolean {
  return (
    (to.account === undefined || to.account === subject.account) &&
    (to.signer === undefined || to.signer === subject.signer) &&
    (to.channel === undefined || to.channel === subject.channel) &&
    (to.type === undefined || to.type === subject.type) &&
    (to.path === undefined || to.path === subject.path)
  );
}

function actionFate(fault: PlannedFault): ActionFate | undefined {
  if (fault.what === "loseAction") return "lose";
  if (fault.what !== "holdAction") return undefined;
  return "ms" in fault ? { holdMs: fault.ms } : { holdBlocks: fault.blocks };
}

function frameFate(fault: PlannedFault, { channel, text }: FrameSeen): Delivery | undefined {
  switch (fault.what) {
    case "loseAnswer":
      return channel === "post" ? "lose" : undefined;
    case "delayAnswer":
      return channel === "post" ? { holdMs: fault.ms } : undefined;
    case "loseFrame":
    case "staleChannel":
      return "lose";
    case "duplicateFrame":
      return "duplicate";
    case "delayFrame":
      return { holdMs: fault.ms };
    case "reorderFrames":
      return "swap";
    case "reorderArray":
      return rewritten(text, (list) => [list.toReversed()]);
    case "splitArray":
      return rewritten(text, (list) => list.map((one) => [one]));
    case "halfOpen":
      return { muteMs: fault.ms };
    case "disconnect":
      return { closeCode: fault.code };
    case "loseAction":
    case "holdAction":
    case "httpStatus":
    case "truncatePage":
      return undefined;
  }
}

function answerFate(
  fault: PlannedFault,
  seen: AnswerSeen,
): ReturnType<NonNullable<Faults["answer"]>> | undefined {
  switch (fault.what) {
    case "loseAnswer":
      return "lose";
    case "delayAnswer":
      return { holdMs: fault.ms };
    case "disconnect":
      // A channel is a socket's: who names one means no answer.
      return fault.to.channel === undefined ? "disconnect" : undefined;
    case "httpStatus":
      return fault.executed ? { instead: foreign(fault) } : undefined;
    case "truncatePage": {
      const page = parseWhole(seen.body)?.value;
      if (!isList(page) || page.length <= fault.keep) return undefined;
      return { instead: { status: seen.status, body: JSON.stringify(page.slice(0, fault.keep)) } };
    }
    case "loseAction":
    case "holdAction":
    case "loseFrame":
    case "duplicateFrame":
    case "delayFrame":
    case "reorderFrames":
    case "reorderArray":
    case "splitArray":
    case "staleChannel":
    case "halfOpen":
      return undefined;
  }
}

function requestFate(fault: PlannedFault): { readonly instead: ForeignAnswer } | undefined {
  return fault.what === "httpStatus" && !fault.executed ? { instead: foreign(fault) } : undefined;
}

function foreign({ status, body }: Extract<PlannedFault, { what: "httpStatus" }>): ForeignAnswer {
  return { status, body: body === "null" ? "null" : HTML };
}

/** The frame with its list made anew, one frame for each; undefined when it has no list of two or more. */
function rewritten(
  text: string,
  change: (list: readonly unknown[]) => readonly (readonly unknown[])[],
): Delivery | undefined {
  const frame = parseWhole(text)?.value;
  if (!isObject(frame)) return undefined;
  const { data } = frame;
  if (isList(data)) {
    return data.length < 2 ? undefined : { texts: texts(frame, change(data)) };
  }
  const fills = isObject(data) ? data["fills"] : undefined;
  if (!isObject(data) || !isList(fills) || fills.length < 2) return undefined;
  return {
    texts: texts(
      frame,
      change(fills).map((part) => ({ ...data, fills: part })),
    ),
  };
}

function texts(frame: JsonObject, parts: readonly unknown[]): string[] {
  return parts.map((data) => JSON.stringify({ ...frame, data }));
}
