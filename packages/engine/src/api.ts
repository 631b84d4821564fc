import type {
  Alarm,
  CancelScope,
  Certificate,
  Change,
  Cloid,
  DoubtEnded,
  Ending,
  EngineControl,
  EngineStatus,
  EngineView,
  Explanation,
  ExposureView,
  Grouping,
  Market,
  ModifySpec,
  OrderState,
  OrderView,
  PlaceSpec,
  PositionView,
  RequestTiming,
  Side,
  Tick,
} from "@cloister/model";
import type { Observable } from "rxjs";
import type { Snapshot } from "xstate";
import type { BudgetView } from "./budgets/budget-view.ts";
import type { CounterName } from "./views/counters.ts";

/** What the venue made of a place. Never an exception: only programmer errors throw. */
export type Acknowledged =
  | {
      readonly kind: "accepted";
      readonly oid?: number;
      /** Venue time, ms: the largest block time seen when it was signed, so it was taken then or later. */
      readonly atMs: number;
    }
  | {
      readonly kind: "refused";
      readonly by: "local" | "venue";
      readonly reason: string;
      readonly text?: string;
    }
  | { readonly kind: "unresolved"; readonly doubt: string };

/** How an order ended. Sizes in base units, prices in quote, as decimal strings. */
export type Closed = {
  readonly state: OrderState;
  readonly cause?: string;
  readonly filled: string;
  readonly averagePrice?: string;
  readonly fees: Readonly<Record<string, string>>;
  readonly ledger: "complete" | "incomplete" | "open";
  /** Requests of it that were still doubtful. */
  readonly unresolved: readonly string[];
};

/**
 * What became of a modify. `oid` is the new leg's. `excess`: what the old leg filled while it was replaced, base units,
 * as far as it was known then. Unresolved after `doubtMs`, or when the engine is closed.
 */
export type Modified =
  | { readonly kind: "accepted"; readonly oid: number; readonly excess?: string }
  | {
      readonly kind: "refused";
      readonly by: "local" | "venue";
      readonly reason: string;
      readonly text?: string;
    }
  | { readonly kind: "unresolved"; readonly doubt: string };

/**
 * What became of a cancel: settled means that the order has ended, nothing of it is open, and the fills that the venue
 * stated have come (`closed` also proves that there are no others); unresolved, that it was sent ten times in vain (it is
 * repeated all the same), or that the engine was closed.
 */
export type Canceled =
  | { readonly kind: "settled"; readonly state: OrderState; readonly filled: string }
  | { readonly kind: "unknownOrder" }
  | { readonly kind: "unresolved"; readonly doubt: string };

/** A read-only view of the order's XState actor: evidence cannot be forged from outside. */
export type OrderActorView = {
  readonly id: string;
  getSnapshot(): Snapshot<unknown>;
  subscribe(listener: (snapshot: Snapshot<unknown>) => void): { unsubscribe(): void };
};

/** One tracked order, from the command to its end. Promises are made on first use and never reject. */
export type OrderHandle = {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly acknowledged: Promise<Acknowledged>;
  readonly closed: Promise<Closed>;
  /** Every change from now on, with its evidence; completes when the order is reaped. */
  readonly changes$: Observable<Change>;
  readonly actor: OrderActorView;
  /** How long each step of its latest requests took, oldest first. At most 16. */
  readonly timings: readonly RequestTiming[];
  /** The order as it stands; its last view after it was reaped. */
  view(): OrderView;
  /** Cancel and replace under the same cloid; the terms say Alo afterwards. One in flight at a time. @throws invalidSpec */
  modify(spec: ModifySpec): Promise<Modified>;
  /** Idempotent: repeated until the order has ended. */
  cancel(): Promise<Canceled>;
};

/** A fill as a strategy reads it. Decimals as strings; `cloid` is absent for an order that is not ours. */
export type FillView = {
  readonly cloid: Cloid | undefined;
  readonly tag: string | undefined;
  readonly coin: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly feeToken: string;
  readonly taker: boolean;
  readonly oid: number;
  readonly tid: number;
  /** Block time, ms. */
  readonly at: number;
  /** Of a fill that no order of ours made: a liquidation, or what the venue calls it (an open set). */
  readonly reason?: string;
};

