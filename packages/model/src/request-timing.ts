import type { Cloid } from "./cloid.ts";
import type { Source } from "./evidence.ts";
import type { Mouth } from "./venue.ts";

/** A moment of a request. */
export type TimingPoint = {
  /** Wall time, Unix ms. */
  readonly atMs: number;
  /** Since the command, on the monotonic hand, ms. */
  readonly afterMs: number;
};

export type TimedWrite = TimingPoint & {
  readonly mouth: Mouth;
  /** Largest block time seen when it left, ms. */
  readonly venueMs: number;
};

/** What first showed what came of the request. */
export type TimedEvidence = TimingPoint & {
  readonly by: Source;
  /** The evidence's own hour at the venue, ms, where it has one. */
  readonly venueMs?: number;
};

/** How long each step of a request took. A step that was not taken (yet) is absent. JSON-safe. */
export type RequestTiming = {
  readonly request: number;
  readonly kind: "place" | "modify" | "cancel";
  readonly cloids: readonly Cloid[];
  readonly command: TimingPoint;
  /** The first signature, write and answer; of a cancel, those of its first attempt. */
  readonly signed?: TimingPoint;
  readonly written?: TimedWrite;
  readonly answered?: TimingPoint;
  readonly evidence?: TimedEvidence;
};
