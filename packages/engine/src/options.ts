import {
  type Clock,
  invalidOption,
  type Journal,
  type Logger,
  type Random,
  type Venue,
} from "@cloister/model";
import type { ReferencePrice, RiskOptions } from "./restraints/risk-options.ts";
import type { InspectionEvent, Observer } from "xstate";

/** Numbers that bound what the engine does. All times in ms. */
export type Limits = {
  readonly [name in keyof typeof DEFAULT_LIMITS]: number;
};

/** Every limit with its default and its reason. The README table is generated from this list. */
export const LIMIT_DOCS = {
  restWeight: "Weight of HTTP requests per minute that the venue takes of our network address.",
  socketMessages: "Messages by socket per minute that the venue takes of our network address.",
  postsMax: "Posts by socket that may await their answer.",
  openOrdersBase:
    "Open orders of the account; from here on reduce-only and trigger orders are refused.",
  openOrdersMax: "Open orders that no traded volume lifts; each 5 million USDC allow one more.",
  addressReserve:
    "Requests of the account's budget that places leave to what must not wait; at most a tenth of it.",
  budgetEveryMs: "How often the account's budget is read, and at each connect. 0: never.",
  budgetLowMs: "An alarm is raised when a budget runs out within so long at the present rate.",
  skewMaxMs: "How far the local clock and the venue's may be apart. Beyond, places wait.",
  inFlightMax: "Places and modifies on the wire at once.",
  cancelReserve: "Requests on top of inFlightMax that only cancels may use.",
  queueMs: "How long a place or modify may wait for a slot before it ends expiredInQueue.",
  requestTimeoutMs: "From the slot's grant; then the request is doubtful.",
  signTimeoutMs: "How long the signer may take.",
  expiresAfterMs: "How long after the command the venue may take it, in venue time.",
  expiryMarginMs: "Venue time beyond expiresAfter before the door counts as closed.",
  landWithinMs:
    'How long after the command the same bytes may go by the other mouth (onDoubt: "land").',
  restOnlyAfter: "Posts in a row that fail by socket before they go by REST.",
  restCooldownMs: "How long posts go by REST before one tries the socket again.",
  postOnlyPauseMs: "How long takers are refused here after the venue took post-only orders only.",
  readTimeoutMs: "A read that nobody answers has failed after so long.",
  readAgainMs: "A read that nobody answered by then is asked once more. 0: never.",
  barrierEveryMs: "A connection that flaps costs one recovery in so long.",
  recoveryBufferMax: "Private events held back while a recovery reads.",
  reconcileOrdersMs:
    "How often open orders are compared with the venue's list; above four dexes less often in proportion. 0: never.",
  reconcileAccountMs: "How often positions and fills are compared with the venue's. 0: never.",
  fillOverlapMs:
    "Fills are read again from so long before the last whole window, in venue time; less where that would be more than 400 rows, but never less than readLagMs.",
  readLagMs:
    "How far a read may lag behind the venue: what showed itself so lately is not judged absent.",
  silenceMs:
    "How long a stream may leave untold what a list or a read shows, before it is given up.",
  settleMs: "Between two reads that decide together.",
  ledgerGiveUpMs: "After this much live connection a ledger with missing fills is incomplete.",
  reapGraceMs: "How long an ended order with a decided ledger stays before it is reaped.",
  lookFirstMs: "Pace of the first looks at a doubtful request; doubles up to lookMaxMs.",
  lookMaxMs: "Slowest ordinary pace of looks.",
  doubtMs:
    "A request doubtful for so long is alarmed and told as unresolved; it is asked slowly from then on. Reads that fail for so long are alarmed too.",
  startTimeoutMs: "How long createEngine waits for the gate to open the first time.",
  cancelAllMs: "How long cancelAll and close may take by default.",
  tombstones: "Ended orders that still answer late events.",
  strangersMax: "Orders on the account that are not ours, remembered.",
  fillKeysMax:
    "Fills remembered for booking each once; more than that is alarmed when their window was not read whole.",
  keyCheckMs: "How often it is read until when the key may sign (weight 20 to 80). 0: never.",
  marketsEveryMs:
    "How often the markets are read anew, and once in between after a refusal that may mean other rules (weight 60, and 20 per builder dex). 0: never.",
  stallMs:
    "A timer that comes so much too late tells that the process stood still. 0: it is not watched.",
  slowTicks: "Ticks kept for a subscriber that resumes.",
  batchMax: "Orders or cancels in one request (protocol §6.3).",
} as const;

