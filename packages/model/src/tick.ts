import type { Alarm } from "./alarms.ts";
import type { Certificate } from "./certificate.ts";
import type { Cloid } from "./cloid.ts";
import type { Command } from "./commands.ts";
import type { Decimal } from "./decimal.ts";
import type { OrderEvent } from "./evidence.ts";
import type { Address, Oid } from "./ids.ts";
import type { Market } from "./market.ts";
import type { OrderState } from "./order-words.ts";
import type { SignedAction, VenueFact } from "./venue.ts";

/** What time asks of the engine. Deadlines arrive in the inbox like all else, so a replay needs no clock. */
export type Deadline =
  | { readonly kind: "queue"; readonly request: number }
  | { readonly kind: "request"; readonly request: number }
  | { readonly kind: "sign"; readonly request: number }
  | { readonly kind: "look"; readonly request: number }
  | { readonly kind: "expiry"; readonly request: number }
  | { readonly kind: "retry"; readonly request: number }
  | { readonly kind: "ledger"; readonly cloid: Cloid }
  | { readonly kind: "ask"; readonly cloid: Cloid }
  | { readonly kind: "reap"; readonly cloid: Cloid }
  | { readonly kind: "read"; readonly read: number }
  /** The next look of a kind: open orders, positions and fills, or all of it. */
  | { readonly kind: "survey"; readonly what: "orders" | "account" | "all" }
  /** Streams that should have spoken by now. */
  | { readonly kind: "silence" }
  /** The next reading of the budgets, or room in them for what waits: requests, reads. */
  | { readonly kind: "budget"; readonly what: "read" | "wake" | "weight" }
  /** The next reading of what changes slowly: the key's permission, the markets. */
  | { readonly kind: "watch"; readonly what: "key" | "markets" }
  /** A timer came so much too late, ms: the process stood still. */
  | { readonly kind: "stalled"; readonly lateMs: number }
  | { readonly kind: "sweep"; readonly command: number }
  | { readonly kind: "recovery"; readonly attempt: number };

/** Everything that enters the engine: one at a time, numbered, journaled, run to completion. */
export type Input =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "venue"; readonly facts: readonly VenueFact[]; readonly raw?: string }
  | { readonly kind: "signed"; readonly attempt: number; readonly signed: SignedAction }
  | { readonly kind: "signFailed"; readonly attempt: number; readonly reason: string }
  | { readonly kind: "deadline"; readonly deadline: Deadline }
  /** A life of the process begins: first in its records. What an earlier life left on its way is doubtful from here on. */
  | { readonly kind: "started"; readonly start: Start }
  /** The journal takes records again: what was numbered meanwhile is in none of them. */
  | { readonly kind: "mended"; readonly numbers: Numbers }
  /** A subscriber of a stream threw; each text once. */
  | { readonly kind: "subscriberFailed"; readonly text: string };

/** The largest of each kind that was given out. */
export type Numbers = {
  readonly command: number;
  readonly attempt: number;
  readonly copy: number;
  readonly read: number;
};

/** What an engine was given that none of its other inputs tells: with it, a replay needs no network and no options. */
export type Start = {
  readonly venue: string;
  readonly network?: string;
  readonly account: Address;
  /** The engine's own options, as plain JSON. */
  readonly options: unknown;
  readonly markets: readonly Market[];
  /** What of earlier lives could not be read, in words. */
  readonly lost?: readonly string[];
};

/** One order's step, with the evidence for it. Sizes in base units. */
export type Change = {
  readonly cloid: Cloid;
  readonly from: OrderState | "new";
  readonly to: OrderState;
  /** What moved it; for a new order, the command. */
  readonly evidence:
    | OrderEvent
    | { readonly type: "command.place"; readonly command: number }
    /** The venue listed it and nobody here had placed it. */
    | { readonly type: "venue.adopted"; readonly oid: Oid };
  readonly filled: Decimal;
  readonly leaves: Decimal;
  readonly alarms: readonly Alarm[];
};

/**
 * By what a doubtful request was decided: an answer that came after all, a stream or a read that showed what it made,
 * a noop, reads that proved the absence, the expiry, refusals of every copy, or that no byte ever left.
 */
export type DoubtMeans =
  | "answer"
  | "orderUpdates"
  | "userFills"
  | "openOrders"
  | "orderStatus"
  | "fillsRead"
  | "noop"
  | "absence"
  | "expired"
  | "notAdmitted"
  | "neverSent";

/** One doubt that ended: how long nobody knew, and what decided. */
export type DoubtEnded = {
  readonly request: number;
  readonly kind: "place" | "modify";
  readonly cloids: readonly Cloid[];
  readonly by: DoubtMeans;
  /** From the moment it became doubtful until it was certain. */
  readonly tookMs: number;
};

/** The whole truth, numbered and replayable. JSON-safe; decimals are opaque (`formatDecimal` reads them). */
export type Tick = {
  readonly sequence: number;
  /** Wall time, Unix ms. */
  readonly atMs: number;
  readonly input: Input;
  readonly changes: readonly Change[];
  /** Alarms of this input that belong to no single change. */
  readonly alarms: readonly Alarm[];
  /** Doubts that this input ended; absent when there were none. */
  readonly doubts?: readonly DoubtEnded[];
  /** Looks at the venue that ended with this input: recoveries, and those that somebody asked for. */
  readonly certificates?: readonly Certificate[];
};
