import type {
  Alarm,
  Change,
  Cloid,
  DoubtEnded,
  EngineStatus,
  Logger,
  OrderState,
  RequestTiming,
  Tick,
} from "@cloister/model";
import type { Observable } from "rxjs";
import type { BudgetView } from "../budgets/budget-view.ts";
import type { FillView } from "../api.ts";
import type { Counters } from "./counters.ts";
import { IsolatedObservable } from "./isolated-observable.ts";
import { textOf } from "../inbox/safely.ts";
import { Stream } from "./stream.ts";
import { TickHub } from "./tick-hub.ts";
import type { Turn } from "../inbox/turn.ts";

type ChangeListener = { readonly next: (change: Change) => void; readonly complete: () => void };

type PublisherPorts = {
  readonly logger: Logger;
  readonly counters: Counters;
  /** Told once what a listener threw. */
  readonly failed: (text: string) => void;
  readonly slowTicks: number;
  readonly status: () => EngineStatus;
  readonly budgets: () => readonly BudgetView[];
  readonly nowMs: () => number;
};

const BUDGETS_EVERY_MS = 1_000;

/** Different failures that are told; beyond, they are only counted. */
const FAILURES_MAX = 100;

/** Hands out what a turn brought about: the tick first, then the views of it. What a listener throws stays its own. */
export class Publisher {
  readonly hub: TickHub;
  readonly fills: Stream<FillView>;
  readonly alarms: Stream<Alarm>;
  readonly doubts: Stream<DoubtEnded>;
  readonly timings: Stream<RequestTiming>;
  readonly statuses: Stream<EngineStatus>;
  readonly budgets: Stream<readonly BudgetView[]>;
  readonly #logger: Logger;
  readonly #byOrder = new Map<Cloid, Set<ChangeListener>>();
  readonly #told = new Set<string>();
  readonly #counters: Counters;
  readonly #status: () => EngineStatus;
  readonly #ports: PublisherPorts;
  #budgetsToldMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(ports: PublisherPorts) {
    this.#counters = ports.counters;
    const failed = (error: unknown): void => this.failed(error);
    this.#logger = ports.logger;
    this.#status = ports.status;
    this.#ports = ports;
    this.hub = new TickHub(ports.slowTicks, failed);
    this.fills = new Stream(failed);
    this.alarms = new Stream(failed);
    this.doubts = new Stream(failed);
    this.timings = new Stream(failed);
    this.statuses = new Stream(failed, {
      value: ports.status,
      keyOf: (status) => JSON.stringify(status),
    });
    this.budgets = new Stream(failed, {
      value: ports.budgets,
      keyOf: (budgets) => JSON.stringify(budgets),
    });
  }

  publish(tick: Tick, turn: Turn): void {
    this.hub.publish(tick);
    for (const change of tick.changes) this.#tell(change);
    for (const fill of turn.fills) this.fills.emit(fill);
    for (const doubt of turn.doubts) this.doubts.emit(doubt);
    this.#tellTimings(turn);
    for (const change of tick.changes) for (const alarm of change.alarms) this.alarms.emit(alarm);
    for (const alarm of tick.alarms) {
      this.#logger.warn(
        { ...(alarm.cloid === undefined ? {} : { cloid: alarm.cloid }), alarm: alarm.name },
        alarm.text,
      );
      this.alarms.emit(alarm);
    }
    this.#tellStatus();
    this.#tellBudgets();
  }

  /** The changes of one order: a demultiplexer, so that no order's listener sees another's. */
  changesOf(order: { readonly cloid: Cloid; readonly state: OrderState }): Observable<Change> {
    const { cloid } = order;
    return new IsolatedObservable<Change>(
      (subscriber) => {
        if (this.#isClosed || order.state === "reaped") {
          subscriber.complete();
          return undefined;
        }
        const listeners = this.#byOrder.get(cloid) ?? new Set<ChangeListener>();
        listeners.add(subscriber);
        this.#byOrder.set(cloid, listeners);
        return () => {
          listeners.delete(subscriber);
          if (listeners.size === 0) this.#byOrder.delete(cloid);
        };
      },
      (error) => this.failed(error),
    );
  }

  /** Who listens to orders, and to everything. */
  get heard(): number {
    const { hub, fills, alarms, doubts, timings, statuses, budgets } = this;
    const streams = [hub, fills, alarms, doubts, timings, statuses, budgets];
    return streams.reduce((sum, { heard }) => sum + heard, this.#byOrder.size);
  }

  /** The last status is told, then all is over. */
  close(): void {
    this.#isClosed = true;
    this.#tellStatus();
    for (const listeners of [...this.#byOrder.values()]) {
      for (const listener of [...listeners]) listener.complete();
    }
    this.hub.close();
    this.fills.complete();
    this.alarms.complete();
    this.doubts.complete();
    this.timings.complete();
    this.statuses.complete();
    this.budgets.complete();
  }

  #tell(change: Change): void {
    const listeners = this.#byOrder.get(change.cloid);
    if (listeners === undefined) return;
    for (const listener of [...listeners]) {
      listener.next(change);
      if (change.to === "reaped") listener.complete();
    }
  }

  /** What a listener threw, or who was called on behalf of one: an input of its own tells of it. */
  failed(error: unknown): void {
    this.#counters.add("subscriberFailures");
    const text = textOf(error);
    // A strategy that throws on every tick says the same each time: told once, then counted.
    if (this.#told.has(text) || this.#told.size >= FAILURES_MAX) return;
    this.#told.add(text);
    this.#logger.error({ err: error }, "a subscriber threw");
    this.#ports.failed(text);
  }

  /** They change with every request: told at a pace, and only while somebody listens. */
  #tellBudgets(): void {
    if (this.budgets.heard === 0) return;
    const nowMs = this.#ports.nowMs();
    if (nowMs - this.#budgetsToldMs < BUDGETS_EVERY_MS) return;
    this.#budgetsToldMs = nowMs;
    this.budgets.emit(this.#ports.budgets());
  }

  /** They are made into views only while somebody listens. */
  #tellTimings({ timings }: Turn): void {
    if (this.timings.heard === 0) return;
    for (const trace of timings) this.timings.emit(trace.timing());
  }

  /** The status is made only while somebody listens. */
  #tellStatus(): void {
    if (this.statuses.heard > 0) this.statuses.emit(this.#status());
  }
}
