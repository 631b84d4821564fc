import type { AlarmName } from "./alarms.ts";
import type { Cloid } from "./cloid.ts";
import type { OrderView } from "./engine-ports.ts";
import type { Source } from "./evidence.ts";
import type { Coin } from "./ids.ts";
import type { Cause, OrderState, Side } from "./order-words.ts";
import type { Change, Deadline } from "./tick.ts";
import type { Mouth } from "./venue.ts";

/** One piece of evidence that moved an order, or taught us something of it. */
export type EvidenceLine = {
  /** The tick that carries it whole. */
  readonly sequence: number;
  readonly type: Change["evidence"]["type"];
  readonly source: Source;
  /** The venue's own time of it, ms, where it has one. */
  readonly venueAtMs?: number;
  readonly from: OrderState | "new";
  readonly to: OrderState;
  readonly text: string;
};

export type LegLine = {
  readonly oid: number;
  readonly state: "unseen" | "open" | "triggered" | "ended";
  readonly price?: string;
  readonly size?: string;
  readonly filled: string;
  /** How it ended, by the venue's word or by proof. */
  readonly ended?: string;
  /** Venue time, ms. */
  readonly endedAtMs?: number;
};

/** Whether something of a request can still land. `by`: what closed it, or what would. */
export type DoorLine = { readonly open: boolean; readonly by: string };

/** What happens by itself, and in how many ms. */
export type NextStep = {
  readonly deadline: Deadline["kind"];
  readonly inMs: number;
  readonly text: string;
};

export type RequestLine = {
  readonly id: number;
  readonly kind: "place" | "modify" | "cancel";
  readonly state: string;
  /** Each write: by which mouth, how long ago, and what was answered. */
  readonly copies: readonly {
    readonly copy: number;
    readonly of: "request" | "noop";
    readonly mouth: Mouth;
    readonly agoMs?: number;
    readonly answer?: string;
  }[];
  /** Of places and modifies. */
  readonly door?: DoorLine;
  readonly waitsFor: readonly string[];
};

export type ToldAlarm = {
  readonly sequence: number;
  readonly name: AlarmName;
  readonly text: string;
  /** What to do about it. */
  readonly advice: string;
};

/** Why an order is in its state, what is awaited, and what happens next. */
export type TrackedExplanation = {
  readonly kind: "tracked";
  readonly cloid: Cloid;
  /** Wall time, Unix ms. */
  readonly atMs: number;
  /** The engine's latest tick. */
  readonly sequence: number;
  readonly order: OrderView;
  /** Of an order that was not placed here: ours by mark, or a stranger's. */
  readonly found?: "ours" | "stranger";
  readonly why: string;
  /** Oldest first. The first one and the latest are kept; `evidenceForgotten` counts those between. */
  readonly evidence: readonly EvidenceLine[];
  readonly evidenceForgotten: number;
  readonly legs: readonly LegLine[];
  readonly requests: readonly RequestLine[];
  readonly waitsFor: readonly string[];
  /** Soonest first. */
  readonly next: readonly NextStep[];
  readonly ledger: {
    readonly state: OrderView["ledger"];
    /** Executed by the venue's word, and not in any fill yet. Base units. */
    readonly missing: string;
  };
  /** What it may still add to the position, at most, base units; both legs of a modify. */
  readonly exposure: { readonly coin: Coin; readonly side: Side; readonly most: string };
  readonly alarms: readonly ToldAlarm[];
};

/** An answer to "why?" about one cloid. JSON-safe. */
export type Explanation =
  | TrackedExplanation
  /** It ended and left the book. */
  | {
      readonly kind: "reaped";
      readonly cloid: Cloid;
      readonly tag?: string;
      readonly coin: Coin;
      readonly state: OrderState;
      readonly cause?: Cause;
      readonly filled: string;
      readonly oids: readonly number[];
      /** Wall time at which it left, Unix ms, and the tick that says so: the journal has the rest. */
      readonly reapedAtMs: number;
      readonly sequence: number;
      readonly why: string;
    }
  /** An order on the account that is not ours and not in the book. */
  | {
      readonly kind: "stranger";
      readonly cloid: Cloid;
      readonly coin: Coin;
      readonly oid: number;
      readonly told: readonly { readonly type: string; readonly text: string }[];
      readonly why: string;
    }
  | { readonly kind: "unknown"; readonly cloid: string; readonly why: string };
