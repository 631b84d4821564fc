import type { AlarmName, Mouth, OrderEvent, Query } from "@cloister/model";

/** Deadlines of a place or modify; each comes back by `eventOfDeadline`. */
export type RequestDeadline = "queue" | "sign" | "request" | "look" | "expiry";

/** What a request wants done next, in this order. The engine performs it with one switch. */
export type RequestWish =
  /** Sign the action with a fresh nonce, then tell `request.signed` or `sign.failed`. */
  | { readonly type: "sign" }
  /** Write the signed bytes by this mouth; tell `copy.written` first. */
  | { readonly type: "write"; readonly mouth: Mouth }
  /** Sign a noop on the same nonce and write it by REST; tell `noop.written` first. */
  | { readonly type: "withdraw" }
  /** Read; what it says comes back as one `look.*` (or `look.failed`) for each of these children. */
  | { readonly type: "look"; readonly children: readonly number[]; readonly query: Query }
  /** Venue time is wanted: any read that shows it. */
  | { readonly type: "askTime" }
  /** Arms or moves a deadline of this request. */
  | { readonly type: "arm"; readonly deadline: RequestDeadline; readonly delayMs: number }
  | { readonly type: "disarm"; readonly deadline: RequestDeadline }
  /** Give the in-flight slot back. At most once. */
  | { readonly type: "release" }
  | { readonly type: "tell"; readonly child: number; readonly event: OrderEvent }
  /** The signer's nonce source must be beyond this. */
  | { readonly type: "raiseNonce"; readonly atLeast: number }
  | { readonly type: "alarm"; readonly name: AlarmName; readonly text: string };
