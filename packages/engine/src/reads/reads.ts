import type { Clock, Input, Query, ReadId, Report, Venue } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import { textOf } from "../inbox/safely.ts";
import type { Limits } from "../options.ts";
import { BoundedMap } from "../registry/bounded-map.ts";

/** A read as it was begun: its answer speaks of no earlier hour. */
export type Begun = {
  readonly query: Query;
  /** Monotonic ms. */
  readonly begunAt: number;
  /** Largest block time seen when it began. */
  readonly begunVenueTime: number;
};

export type ReadOutcome =
  | { readonly kind: "answered"; readonly report: Report; readonly begun: Begun }
  | { readonly kind: "failed"; readonly reason: string; readonly begun: Begun };

type Answered = Extract<ReadOutcome, { readonly kind: "answered" }>;

type Open = {
  readonly begun: Begun;
  readonly done: (outcome: ReadOutcome) => void;
  readonly late: (outcome: Answered) => void;
};

/** Reads that were given up and may still be answered. */
const GIVEN_UP_MAX = 1_000;

type Ports = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Pick<Limits, "readTimeoutMs">;
  readonly venueTime: () => number;
  readonly push: (input: Input) => void;
  readonly listener: ReadListener;
};

/** Told of every read: who counts what reads cost, and what they prove of the hour. */
export type ReadListener = {
  readonly asked: (query: Query) => void;
  readonly answered: (report: Report, begun: Begun) => void;
  readonly throttled: () => void;
};

/**
 * The reads under way: who asked, and since when. A failed read is never an empty one; one that nobody answers has
 * failed after `readTimeoutMs`. What comes after all is still heard; what is answered twice is heard once.
 */
export class Reads {
  readonly #ports: Ports;
  readonly #open = new Map<ReadId, Open>();
  readonly #givenUp = new BoundedMap<ReadId, Open>(GIVEN_UP_MAX);
  #lastId = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get open(): number {
    return this.#open.size;
  }

  /** `late`: told an answer that came after `done` was told that the read had failed. */
  ask(
    query: Query,
    done: (outcome: ReadOutcome) => void,
    late: (outcome: Answered) => void = () => undefined,
  ): void {
    const { clock, deadlines, limits, push, venue, venueTime } = this.#ports;
    this.#lastId += 1;
    const id = this.#lastId;
    const begun = { query, begunAt: clock.monotonicMs(), begunVenueTime: venueTime() };
    this.#open.set(id, { begun, done, late });
    deadlines.arm(limits.readTimeoutMs, { kind: "read", read: id });
    this.#ports.listener.asked(query);
    try {
      venue.read(id, query);
    } catch (error) {
      const fact = { type: "read.failed", read: id, reason: textOf(error) } as const;
      push({ kind: "venue", facts: [fact] });
    }
  }

  answered(id: ReadId, report: Report): void {
    const late = this.#givenUp.get(id);
    this.#givenUp.delete(id);
    const asked = this.#open.get(id) ?? late;
    if (asked !== undefined) this.#ports.listener.answered(report, asked.begun);
    late?.late({ kind: "answered", report, begun: late.begun });
    this.#end(id, (begun) => ({ kind: "answered", report, begun }));
  }

  failed(id: ReadId, reason: string, throttled = false): void {
    this.#givenUp.delete(id);
    if (throttled) this.#ports.listener.throttled();
    this.#end(id, (begun) => ({ kind: "failed", reason, begun }));
  }

  /** Who was asked answers another process, if at all. */
  restarted(): void {
    this.#givenUp.clear();
    for (const id of [...this.#open.keys()]) this.failed(id, "the process was started anew");
  }

  /** Nobody answered in time. */
  due(id: ReadId): void {
    const open = this.#open.get(id);
    if (open !== undefined) this.#givenUp.set(id, open);
    this.#end(id, (begun) => ({ kind: "failed", reason: "no answer in time", begun }));
  }

  #end(id: ReadId, outcome: (begun: Begun) => ReadOutcome): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#ports.deadlines.disarm({ kind: "read", read: id });
    open.done(outcome(open.begun));
  }
}
