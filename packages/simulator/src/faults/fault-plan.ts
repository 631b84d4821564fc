import type { Address } from "@cloister/model";
import { PlanObject } from "./plan-object.ts";

/** What goes wrong. Durations in ms. */
export type PlannedWrong =
  /** Signed actions on their way in: the exchange never runs it; or gets it so many blocks, or ms, later. */
  | { readonly what: "loseAction" }
  | { readonly what: "holdAction"; readonly blocks: number }
  | { readonly what: "holdAction"; readonly ms: number }
  /** Answers over HTTP and over the socket: what was asked for was done. */
  | { readonly what: "loseAnswer" }
  | { readonly what: "delayAnswer"; readonly ms: number }
  /** Frames of a socket. */
  | { readonly what: "loseFrame" }
  | { readonly what: "duplicateFrame" }
  | { readonly what: "delayFrame"; readonly ms: number }
  /** Goes behind the next frame of its socket. */
  | { readonly what: "reorderFrames" }
  /** The elements of its list come backwards; or each in a frame of its own. */
  | { readonly what: "reorderArray" }
  | { readonly what: "splitArray" }
  /** From then on `to.channel` says nothing for so long, while the others live. */
  | { readonly what: "staleChannel"; readonly ms: number }
  /** Nothing passes on the socket in either direction, and nothing closes. */
  | { readonly what: "halfOpen"; readonly ms: number }
  /** Instead of a frame or an answer the connection ends. 1006: without a close frame. */
  | { readonly what: "disconnect"; readonly code: number }
  /** Somebody else answers an HTTP request: instead of the exchange, or after it did its work. */
  | {
      readonly what: "httpStatus";
      readonly status: number;
      readonly body: "null" | "html";
      readonly executed: boolean;
    }
  /** A list read over HTTP keeps only its first elements. */
  | { readonly what: "truncatePage"; readonly keep: number };

/** When it may go wrong: all conditions together; none is always. */
export type PlannedWhen = {
  /** Ms since the faults began; `untilMs` itself is outside. */
  readonly afterMs?: number;
  readonly untilMs?: number;
  /** Blocks of the exchange: the first and the last one. */
  readonly fromBlock?: number;
  readonly toBlock?: number;
  /** Each n-th of what matches until here. */
  readonly every?: number;
  /** Above 0, at most 1. */
  readonly chance?: number;
};

/** To whom: all of them together; none is everybody. */
export type PlannedWhom = {
  readonly account?: Address;
  readonly signer?: Address;
  readonly channel?: string;
  /** "order", "cancel", "openOrders", …; of a channel's frame, its subscription. */
  readonly type?: string;
  readonly path?: "/info" | "/exchange" | "/ws";
};

export type PlannedFault = PlannedWrong & {
  readonly when: PlannedWhen;
  readonly to: PlannedWhom;
  /** How often at most. */
  readonly times?: number;
};

/** Misbehaviour as data. The first fault of the list that applies decides. */
export type FaultPlan = {
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
};

const WHOM = ["account", "signer", "channel", "type", "path"] as const;
type WhomKey = (typeof WHOM)[number];
const ACTION: readonly WhomKey[] = ["account", "signer", "type"];
const ANSWER: readonly WhomKey[] = ["account", "type", "path"];
const FRAME: readonly WhomKey[] = ["account", "channel", "type"];

/** Whom each kind of fault can tell apart. */
const APPLIES = {
  loseAction: ACTION,
  holdAction: ACTION,
  loseAnswer: ANSWER,
  delayAnswer: ANSWER,
  loseFrame: FRAME,
  duplicateFrame: FRAME,
  delayFrame: FRAME,
  reorderFrames: FRAME,
  reorderArray: FRAME,
  splitArray: FRAME,
  staleChannel: FRAME,
  halfOpen: FRAME,
  disconnect: ["account", "channel", "type", "path"],
  httpStatus: ANSWER,
  truncatePage: ["account", "type"],
} as const satisfies Record<PlannedWrong["what"], readonly WhomKey[]>;

const WHATS = [
  "loseAction",
  "holdAction",
  "loseAnswer",
  "delayAnswer",
  "loseFrame",
  "duplicateFrame",
  "delayFrame",
  "reorderFrames",
  "reorderArray",
  "splitArray",
  "staleChannel",
  "halfOpen",
  "disconnect",
  "httpStatus",
  "truncatePage",
] as const satisfies readonly PlannedWrong["what"][];

/** A day: longer waits are no test, and timers could not hold them. */
const MS = { min: 1, max: 86_400_000 };
const COUNT = { min: 1, max: 1_000_000_000 };
/** Close codes that an endpoint may send, and 1006 for none. */
const CLOSE_CODES = [1000, 1001, 1002, 1003, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];

/**
 * Reads a plan as somebody wrote it, in JSON.
 * @throws invalidOption that names the path of the first unknown key or bad value: `faults[2].when.chance`.
 */
