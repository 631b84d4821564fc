import { type OrderActor, type OrderFacts, orderMachine } from "@cloister/machines";
import type { Cloid, OrderEvent, OrderState, OrderTerms } from "@cloister/model";
import { createActor, type InspectionEvent, type Observer } from "xstate";

export type Inspect = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** A request that is about this order and not over. */
export type OpenRequest = {
  readonly id: number;
  readonly kind: "place" | "modify" | "cancel";
  readonly describe: () => string;
};

type NewTrackedOrder = {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly terms: OrderTerms;
  readonly placedAtMs: number;
  readonly inspect: Inspect | undefined;
};

/** One order's actor, held in the registry's own map: a plain root actor, so that ending one costs nothing else. */
export class TrackedOrder {
  readonly cloid: Cloid;
  readonly tag: string | undefined;
  readonly terms: OrderTerms;
  /** Wall time of the command, ms. */
  readonly placedAtMs: number;
  readonly requests = new Map<number, OpenRequest>();
  /** Monotonic ms at which it was first seen ended. */
  endedAtMs: number | undefined;
  /** Called after each change of it, and after each request of it ended; those that say true are done. */
  readonly watchers = new Set<() => boolean>();
  /** Why its place stays doubtful, once every effort was made. */
  exhausted: string | undefined;
  /** Evidence was not understood: asked until something is. */
  needsQuery = false;
  readonly #inspect: Inspect | undefined;
  #actor: OrderActor;

  constructor({ cloid, tag, terms, placedAtMs, inspect }: NewTrackedOrder) {
    this.cloid = cloid;
    this.tag = tag;
    this.terms = terms;
    this.placedAtMs = placedAtMs;
    this.#inspect = inspect;
    this.#actor = this.#start(undefined);
  }

  get actor(): OrderActor {
    return this.#actor;
  }

  get facts(): OrderFacts {
    return this.#actor.getSnapshot().context;
  }

  get state(): OrderState {
    return this.#actor.getSnapshot().value;
  }

  /** Whether it has open places or modifies: a cancel of it may still be overtaken. */
  get isUnsettled(): boolean {
    for (const { kind } of this.requests.values()) if (kind !== "cancel") return true;
    return false;
  }

  /**
   * Tells the actor. An actor that fails on the event is rebuilt from what it was before;
   * the returned error says so, and the caller sets the event aside.
   */
  send(event: OrderEvent): { readonly error?: unknown } {
    const before = this.#actor.getSnapshot();
    this.#actor.send(event);
    const after = this.#actor.getSnapshot();
    if (after.status !== "error") return {};
    this.#actor = this.#start(orderMachine.resolveState({ value: before.value, context: before.context }));
    return { error: after.error };
  }

  /** Runs the watchers that are still waiting. */
  wake(): void {
    for (const watcher of this.watchers) if (watcher()) this.watchers.delete(watcher);
  }

  #start(snapshot: ReturnType<typeof orderMachine.resolveState> | undefined): OrderActor {
    const { cloid, terms, tag } = this;
    const actor = createActor(orderMachine, {
      id: cloid,
      input: { cloid, terms, ...(tag === undefined ? {} : { tag }) },
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(this.#inspect === undefined ? {} : { inspect: this.#inspect }),
    });
    // Without an error observer XState would throw into the process.
    actor.subscribe({ error: () => undefined });
    return actor.start();
  }
}
