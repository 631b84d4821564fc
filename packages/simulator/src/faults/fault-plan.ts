import { COUNT, type FaultKind, type PlannedWhom, WHOM } from "./fault-kind.ts";
import { KINDS } from "./kinds/table.ts";
import { WrittenObject } from "../written-object.ts";

type Kinds = typeof KINDS;
type WrongOf<Kind> = Kind extends FaultKind<infer Wrong> ? Wrong : never;

/** The names of what can go wrong. */
export type FaultName = keyof Kinds;

/** What goes wrong, with its parameters. Durations in ms. */
export type PlannedWrong = {
  [What in FaultName]: { readonly what: What } & WrongOf<Kinds[What]>;
}[FaultName];

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
  /** The first of what matches in each so many ms. */
  readonly everyMs?: number;
  /** The first of what matches after a time that is drawn, so many ms on average. */
  readonly meanMs?: number;
  /** Above 0, at most 1. */
  readonly chance?: number;
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

/** Every kind by its name, in the order of the papers. */
export const FAULT_NAMES: readonly string[] = Object.keys(KINDS);

/** What a kind of fault is. */
export function kindOf(what: FaultName): FaultKind<object> {
  return KINDS[what];
}

/** Every kind as the papers list it. */
export const FAULT_PAPERS = Object.entries(KINDS).map(([what, { paper, to, inside }]) => ({
  what,
  ...paper,
  to,
  /** Only an exchange can do it, and no proxy. */
  inside: inside === true,
}));

/**
 * Reads a plan that was written as JSON.
 * @throws invalidOption that names the path of the first unknown key or bad value: `faults[2].when.chance`.
 */
export function readFaultPlan(value: unknown): FaultPlan {
  const plan = new WrittenObject(value, "", "plan");
  const seed = plan.has("seed") ? plan.whole("seed", { min: 0, max: 2 ** 32 - 1 }) : 1;
  const faults = plan.objects("faults").map(readFault);
  plan.end();
  return { seed, faults };
}

function readFault(fault: WrittenObject): PlannedFault {
  const wrong = readWrong(fault);
  const when = readWhen(fault.object("when"));
  const to = readWhom(fault.object("to"), wrong);
  const times = fault.has("times") ? { times: fault.whole("times", COUNT) } : {};
  fault.end();
  return { ...wrong, when, to, ...times };
}

function readWrong(fault: WrittenObject): PlannedWrong {
  const what = fault.word("what", FAULT_NAMES);
  if (!isFaultName(what)) throw fault.refuse("what", "is not known here");
  const wrong = { what, ...KINDS[what].read(fault) };
  if (isWrong(wrong)) return wrong;
  throw fault.refuse("what", "is not known here");
}

function isFaultName(what: string): what is FaultName {
  return Object.hasOwn(KINDS, what);
}

/** What its kind has read is of its kind. */
function isWrong(wrong: { readonly what: FaultName }): wrong is PlannedWrong {
  return isFaultName(wrong.what);
}

const SINCE = { min: 0, max: Number.MAX_SAFE_INTEGER };

function readWhen(when: WrittenObject): PlannedWhen {
  const read: PlannedWhen = {
    ...(when.has("afterMs") ? { afterMs: when.whole("afterMs", SINCE) } : {}),
    ...(when.has("untilMs") ? { untilMs: when.whole("untilMs", SINCE) } : {}),
    ...(when.has("fromBlock") ? { fromBlock: when.whole("fromBlock", SINCE) } : {}),
    ...(when.has("toBlock") ? { toBlock: when.whole("toBlock", SINCE) } : {}),
    ...(when.has("every") ? { every: when.whole("every", COUNT) } : {}),
    ...(when.has("everyMs") ? { everyMs: when.whole("everyMs", COUNT) } : {}),
    ...(when.has("meanMs") ? { meanMs: when.whole("meanMs", COUNT) } : {}),
    ...(when.has("chance") ? { chance: when.chance("chance") } : {}),
  };
  when.end();
  checkWhen(when, read);
  return read;
}

function checkWhen(when: WrittenObject, read: PlannedWhen): void {
  if ((read.untilMs ?? Number.POSITIVE_INFINITY) <= (read.afterMs ?? -1)) {
    throw when.refuse("untilMs", "must be after afterMs");
  }
  if ((read.toBlock ?? Number.POSITIVE_INFINITY) < (read.fromBlock ?? 0)) {
    throw when.refuse("toBlock", "must not be before fromBlock");
  }
  if (read.everyMs !== undefined && read.meanMs !== undefined) {
    throw when.refuse("meanMs", "says something else than everyMs");
  }
}

function readWhom(to: WrittenObject, wrong: PlannedWrong): PlannedWhom {
  const read: PlannedWhom = {
    ...(to.has("account") ? { account: to.address("account") } : {}),
    ...(to.has("signer") ? { signer: to.address("signer") } : {}),
    ...(to.has("channel") ? { channel: to.name("channel") } : {}),
    ...(to.has("type") ? { type: to.name("type") } : {}),
    ...(to.has("path") ? { path: to.word("path", ["/info", "/exchange", "/ws"]) } : {}),
    ...(to.has("contains") ? { contains: to.name("contains") } : {}),
  };
  to.end();
  checkWhom(to, wrong, read);
  return read;
}

/** A selector that the kind of fault cannot tell apart is refused: it would never apply, without a word. */
function checkWhom(to: WrittenObject, wrong: PlannedWrong, read: PlannedWhom): void {
  const kind = kindOf(wrong.what);
  for (const key of WHOM) {
    if (read[key] !== undefined && !kind.to.includes(key)) {
      throw to.refuse(key, `tells nothing apart for ${wrong.what}`);
    }
  }
  kind.check?.(to, read, wrong);
}
