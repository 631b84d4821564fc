import type {
  Cloid,
  CopyId,
  Decimal,
  Mouth,
  NeverLandedBy,
  NotAdmittedReason,
  Oid,
  OnDoubt,
  RefuseCause,
} from "@cloister/model";
import type { ChildSpec, NoopOutcome, Verdict } from "./request.events.ts";

/** Every duration a request is patient for, ms. Defaults are those of situations.md. */
export type RequestTimings = {
  readonly queueMs: number;
  readonly signTimeoutMs: number;
  /** From the slot's grant. */
  readonly requestTimeoutMs: number;
  /** Between two deciding reads. */
  readonly settleMs: number;
  /** Before the door closes: the first pause between looks, doubled up to the second. */
  readonly paceMs: number;
  readonly paceMaxMs: number;
  /** After exhausted effort. */
  readonly slowPaceMs: number;
  /** How far beyond `expiresAfter` venue time must be. */
  readonly expiryMarginMs: number;
  /** How long after the command the same bytes may be written again ("land"). */
  readonly landWithinMs: number;
  /** Answered looks after which the effort is exhausted. */
  readonly effortMax: number;
};

export const REQUEST_TIMINGS: RequestTimings = {
  queueMs: 1_000,
  signTimeoutMs: 1_000,
  requestTimeoutMs: 5_000,
  settleMs: 2_000,
  paceMs: 1_000,
  paceMaxMs: 10_000,
  slowPaceMs: 30_000,
  expiryMarginMs: 2_000,
  landWithinMs: 1_500,
  effortMax: 20,
};

/** placeMany is a place of several children. */
export type RequestKind = "place" | "modify";

/** Earliest and latest begin of reads that said the same, monotonic ms. */
export type Span = { readonly first: number; readonly last: number };

/** Negative reads begun after the door closed. */
export type Looks = {
  readonly unknownOid: Span | undefined;
  readonly openOrders: Span | undefined;
  readonly fills: Span | undefined;
};

export type RequestChild = {
  readonly cloid: Cloid;
  readonly oid: Oid | undefined;
  /** What a modify makes is beyond this oid. */
  readonly beyond: Oid | undefined;
  readonly size: Decimal | undefined;
  readonly verdict: Verdict | undefined;
  readonly looks: Looks;
};

export type CopyAnswer =
  /** Struck off: not one byte left. `again`: the other mouth may be tried. */
  | { readonly kind: "neverWritten"; readonly again: boolean }
  | { readonly kind: "maybeWritten" }
  | { readonly kind: "admitted" }
  | { readonly kind: "notAdmitted"; readonly reason: NotAdmittedReason; readonly text: string }
  | { readonly kind: "nonceSpent" }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" };

export type RequestCopy = {
  readonly copy: CopyId;
  readonly mouth: Mouth;
  readonly writtenMs: number;
  readonly writtenVenueTime: number;
  readonly answer: CopyAnswer | undefined;
};

export type RequestNoop = {
  readonly copy: CopyId;
  readonly writtenMs: number;
  readonly answer: NoopOutcome | undefined;
};

export type RequestEnd = {
  readonly state: "answered" | "settled" | "refused";
  /** How it was proved for the children without a verdict. */
  readonly by?: NeverLandedBy;
  readonly cause?: RefuseCause;
  readonly text?: string;
};

/** What we know of one request. Also the machine's context. JSON-safe. */
export type RequestFacts = {
  readonly id: number;
  readonly kind: RequestKind;
  /** A modify that only makes smaller: a halt lets it be. */
  readonly downsizing: boolean;
  readonly children: readonly RequestChild[];
  readonly commandMs: number;
  readonly timings: RequestTimings;
  readonly notAfterMs: number | undefined;
  readonly nonce: number | undefined;
  readonly expiresAfter: number | undefined;
  /** Largest block time seen when it was signed: nothing older at the venue can be ours. */
  readonly signedVenueTime: number | undefined;
  readonly firstMouth: Mouth;
  readonly policy: OnDoubt;
  readonly granted: boolean;
  readonly signed: boolean;
  readonly neverSent:
    | { readonly how: "withdrawn" | "refused"; readonly cause: RefuseCause; readonly text?: string }
    | undefined;
  /** It had to be doubted: from here on its end is called settled. */
  readonly doubted: boolean;
  readonly disconnected: boolean;
  readonly restarted: boolean;
  readonly copies: readonly RequestCopy[];
  readonly noops: readonly RequestNoop[];
  /** The nonce is spent: known by an answer. (A landed child proves it as well.) */
  readonly spent: boolean;
  /** Venue time is beyond the expiry, or a copy by socket was answered so. */
  readonly expired: boolean;
  /** Monotonic ms at which we learned that nothing of it can land any more. */
  readonly closedAtMs: number | undefined;
  /** Looks taken since the last connect, and those that were answered. */
  readonly attempts: number;
  readonly effort: number;
  /** Whether a look of this pace was answered: many answers of one pace are one effort. */
  readonly heardThisPace: boolean;
  readonly exhausted: boolean;
  readonly ended: RequestEnd | undefined;
  /** News after the end that says otherwise. */
  readonly contradicted: boolean;
};

/** What it takes to open a request. */
export type RequestSpec = {
  readonly id: number;
  readonly kind: RequestKind;
  readonly children: readonly ChildSpec[];
  readonly commandMs: number;
  /** "land" only for Alo and Gtc. By default "withdraw". */
  readonly policy?: OnDoubt;
  readonly downsizing?: boolean;
  /** Monotonic ms after which a first byte must not leave any more. */
  readonly notAfterMs?: number;
  readonly timings?: Partial<RequestTimings>;
};

export const NO_LOOKS: Looks = { unknownOid: undefined, openOrders: undefined, fills: undefined };

/** A request as it enters the queue. */
export function openRequest(spec: RequestSpec): RequestFacts {
  return {
    id: spec.id,
    kind: spec.kind,
    downsizing: spec.downsizing ?? false,
    children: spec.children.map(({ cloid, oid, beyond, size }) => ({
      cloid,
      oid,
      beyond: beyond ?? oid,
      size,
      verdict: undefined,
      looks: NO_LOOKS,
    })),
    commandMs: spec.commandMs,
    timings: spec.timings === undefined ? REQUEST_TIMINGS : { ...REQUEST_TIMINGS, ...spec.timings },
    notAfterMs: spec.notAfterMs,
    nonce: undefined,
    expiresAfter: undefined,
    signedVenueTime: undefined,
    firstMouth: "socket",
    policy: spec.policy ?? "withdraw",
    granted: false,
    signed: false,
    neverSent: undefined,
    doubted: false,
    disconnected: false,
    restarted: false,
    copies: [],
    noops: [],
    spent: false,
    expired: false,
    closedAtMs: undefined,
    attempts: 0,
    effort: 0,
    heardThisPace: false,
    exhausted: false,
    ended: undefined,
    contradicted: false,
  };
}

/** The facts with these changes. A clone and few writes: two spreads would cost five times as much. */
export function renew(facts: RequestFacts, news: Partial<RequestFacts>): RequestFacts {
  return Object.assign({ ...facts }, news);
}
