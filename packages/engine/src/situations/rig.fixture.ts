import {
  type Alarm,
  type Answer,
  type Cloid,
  type ElementStatus,
  type Fill,
  ManualClock,
  type OrderReport,
  type OrderWord,
  parseCoin,
  parseDecimal,
  parseOid,
  readTid,
  type RejectCause,
  seededRandom,
  type Tick,
  type VenueFact,
} from "@cloister/model";
import type { Engine } from "../api.ts";
import type { Core } from "../core.ts";
import { startEngine } from "../create-engine.ts";
import type { EngineOptions } from "../options.ts";
import { ScriptedVenue } from "./scripted-venue.fixture.ts";

export type Rig = {
  readonly venue: ScriptedVenue;
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly core: Core;
  readonly ticks: readonly Tick[];
  readonly alarms: readonly Alarm[];
  /** Names of the alarms so far. */
  readonly alarmed: () => readonly string[];
};

/** Looks only when a test says so, and recovers at once: what is looked at otherwise has tests of its own. */
const QUIET = {
  barrierEveryMs: 0,
  reconcileOrdersMs: 0,
  reconcileAccountMs: 0,
  keyCheckMs: 0,
  marketsEveryMs: 0,
  stallMs: 0,
  budgetEveryMs: 0,
  // Its venue lives at whatever hour a test says.
  skewMaxMs: Number.MAX_SAFE_INTEGER,
};

/** An engine on a scripted venue and a clock that stands still, with all that it said. */
export async function rig(
  options: Partial<EngineOptions> = {},
  prepare: (venue: ScriptedVenue) => void = () => undefined,
): Promise<Rig> {
  const venue = new ScriptedVenue();
  const clock = new ManualClock();
  prepare(venue);
  const limits = { ...QUIET, ...options.limits };
  const starting = startEngine({ venue, clock, random: seededRandom(7), ...options, limits });
  // A silent venue opens the gate by no word: the start gives up waiting at its hour.
  if (venue.opens === "silent") {
    await Promise.resolve();
    clock.advanceBy(15_000);
  }
  const { engine, core } = await starting;
  const ticks: Tick[] = [];
  const alarms: Alarm[] = [];
  engine.ticks$.subscribe((tick) => ticks.push(tick));
  engine.alarms$.subscribe((alarm) => alarms.push(alarm));
  const alarmed = (): readonly string[] => alarms.map(({ name }) => name);
  return { venue, clock, engine, core, ticks, alarms, alarmed };
}

export const SPEC = {
  coin: "BTC",
  side: "buy",
  price: "64000",
  size: "0.001",
  tif: "Gtc",
} as const;

/** The venue's hour of everything in these tests, unless they say otherwise. */
export const AT = 1_700_000_000_000;

type ReportTerms = {
  readonly left?: string;
  readonly size?: string;
  readonly at?: number;
  readonly side?: "buy" | "sell";
  readonly reduceOnly?: boolean;
  readonly raw?: string;
};

/** What the stream or a read says of a leg. */
export function report(
  cloid: Cloid | undefined,
  oid: number,
  word: OrderWord,
  terms: ReportTerms = {},
): OrderReport {
  const { left = "0.001", size = "0.001", at = AT, side = "buy", reduceOnly, raw } = terms;
  return {
    coin: parseCoin("BTC"),
    oid: parseOid(oid),
    ...(cloid === undefined ? {} : { cloid }),
    side,
    price: parseDecimal("64000"),
    remaining: parseDecimal(left),
    size: parseDecimal(size),
    placedAt: at,
    word,
    raw: raw ?? word.kind,
    at,
    ...(reduceOnly === undefined ? {} : { reduceOnly }),
  };
}

export function told(...args: Parameters<typeof report>): VenueFact {
  return { type: "order", report: report(...args) };
}

export const OPEN = { kind: "open" } as const;
export const FILLED = { kind: "filled" } as const;
export const CANCELED = { kind: "canceled", cause: "requested" } as const;

type FillTerms = Partial<
  Record<"size" | "price" | "fee" | "startPosition", string> & {
    readonly at: number;
    readonly side: "buy" | "sell";
    readonly cloid: Cloid;
    readonly coin: string;
    readonly liquidation: { readonly method: string };
  }
>;

export function fillOf(oid: number, tid: number, terms: FillTerms = {}): Fill {
  const id = readTid(tid);
  if (id === undefined) throw new Error("a tid is a whole number");
  const { size = "0.001", price = "64000", fee = "0.01", startPosition = "0" } = terms;
  const { at = AT + 1, side = "buy", cloid, coin = "BTC", liquidation } = terms;
  return {
    coin: parseCoin(coin),
    oid: parseOid(oid),
    tid: id,
    ...(cloid === undefined ? {} : { cloid }),
    side,
    price: parseDecimal(price),
    size: parseDecimal(size),
    at,
    startPosition: parseDecimal(startPosition),
    fee: parseDecimal(fee),
    feeToken: "USDC",
    closedPnl: parseDecimal("0"),
    taker: false,
    direction: "Open Long",
    hash: "0x0",
    ...(liquidation === undefined ? {} : { liquidation }),
  };
}

/** A fill as the stream tells it. */
export function traded(oid: number, tid: number, terms: FillTerms = {}): VenueFact {
  return { type: "fill", fill: fillOf(oid, tid, terms), snapshot: false };
}

export function admitted(...statuses: readonly ElementStatus[]): Answer {
  return { admission: "admitted", statuses };
}

export function resting(oid: number, cloid?: Cloid): ElementStatus {
  return { kind: "resting", oid: parseOid(oid), ...(cloid === undefined ? {} : { cloid }) };
}

export function filledNow(oid: number, total: string): ElementStatus {
  const averagePrice = parseDecimal("64000");
  return { kind: "filled", oid: parseOid(oid), total: parseDecimal(total), averagePrice };
}

export function elementError(cause: RejectCause, text: string, wholeBatch = false): ElementStatus {
  return { kind: "error", cause, text, wholeBatch };
}

export const SUCCESS: ElementStatus = { kind: "success" };

/** Lets promises that are already decided reach who waits for them. */
export async function settled<T>(promise: Promise<T>): Promise<T | "open"> {
  const open = Promise.resolve().then(() => "open" as const);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return Promise.race([promise, open]);
}
