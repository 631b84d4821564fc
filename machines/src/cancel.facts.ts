import type { Cloid, CopyId } from "@cloister/model";
import type { CancelLegs, CancelWriteKind, CloidTarget } from "./cancel.events.ts";

/** Every duration a cancel is patient for, ms. */
export type CancelTimings = {
  readonly requestTimeoutMs: number;
  readonly signTimeoutMs: number;
  /** Pause before the first retry, doubled up to the second. */
  readonly paceMs: number;
  readonly paceMaxMs: number;
  /** From the attempt at which it counts as stuck. */
  readonly slowPaceMs: number;
  readonly stuckAttempts: number;
};

export const CANCEL_TIMINGS: CancelTimings = {
  requestTimeoutMs: 5_000,
  signTimeoutMs: 1_000,
  paceMs: 1_000,
  paceMaxMs: 10_000,
  slowPaceMs: 30_000,
  stuckAttempts: 10,
};

/** One of the two writes of the present attempt. */
export type CancelWrite = {
  readonly kind: CancelWriteKind;
  readonly signed: boolean;
  readonly copy: CopyId | undefined;
  /** Answered, failed, or never signed: nothing more is awaited of it. */
  readonly done: boolean;
};

export type CancelCopy = { readonly copy: CopyId; readonly named: readonly CloidTarget[] };

/** So many copies are remembered for late answers. */
export const CANCEL_COPIES_MAX = 16;

/** What we know of one cancel (or cancelMany). Also the machine's context. JSON-safe. */
export type CancelFacts = {
  readonly id: number;
  readonly targets: readonly { readonly cloid: Cloid; readonly ended: boolean }[];
  readonly timings: CancelTimings;
  /** It took a slot: a restart goes on without one. */
  readonly granted: boolean;
  /** 0 while queued; 1 is the first that is signed. */
  readonly attempt: number;
  /** What this attempt names. */
  readonly legs: CancelLegs | undefined;
  readonly writes: readonly CancelWrite[];
  /** What the latest copies named, in the order of their elements: an answer may come after the next attempt. */
  readonly sent: readonly CancelCopy[];
  /** This attempt can bring no more answers: its deadline passed, its connection went. */
  readonly abandoned: boolean;
  readonly stopped: boolean;
  readonly ended: "settled" | "refused" | undefined;
};

/** What it takes to open a cancel of one order or of many. */
export type CancelSpec = {
  readonly id: number;
  readonly cloids: readonly Cloid[];
  readonly timings?: Partial<CancelTimings>;
};

/** A cancel as it enters the queue. */
export function openCancel({ id, cloids, timings }: CancelSpec): CancelFacts {
  return {
    id,
    targets: cloids.map((cloid) => ({ cloid, ended: false })),
    timings: timings === undefined ? CANCEL_TIMINGS : { ...CANCEL_TIMINGS, ...timings },
    granted: false,
    attempt: 0,
    legs: undefined,
    writes: [],
    sent: [],
    abandoned: false,
    stopped: false,
    ended: undefined,
  };
}

/** The facts with these changes. */
export function renew(facts: CancelFacts, news: Partial<CancelFacts>): CancelFacts {
  return Object.assign({ ...facts }, news);
}
