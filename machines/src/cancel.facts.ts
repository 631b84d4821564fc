import type { Cloid, CopyId } from "@cloister/model";
import type { CancelLegs, CancelWriteKind } from "./cancel.events.ts";

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

/** What we know of one cancel (or cancelMany). Also the machine's context. JSON-safe. */
export type CancelFacts = {
  readonly id: number;
  readonly targets: readonly { readonly cloid: Cloid; readonly ended: boolean }[];
  readonly timings: CancelTimings;
  /** 0 while queued; 1 is the first that is signed. */
  readonly attempt: number;
  /** What this attempt names. */
  readonly legs: CancelLegs | undefined;
  readonly writes: readonly CancelWrite[];
  /** This attempt can bring no more answers: its deadline passed, its connection went. */
  readonly abandoned: boolean;
  readonly stopped: boolean;
  readonly ended: "settled" | "refused" | undefined;
};
