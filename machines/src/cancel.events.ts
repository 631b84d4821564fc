import type { Cloid, Coin, CopyId, Mouth, Oid } from "@cloister/model";

/** A leg to cancel by its oid. */
export type OidTarget = { readonly coin: Coin; readonly cloid: Cloid; readonly oid: Oid };
/** An order to cancel by cloid. `oid`: the only leg that can be live, when that is known. */
export type CloidTarget = { readonly coin: Coin; readonly cloid: Cloid; readonly oid?: Oid };

/** What to name now: every live leg by oid, and the cloid while a leg is unknown. */
export type CancelLegs = {
  readonly byOid: readonly OidTarget[];
  readonly byCloid: readonly CloidTarget[];
  /** The mouth of the unanswered place or modify while that is up, else the other. */
  readonly mouth: Mouth;
};

/** The two writes of one cancel, each with its own nonce. */
export type CancelWriteKind = "cancel" | "cancelByCloid";

/** One status of a cancel's answer. Anything but success says nothing of the order. */
export type CancelOutcome = "success" | "error";

/** All that can happen to a cancel. `atMs` monotonic, `venueTime` venue time, both ms. */
export type CancelEvent = { readonly atMs: number } & (
  | { readonly type: "slot.granted"; readonly legs: CancelLegs }
  /** The order is terminal and every place and modify of it is answered, settled or refused. */
  | { readonly type: "target.ended"; readonly cloid: Cloid }
  | { readonly type: "request.signed"; readonly attempt: number; readonly write: CancelWriteKind }
  | {
      readonly type: "sign.failed";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly reason: string;
    }
  /** Told before the bytes are given to the venue, which may answer at once. */
  | {
      readonly type: "copy.written";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly copy: CopyId;
    }
  /** Any answer: statuses in the order of the write's targets, none when it was not admitted. */
  | {
      readonly type: "copy.answered";
      readonly copy: CopyId;
      readonly outcomes: readonly CancelOutcome[];
      readonly venueTime: number;
    }
  | { readonly type: "send.failed"; readonly copy: CopyId }
  | { readonly type: "deadline.passed" }
  | { readonly type: "connection.lost" }
  | { readonly type: "deadline.retry"; readonly legs: CancelLegs }
  /** `legs`: what to name now, for a cancel that was still queued. */
  | { readonly type: "engine.restarted"; readonly legs: CancelLegs }
  | { readonly type: "engine.stopped" }
);

export type CancelEventType = CancelEvent["type"];

export type CancelEventOf<T extends CancelEventType> = Extract<CancelEvent, { readonly type: T }>;
