import type { Decimal } from "./decimal.ts";
import type { Fill } from "./fill.ts";
import type { Oid } from "./ids.ts";
import type { CancelCause, RefuseCause, RejectCause } from "./order-words.ts";

/** Where a piece of evidence came from. */
export type Source =
  | "command"
  | "answer"
  | "orderUpdates"
  | "userFills"
  | "openOrders"
  | "orderStatus"
  | "fillsRead"
  | "request"
  | "deadline";

/** By which means a request was proved never to land (design §3). */
export type NeverLandedBy = "noop" | "notAdmitted" | "expired" | "absence" | "neverSent";

/**
 * Everything that can happen to an order: a closed set (XState memoises candidates per event type for ever).
 * Facts are in the past tense; `at` is venue time in ms; sizes are base units. Events are frozen by convention.
 */
export type OrderEvent =
  | { readonly type: "request.sent"; readonly at: number }
  | { readonly type: "modify.opened"; readonly id: number }
  | {
      readonly type: "modify.closed";
      readonly id: number;
      /** What came of it: the new leg, and the leg that it replaced. Absent when nothing landed. */
      readonly landed?: {
        readonly oid: Oid;
        readonly size: Decimal;
        readonly replaces?: Oid;
        readonly at: number;
      };
    }
  | { readonly type: "local.withdrawn"; readonly cause: RefuseCause }
  | { readonly type: "local.refused"; readonly cause: RefuseCause; readonly text?: string }
  /** The size of a leg as an open-order read shows it: a reduce-only leg shrinks without a word. */
  | {
      readonly type: "venue.size";
      readonly oid: Oid;
      readonly size: Decimal;
      readonly readBegunAt: number;
    }
  | {
      readonly type: "venue.accepted";
      readonly oid: Oid;
      readonly at: number;
      readonly source: Source;
      /** The leg's full size (origSz) and price, when the evidence names them. */
      readonly size?: Decimal;
      readonly price?: Decimal;
    }
  | { readonly type: "venue.waiting"; readonly waitsFor: "parent" | "trigger" }
  | {
      readonly type: "venue.triggered";
      readonly oid: Oid;
      readonly at: number;
      readonly source: Source;
    }
  | {
      readonly type: "venue.fill";
      readonly key: string;
      readonly oid: Oid;
      readonly fill: Fill;
      readonly source: Source;
    }
  | {
      readonly type: "venue.filled";
      readonly oid: Oid;
      readonly at: number;
      readonly source: Source;
      /** Executed size in all, when an answer states it. */
      readonly total?: Decimal;
      readonly averagePrice?: Decimal;
      readonly size?: Decimal;
      readonly price?: Decimal;
    }
  | {
      readonly type: "venue.canceled";
      readonly oid: Oid;
      readonly at: number;
      readonly source: Source;
      readonly cause: CancelCause;
      /** What was left when it ended. Only from a streamed word: records of reads are frozen (protocol §8.4). */
      readonly remaining?: Decimal;
      readonly size?: Decimal;
      readonly price?: Decimal;
    }
  | {
      readonly type: "venue.rejected";
      readonly oid: Oid;
      readonly at: number;
      readonly source: Source;
      readonly cause: RejectCause;
      readonly size?: Decimal;
    }
  /** An element error of the place itself: no oid, so it counts only while no leg is real. */
  | { readonly type: "venue.refused"; readonly cause: RejectCause; readonly text: string }
  | {
      readonly type: "venue.unknownWord";
      readonly raw: string;
      readonly oid?: Oid;
      readonly at: number;
    }
  | {
      readonly type: "proof.neverLanded";
      readonly by: NeverLandedBy;
      readonly cause?: RefuseCause;
      readonly text?: string;
    }
  /** Two complete reads missed it; `begunAt` is the venue time at which they began. */
  | { readonly type: "proof.absent"; readonly begunAt: number }
  /** `readBegunAt`: venue time at which the deciding read began. What stirs later is searched for anew. */
  | { readonly type: "ledger.complete"; readonly oid: Oid; readonly readBegunAt?: number }
  | { readonly type: "ledger.incomplete"; readonly oid: Oid; readonly readBegunAt?: number }
  | { readonly type: "order.reap" };

export type OrderEventType = OrderEvent["type"];

/** What a comparison of before and after adds to an event (machines: `remarks`). */
export type Remark =
  | "late"
  | "overfill"
  | "otherPrice"
  | "contradicted"
  | "revived"
  | "impossible"
  | "needsQuery";