export function readFaultPlan(value: unknown): FaultPlan {
  const plan = new PlanObject(value, "");
  const seed = plan.has("seed") ? plan.whole("seed", { min: 0, max: 2 ** 32 - 1 }) : 1;
  const faults = plan.objects("faults").map(readFault);
  plan.end();
  return { seed, faults };
}

function readFault(fault: PlanObject): PlannedFault {
  const wrong = readWrong(fault);
  const when = readWhen(fault.object("when"));
  const to = readWhom(fault.object("to"), wrong);
  const times = fault.has("times") ? { times: fault.whole("times", COUNT) } : {};
  fault.end();
  return { ...wrong, when, to, ...times };
}

function readWrong(fault: PlanObject): PlannedWrong {
  const what = fault.word("what", WHATS);
  switch (what) {
    case "holdAction":
      return fault.has("ms")
        ? { what, ms: fault.whole("ms", MS) }
        : { what, blocks: fault.whole("blocks", { min: 1, max: 1_000_000 }) };
    case "delayAnswer":
    case "delayFrame":
    case "staleChannel":
    case "halfOpen":
      return { what, ms: fault.whole("ms", MS) };
    case "disconnect":
      return { what, code: readCloseCode(fault) };
    case "httpStatus":
      return {
        what,
        status: fault.whole("status", { min: 200, max: 599 }),
        body: fault.word("body", ["null", "html"]),
        executed: fault.has("executed") && fault.flag("executed"),
      };
    case "truncatePage":
      return { what, keep: fault.whole("keep", { min: 0, max: 1_000_000 }) };
    case "loseAction":
    case "loseAnswer":
    case "loseFrame":
    case "duplicateFrame":
    case "reorderFrames":
    case "reorderArray":
    case "splitArray":
      return { what };
  }
}

function readCloseCode(fault: PlanObject): number {
  if (!fault.has("code")) return 1006;
  const code = fault.whole("code", { min: 1000, max: 4999 });
  if (code >= 3000 || CLOSE_CODES.includes(code)) return code;
  throw fault.refuse("code", "must be a close code that may be sent, or 1006");
}

function readWhen(when: PlanObject): PlannedWhen {
  const since = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const read: PlannedWhen = {
    ...(when.has("afterMs") ? { afterMs: when.whole("afterMs", since) } : {}),
    ...(when.has("untilMs") ? { untilMs: when.whole("untilMs", since) } : {}),
    ...(when.has("fromBlock") ? { fromBlock: when.whole("fromBlock", since) } : {}),
    ...(when.has("toBlock") ? { toBlock: when.whole("toBlock", since) } : {}),
    ...(when.has("every") ? { every: when.whole("every", COUNT) } : {}),
    ...(when.has("chance") ? { chance: when.chance("chance") } : {}),
  };
  when.end();
  checkOrder(when, read);
  return read;
}

function checkOrder(when: PlanObject, read: PlannedWhen): void {
  if ((read.untilMs ?? Number.POSITIVE_INFINITY) <= (read.afterMs ?? -1)) {
    throw when.refuse("untilMs", "must be after afterMs");
  }
  if ((read.toBlock ?? Number.POSITIVE_INFINITY) < (read.fromBlock ?? 0)) {
    throw when.refuse("toBlock", "must not be before fromBlock");
  }
}

function readWhom(to: PlanObject, wrong: PlannedWrong): PlannedWhom {
  const read: PlannedWhom = {
    ...(to.has("account") ? { account: to.address("account") } : {}),
    ...(to.has("signer") ? { signer: to.address("signer") } : {}),
    ...(to.has("channel") ? { channel: to.name("channel") } : {}),
    ...(to.has("type") ? { type: to.name("type") } : {}),
    ...(to.has("path") ? { path: to.word("path", ["/info", "/exchange", "/ws"]) } : {}),
  };
  to.end();
  checkWhom(to, wrong, read);
  return read;
}

/** A selector that the kind of fault cannot tell apart is refused: it would never apply, without a word. */
function checkWhom(to: PlanObject, wrong: PlannedWrong, read: PlannedWhom): void {
  const { what } = wrong;
  const applies: readonly WhomKey[] = APPLIES[what];
  for (const key of WHOM) {
    if (read[key] !== undefined && !applies.includes(key)) {
      throw to.refuse(key, `tells nothing apart for ${what}`);
    }
  }
  if (what === "staleChannel" && read.channel === undefined) {
    throw to.refuse("channel", "must be named for staleChannel");
  }
  if (what === "httpStatus" && read.path === "/ws") {
    throw to.refuse("path", "must be /info or /exchange for httpStatus");
  }
  if (what === "httpStatus" && read.account !== undefined && !wrong.executed) {
    throw to.refuse("account", "is known for httpStatus only when executed is true");
  }
}
