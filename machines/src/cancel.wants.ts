import type { AlarmName, Cloid, Mouth, OrderEvent, Query, VenueAction } from "@cloister/model";
import type { CancelWriteKind } from "./cancel.events.ts";

/** Deadlines of a cancel: retry comes back as `deadline.retry`, the others as `deadline.passed` and `sign.failed`. */
export type CancelDeadline = "sign" | "request" | "retry";

/** What a cancel wants done next, in this order. */
export type CancelWish =
  /** Sign this write with a fresh nonce of its own, then tell `request.signed` or `sign.failed`. */
  | {
      readonly type: "sign";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly action: VenueAction;
    }
  /** Write its signed bytes; tell `copy.written` first. */
  | {
      readonly type: "write";
      readonly attempt: number;
      readonly write: CancelWriteKind;
      readonly mouth: Mouth;
    }
  /** Read: the order learns from the report, this cancel from the order. */
  | { readonly type: "look"; readonly query: Query }
  | { readonly type: "arm"; readonly deadline: CancelDeadline; readonly delayMs: number }
  | { readonly type: "disarm"; readonly deadline: CancelDeadline }
  /** Give the slot back. At most once: retries pass without one. */
  | { readonly type: "release" }
  | { readonly type: "tell"; readonly cloid: Cloid; readonly event: OrderEvent }
  | { readonly type: "alarm"; readonly name: AlarmName; readonly text: string };