export const DEFAULT_LIMITS = {
  restWeight: 1_200,
  socketMessages: 2_000,
  postsMax: 100,
  openOrdersBase: 1_000,
  openOrdersMax: 5_000,
  addressReserve: 100,
  budgetEveryMs: 60_000,
  budgetLowMs: 300_000,
  skewMaxMs: 2_000,
  inFlightMax: 64,
  cancelReserve: 16,
  queueMs: 1_000,
  requestTimeoutMs: 5_000,
  signTimeoutMs: 1_000,
  expiresAfterMs: 10_000,
  expiryMarginMs: 2_000,
  landWithinMs: 1_500,
  restOnlyAfter: 5,
  restCooldownMs: 60_000,
  postOnlyPauseMs: 10_000,
  readTimeoutMs: 30_000,
  readAgainMs: 2_000,
  barrierEveryMs: 5_000,
  recoveryBufferMax: 10_000,
  reconcileOrdersMs: 10_000,
  reconcileAccountMs: 30_000,
  fillOverlapMs: 30_000,
  readLagMs: 10_000,
  silenceMs: 5_000,
  settleMs: 2_000,
  ledgerGiveUpMs: 60_000,
  reapGraceMs: 2_000,
  lookFirstMs: 1_000,
  lookMaxMs: 10_000,
  doubtMs: 60_000,
  startTimeoutMs: 15_000,
  cancelAllMs: 10_000,
  tombstones: 200_000,
  strangersMax: 10_000,
  fillKeysMax: 500_000,
  keyCheckMs: 3_600_000,
  marketsEveryMs: 300_000,
  stallMs: 1_000,
  slowTicks: 10_000,
  batchMax: 200,
} as const satisfies { readonly [name in keyof typeof LIMIT_DOCS]: number };

/** Of which none may be meant. The others would stop the engine, or let it ask without a pause. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set([
  "addressReserve",
  "budgetEveryMs",
  "budgetLowMs",
  "cancelReserve",
  "keyCheckMs",
  "marketsEveryMs",
  "stallMs",
  "queueMs",
  "readAgainMs",
  "barrierEveryMs",
  "reconcileOrdersMs",
  "reconcileAccountMs",
  "fillOverlapMs",
  "expiryMarginMs",
  "ledgerGiveUpMs",
  "reapGraceMs",
  "tombstones",
  "strangersMax",
] satisfies readonly (keyof typeof LIMIT_DOCS)[]);

export type EngineOptions = {
  /** Where orders go: `hyperliquid(...)`, or any other implementation of the port. */
  readonly venue: Venue;
  /** The record of every input. Without one, nothing survives the process. */
  readonly journal?: Journal;
  readonly limits?: Partial<Limits>;
  /** What no order of ours may go beyond. Nothing by default. */
  readonly risk?: RiskOptions;
  /** What a coin is worth now, in quote: asked at each place and modify, for `risk.priceBand`. */
  readonly referencePrice?: ReferencePrice;
  /** What becomes of an order that had ended and lives again at the venue. Default "cancel". */
  readonly onRevived?: "cancel" | "keep";
  /** What becomes of an excess after a fill raced a modify: told, or also taken off again. Default "report". */
  readonly onExcess?: "report" | "reduce";
  /** Open orders on the account that carry no mark of ours: watched, or taken into the book. Default "watch". */
  readonly strangers?: "watch" | "adopt";
  /** A pino logger, or anything of its shape. Silent by default. */
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Seeded in tests only: cloids come from it. */
  readonly random?: Random;
  /** Receives XState's inspection events of every actor. Without it inspection costs nothing. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
};

const OPTIONS = {
  venue: true,
  journal: true,
  limits: true,
  risk: true,
  referencePrice: true,
  onRevived: true,
  onExcess: true,
  strangers: true,
  logger: true,
  clock: true,
  random: true,
  inspect: true,
} as const satisfies { readonly [option in keyof EngineOptions]-?: true };

/** What the engine does by itself when the venue surprises it. */
export type Policies = Required<Pick<EngineOptions, "onRevived" | "onExcess" | "strangers">>;

/** @throws invalidOption */
export function policiesOf({
  onRevived,
  onExcess,
  strangers,
}: Pick<EngineOptions, "onRevived" | "onExcess" | "strangers">): Policies {
  return {
    onRevived: choice("onRevived", onRevived ?? "cancel", ["cancel", "keep"]),
    onExcess: choice("onExcess", onExcess ?? "report", ["report", "reduce"]),
    strangers: choice("strangers", strangers ?? "watch", ["watch", "adopt"]),
  };
}

function choice<T extends string>(name: string, given: T, known: readonly T[]): T {
  if (known.includes(given)) return given;
  throw invalidOption(name, given, `must be one of ${known.join(", ")}`);
}

/** For callers without types. @throws invalidOption for what is no option, or no venue. */
export function checkOptions(options: EngineOptions): void {
  const given: unknown = options;
  if (typeof given !== "object" || given === null) {
    throw invalidOption("options", given, "must be an object with a venue");
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw invalidOption(
        name,
        "…",
        `is not an option; known are ${Object.keys(OPTIONS).join(", ")}`,
      );
    }
  }
  const venue: unknown = options.venue;
  const isVenue =
    typeof venue === "object" && venue !== null && "open" in venue && "write" in venue;
  if (!isVenue) {
    throw invalidOption("venue", venue, "must be a venue, such as hyperliquid(…) makes");
  }
}

/** @throws invalidOption for a limit that is unknown, not a whole number, or too small. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw invalidOption(`limits.${name}`, value, "is not an option");
    }
    const least = MAY_BE_ZERO.has(name) ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least) {
      throw invalidOption(`limits.${name}`, value, `must be a whole number of at least ${least}`);
    }
  }
  return { ...DEFAULT_LIMITS, ...given };
}