export type CancelAllResult = {
  /** Orders that were live and have ended. */
  readonly canceled: readonly Cloid[];
  /** Orders that could not be proved ended in time. */
  readonly unresolved: readonly Cloid[];
  /** A complete list of the venue's open orders, begun after all had ended, shows nothing in scope. */
  readonly verified: boolean;
};

export type CloseResult = CancelAllResult & { readonly doubtful: readonly string[] };

/** An order engine: one writer of order state, and views of what it wrote. */
export interface Engine extends EngineView, EngineControl, AsyncDisposable {
  /** Our 4 byte mark: the first 8 hex digits of every cloid this engine makes. */
  readonly mark: string;
  readonly account: string;
  /** Places one order. @throws invalidSpec, unknownCoin, duplicateCloid, closed: then nothing was sent. */
  place(spec: PlaceSpec): OrderHandle;
  /** Places several in one request and one signature; checked as a whole before anything is sent. */
  placeMany(
    specs: readonly PlaceSpec[],
    options?: { readonly grouping?: Grouping },
  ): readonly OrderHandle[];
  modify(cloid: string, spec: ModifySpec): Promise<Modified>;
  cancel(cloid: string): Promise<Canceled>;
  /** Cancels several in as few requests as the venue allows. Results in the order given. */
  cancelMany(cloids: readonly string[]): Promise<readonly Canceled[]>;
  /**
   * Refuses places in its scope while it runs, cancels, and verifies by the venue's list; always answers within
   * `withinMs` (default 10 s). Scope "ours" by default; "account" takes in whatever lives on the account.
   */
  cancelAll(options?: {
    readonly scope?: CancelScope;
    readonly coin?: string;
    readonly keepReduceOnly?: boolean;
    readonly withinMs?: number;
  }): Promise<CancelAllResult>;
  /**
   * Refuses places and modifies until `resume`, and empties the queue. Cancels pass; with `cancel` our orders are
   * canceled at once. The reason is journaled. @throws invalidSpec
   */
  halt(reason: string, options?: { readonly cancel?: boolean }): void;
  resume(): void;
  /**
   * Looks at the venue as a whole, now: what was asked, over which windows, what was found, what stays unresolved.
   * The engine does so by itself at each connect and every few seconds.
   */
  reconcile(): Promise<Certificate>;
  /** What the latest recovery was worth; undefined before the first has ended. */
  readonly certificate: Certificate | undefined;
  /**
   * Ends the engine; by default cancels our orders first. "wait" cancels none and waits until nothing is on its way
   * or doubtful. Idempotent.
   */
  close(options?: { readonly orders?: Ending; readonly withinMs?: number }): Promise<CloseResult>;
  /** The whole truth, synchronous and numbered. */
  readonly ticks$: Observable<Tick>;
  /** The same after `sequence`: kept ticks first. Errors with ticksGap when they are no longer kept. */
  ticksFrom(sequence: number): Observable<Tick>;
  /** Every order that is tracked now (live, or ended and not yet reaped). */
  readonly orders: readonly OrderView[];
  order(cloid: string): OrderHandle | undefined;
  /**
   * Why an order is in its state, what is awaited, and what happens next and when; of one that left the book, what is
   * still known. Never throws. `explainText` makes it a text to read.
   */
  explain(cloid: string): Explanation;
  /** Each distinct fill of the account from our start on, once. */
  readonly fills$: Observable<FillView>;
  readonly positions: readonly PositionView[];
  /** Per coin: the bounds of the position once all that could still fill has filled. */
  readonly exposure: readonly ExposureView[];
  readonly status: EngineStatus;
  /** The present status first, then each change. */
  readonly status$: Observable<EngineStatus>;
  readonly alarms$: Observable<Alarm>;
  /**
   * What the venue counts of us (protocol §12): used, limit, left, and when it runs out at the present rate. The
   * present first, then what changed, at most once a second.
   */
  readonly budget$: Observable<readonly BudgetView[]>;
  readonly budgets: readonly BudgetView[];
  /** Each doubt that ended: by which means, and how long nobody knew. */
  readonly doubts$: Observable<DoubtEnded>;
  /** How long each step of a request took, told when nothing of it is awaited any more. Free while nobody listens. */
  readonly timings$: Observable<RequestTiming>;
  /** What is counted and nothing else. */
  readonly counters: Readonly<Record<CounterName, number>>;
  market(coin: string): Market | undefined;
}
