import {
  type CancelFacts,
  type CancelState,
  isNoNews,
  judge,
  type OrderActor,
  type OrderFacts,
  orderMachine,
  type RequestFacts,
  type RequestState,
} from "@cloister/machines";
import type { Cloid, Oid, OrderEvent, OrderState, OrderTerms } from "@cloister/model";
import { createActor, type SnapshotFrom } from "xstate";
import type { RequestTrace } from "../requests/request-trace.ts";
import { OrderHistory } from "./order-history.ts";
import { type Inspect, SturdyActor } from "./sturdy-actor.ts";

/** A request that is about this order and not over. */
export type OpenRequest =
  | {
      readonly id: number;
      readonly kind: "place" | "modify";
      /** As it stands now. */
      readonly now: { readonly state: RequestState; readonly facts: RequestFacts };
    }
  | {
      readonly id: number;
      readonly kind: "cancel";
      readonly now: { readonly state: CancelState; readonly facts: CancelFacts };
    };

/** Requests of an order whose timings are kept. */
const TRACES_MAX = 16;

type OrderSnapshot = SnapshotFrom<typeof orderMachine>;

export type NewTrackedOrder = {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly terms: OrderTerms;
  readonly placedAtMs: number;
  readonly inspect: Inspect | undefined;
  /** Told what a listener of the actor throws. */
  readonly failed: (error: unknown) => void;
};

/** One order's actor, held in the registry's own map: a plain root actor, so that ending one costs nothing else. */
export class TrackedOrder {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly terms: OrderTerms;
  /** Wall time of the command, ms. */
  readonly placedAtMs: number;
  /** How it came into the book, when it was not placed here: ours (by mark, or revived) or a stranger. */
  found: "ours" | "stranger" | undefined;
  readonly requests = new Map<number, OpenRequest>();
  readonly history = new OrderHistory();
  /** How long its latest requests took. */
  readonly traces: RequestTrace[] = [];
  /** Every oid under which the registry finds it, in the order they came: more than its legs may tell. */
  readonly oids: Oid[] = [];
  /** Called after each change of it, and after each request of it ended; those that say true are done. */
  readonly watchers = new Set<() => boolean>();
  /** The leg that was placed last, as far as reports tell. */
  newest: { readonly oid: Oid; readonly placedAt: number } | undefined;
  /** The latest word about it that nobody understood, and of what hour. */
  unknownWord: string | undefined;
  /** Why its place stays doubtful, once every effort was made. */
  exhausted: string | undefined;
  /** Why its cancel is not believed in any more, though it is repeated. */
  stuck: string | undefined;
  /** How often an older leg was still live when the venue was asked about it. */
  oldLegAsks = 0;
  readonly #isInspected: boolean;
  readonly #sturdy: SturdyActor<OrderEvent, OrderSnapshot, OrderActor>;

  constructor({ cloid, tag, terms, placedAtMs, inspect, failed }: NewTrackedOrder) {
    this.cloid = cloid;
    this.tag = tag;
    this.terms = terms;
    this.placedAtMs = placedAtMs;
    this.#isInspected = inspect !== undefined;
    this.#sturdy = new SturdyActor(
      (snapshot) =>
        createActor(orderMachine, {
          id: cloid,
          input: { cloid, terms, ...(tag === undefined ? {} : { tag }) },
          ...(snapshot === undefined ? {} : { snapshot }),
          ...(inspect === undefined ? {} : { inspect }),
        }),
      failed,
    );
  }

  get snapshot(): OrderSnapshot {
    return this.#sturdy.snapshot;
  }

  get facts(): OrderFacts {
    return this.#sturdy.snapshot.context;
  }

  get state(): OrderState {
    return this.#sturdy.snapshot.value;
  }

  /** The state as it was before the reaping, for who asks afterwards. */
  get endState(): OrderState {
    const { state, facts } = this;
    if (state !== "reaped") return state;
    return judge({ ...facts, verdicts: { ...facts.verdicts, reaped: false } }).state;
  }

  /** Whether it has open places or modifies: a cancel of it may still be overtaken. */
  get isUnsettled(): boolean {
    for (const { kind } of this.requests.values()) if (kind !== "cancel") return true;
    return false;
  }

  get isBeingCanceled(): boolean {
    for (const { kind } of this.requests.values()) if (kind === "cancel") return true;
    return false;
  }

  /** A request of it has begun. */
  begun(request: OpenRequest, trace: RequestTrace): void {
    this.requests.set(request.id, request);
    this.traces.push(trace);
    if (this.traces.length > TRACES_MAX) this.traces.shift();
  }

  /** Who watches or listens. */
  get heard(): number {
    return this.watchers.size + this.#sturdy.heard;
  }

  /** Tells the actor. The returned error says that it failed on the event and was made again without it. */
  send(event: OrderEvent): { readonly error?: unknown } {
    // Who inspects sees every event; else what changes nothing need not be sent.
    if (!this.#isInspected && this.#knows(event)) return {};
    return this.#sturdy.send(event);
  }

  #knows(event: OrderEvent): boolean {
    try {
      return isNoNews(this.facts, event);
    } catch {
      // The actor will fail on it as well, and is made again.
      return false;
    }
  }

  subscribe(listener: (snapshot: OrderSnapshot) => void): () => void {
    return this.#sturdy.subscribe(listener);
  }

  stop(): void {
    this.#sturdy.stop();
  }

  /** Runs the watchers that are still waiting. */
  wake(): void {
    for (const watcher of this.watchers) if (watcher()) this.watchers.delete(watcher);
  }
}
