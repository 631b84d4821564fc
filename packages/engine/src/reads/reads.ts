import type { Clock, Input, Query, ReadId, Report, Venue } from "@cloister/model";
import { textOf } from "../inbox/safely.ts";

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

type Open = { readonly begun: Begun; readonly done: (outcome: ReadOutcome) => void };

/** The reads under way: who asked, and since when. A failed read is never an empty one. */
export class Reads {
  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #venueTime: () => number;
  readonly #push: (input: Input) => void;
  readonly #open = new Map<ReadId, Open>();
  #lastId = 0;

  constructor(ports: {
    venue: Venue;
    clock: Clock;
    venueTime: () => number;
    push: (input: Input) => void;
  }) {
    this.#venue = ports.venue;
    this.#clock = ports.clock;
    this.#venueTime = ports.venueTime;
    this.#push = ports.push;
  }

  get open(): number {
    return this.#open.size;
  }

  ask(query: Query, done: (outcome: ReadOutcome) => void): void {
    this.#lastId += 1;
    const id = this.#lastId;
    const begun = { query, begunAt: this.#clock.monotonicMs(), begunVenueTime: this.#venueTime() };
    this.#open.set(id, { begun, done });
    try {
      this.#venue.read(id, query);
    } catch (error) {
      const fact = { type: "read.failed", read: id, reason: textOf(error) } as const;
      this.#push({ kind: "venue", facts: [fact] });
    }
  }

  answered(id: ReadId, report: Report): void {
    this.#end(id, (begun) => ({ kind: "answered", report, begun }));
  }

  failed(id: ReadId, reason: string): void {
    this.#end(id, (begun) => ({ kind: "failed", reason, begun }));
  }

  #end(id: ReadId, outcome: (begun: Begun) => ReadOutcome): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    open.done(outcome(open.begun));
  }
}
