import type {
  Cloid,
  CopyId,
  Decimal,
  Mouth,
  NeverLandedBy,
  NotAdmittedReason,
  Oid,
  RefuseCause,
  RejectCause,
  Source,
} from "@cloister/model";

/** What became of one child. `at` is venue time, ms. */
export type Verdict =
  | { readonly kind: "accepted"; readonly oid: Oid; readonly at: number }
  | {
      readonly kind: "filled";
      readonly oid: Oid;
      readonly total: Decimal;
      readonly averagePrice?: Decimal;
      readonly at: number;
    }
  | { readonly kind: "waiting"; readonly waitsFor: "parent" | "trigger" }
  /** An element error of an admitted answer. */
  | { readonly kind: "refused"; readonly cause: RejectCause; readonly text: string }
  | {
      readonly kind: "neverLanded";
      readonly by: NeverLandedBy;
      readonly cause?: RefuseCause;
      readonly text?: string;
    };

/** What a `noop` on the request's nonce came to. `lost`: no usable answer. */
export type NoopOutcome = "ok" | "nonceSpent" | "notAdmitted" | "lost";

/**
 * All that can happen to a request: a closed set. `atMs` and `begunAt` are the engine's monotonic ms, `at` and
 * `venueTime` are venue time (largest block time seen), `child` is an index into the children.
 */
export type RequestEvent = { readonly atMs: number } & (
  | { readonly type: "slot.granted" }
  | {
      readonly type: "request.signed";
      /** Whether the gate lets it pass now, and if not, why. */
      readonly gate: boolean;
      readonly why?: RefuseCause;
      readonly nonce: number;
      readonly venueTime: number;
      readonly expiresAfter?: number;
      /** Monotonic ms after which a first byte must not leave any more. */
      readonly notAfterMs?: number;
      /** The mouth of the first write: "socket" when absent. */
      readonly mouth?: Mouth;
    }
  | { readonly type: "sign.failed"; readonly reason: string }
  /** `cause`: what it waited for, when that was no slot. */
  | { readonly type: "queue.expired"; readonly cause?: RefuseCause }
  /** This child is no longer wanted, and not a byte has left: the others go without it. */
  | { readonly type: "child.withdrawn"; readonly child: number }
  /** The caller, a cancel, cancelAll or close no longer wants it. */
  | { readonly type: "command.withdraw"; readonly cause?: RefuseCause }
  | { readonly type: "halted" }
  /** Told before the bytes are given to the venue, which may answer at once. */
  | {
      readonly type: "copy.written";
      readonly copy: CopyId;
      readonly mouth: Mouth;
      readonly venueTime: number;
    }
  | { readonly type: "noop.written"; readonly copy: CopyId }
  | {
      readonly type: "send.failed";
      readonly copy: CopyId;
      readonly of: "copy" | "noop";
      readonly written: "never" | "maybe";
      readonly gate: boolean;
    }
  | { readonly type: "connection.lost" }
  /** The request's own deadline, counted from the slot's grant. */
  | { readonly type: "deadline.passed" }
  | {
      readonly type: "answer.admitted";
      readonly copy: CopyId;
      /** One per child, in order; null where the answer could not be mapped. */
      readonly verdicts: readonly (Verdict | null)[];
    }
  | {
      readonly type: "answer.notAdmitted";
      readonly copy: CopyId;
      readonly mouth: Mouth;
      readonly reason: NotAdmittedReason;
      readonly text: string;
    }
  | {
      readonly type: "answer.nonceSpent";
      readonly copy: CopyId;
      readonly how: "duplicate" | "tooLow";
      readonly text: string;
    }
  | { readonly type: "answer.expired"; readonly copy: CopyId; readonly text: string }
  | { readonly type: "answer.unknown"; readonly copy: CopyId; readonly text: string }
  | { readonly type: "noop.answered"; readonly copy: CopyId; readonly outcome: NoopOutcome }
  /** Venue time moved on: `venueTime` is the largest seen. The request judges whether it is beyond its expiry. */
  | { readonly type: "expiry.passed"; readonly venueTime: number }
  /** By our clock the expiry should have passed. When venue time is not there yet, it is asked. */
  | { readonly type: "expiry.due"; readonly venueTime: number }
  /** Evidence from a stream. `at`: when the venue placed it, else the time of the fill. */
  | {
      readonly type: "child.landed";
      readonly child: number;
      readonly oid: Oid;
      readonly at: number;
      /** Who showed it, for the record. */
      readonly source?: Source;
    }
  /** The pace of noops and looks. */
  | { readonly type: "look.due" }
  /** A read names an oid for the child. `at`: when the venue placed it. */
  | {
      readonly type: "look.found";
      readonly child: number;
      readonly oid: Oid;
      readonly at: number;
      readonly begunAt: number;
      /** The record says that it was rejected: it never landed. */
      readonly rejected?: boolean;
      /** The list that showed it; absent for an order's status. */
      readonly what?: "openOrders" | "fills";
    }
  | { readonly type: "look.unknownOid"; readonly child: number; readonly begunAt: number }
  /** A complete read does not show it (a modify: shows no oid beyond its target's). */
  | {
      readonly type: "look.absent";
      readonly child: number;
      readonly begunAt: number;
      readonly what: "openOrders" | "fills";
    }
  | { readonly type: "look.failed"; readonly child: number }
  | { readonly type: "effort.exhausted" }
  | { readonly type: "engine.restarted" }
);

export type RequestEventType = RequestEvent["type"];

/** What a caller of `openRequest` says of one child. */
export type ChildSpec = {
  readonly cloid: Cloid;
  /** A modify's target leg. */
  readonly oid?: Oid;
  /** The largest oid of the order known when a modify was begun, if larger than its target's. */
  readonly beyond?: Oid;
  /** Size of the leg it would make, base units. */
  readonly size?: Decimal;
};

export type RequestEventOf<T extends RequestEventType> = Extract<
  RequestEvent,
  { readonly type: T }
>;
