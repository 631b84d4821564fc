import type { Clock, Input, Query, ReadId, Report, Venue } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import { textOf } from "../inbox/safely.ts";
import type { Limits } from "../options.ts";
import { BoundedMap } from "../registry/bounded-map.ts";
import { covers, isRecent, widest } from "./covers.ts";
import { first, type ReadRank } from "./read-rank.ts";

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

export type Answered = Extract<ReadOutcome, { readonly kind: "answered" }>;

/** What who asks will take for an answer, and how much it matters. */
export type AskTerms = {
  /** Default "urgent". */
  readonly rank?: ReadRank;
  /** A read under way counts that began no earlier, monotonic ms. By default it must begin now. */
  readonly notBefore?: number;
  /** The latest answer counts as well, if its read began no earlier than `notBefore`. */
  readonly orRecent?: boolean;
  /** Told an answer that came after `done` was told that the read had failed. */
  readonly late?: (outcome: Answered) => void;
};

type Asker = { readonly done: (outcome: ReadOutcome) => void } & Pick<AskTerms, "late">;

/** One question and all who wait for its answer. */
type Flight = {
  /** The read that asked it first. */
  readonly id: ReadId;
  /** While it waits for weight it may become wider, and more urgent. */
  query: Query;
  rank: ReadRank;
  readonly wantedAt: number;
  /** When it was sent; once more, if the first answer seems lost. */
  readonly sent: Map<ReadId, Begun>;
  /** Sent and neither answered nor failed. */
  readonly open: Set<ReadId>;
  readonly askers: Asker[];
  /** Asked before the connection was lost. */
  isPast?: true;
};

/** Reads that were given up and may still be answered. */
const GIVEN_UP_MAX = 1_000;

type Ports = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Pick<Limits, "readTimeoutMs" | "readAgainMs">;
  readonly venueTime: () => number;
  readonly push: (input: Input) => void;
  readonly listener: ReadListener;
  readonly gate: Gate;
};

/** Told of every read: who counts what reads cost, and what they prove of the hour. */
export type ReadListener = {
  readonly asked: (query: Query) => void;
  readonly answered: (report: Report, begun: Begun) => void;
  /** It may have been answered all the same. */
  readonly unanswered: (query: Query) => void;
  readonly throttled: () => void;
};

/** Whether a read may leave now, by the weight that is left. */
type Gate = {
  /** 0 when it may. */
  readonly waitMs: (query: Query, rank: ReadRank) => number;
  /** Whether there is weight for asking once more. */
  readonly hasRoom: (query: Query, rank: ReadRank) => boolean;
  readonly began: (id: ReadId) => void;
  readonly ended: (id: ReadId) => void;
  readonly answered: (begunAt: number) => void;
  readonly refused: (begunAt: number) => void;
  readonly restarted: () => void;
};

const WEIGHT = { kind: "budget", what: "weight" } as const;

/**
 * The reads under way: who asked, and since when. A read that is under way or waits for weight answers everybody who
 * wants the same and is content with the time at which it began. A failed read is never an empty one; one that nobody
 * answers is asked once more after `readAgainMs` and has failed after `readTimeoutMs`. What comes after all is still
 * heard; what is answered twice is heard once.
 */
export class Reads {
  readonly #ports: Ports;
  /** By each of their reads. */
  readonly #sent = new Map<ReadId, Flight>();
  #waiting: Flight[] = [];
  readonly #givenUp = new BoundedMap<ReadId, Flight>(GIVEN_UP_MAX);
  readonly #recent = new Map<Query["kind"], Answered>();
  #lastId = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get open(): number {
    return new Set(this.#sent.values()).size + this.#waiting.length;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Numbers up to this one were given out, by whatever is in no record. */
  countFrom(last: number): void {
    this.#lastId = Math.max(this.#lastId, last);
  }

  ask(query: Query, done: (outcome: ReadOutcome) => void, terms: AskTerms = {}): void {
    const { clock, deadlines, gate, limits } = this.#ports;
    const { late, orRecent = false, rank = "urgent", notBefore = clock.monotonicMs() } = terms;
    const recent = orRecent ? this.#recent.get(query.kind) : undefined;
    if (recent !== undefined && isRecent(recent.begun, query, notBefore)) {
      done(recent);
      return;
    }
    const asker = late === undefined ? { done } : { done, late };
    if (this.#joins(query, asker, { rank, notBefore })) return;
    const [id, wantedAt] = [this.#nextId(), clock.monotonicMs()];
    const flight = { id, query, rank, wantedAt, sent: new Map(), open: new Set<ReadId>() };
    const whole: Flight = { ...flight, askers: [asker] };
    if (gate.waitMs(query, rank) === 0) {
      this.#send(whole, id);
      return;
    }
    this.#waiting.push(whole);
    deadlines.arm(limits.readTimeoutMs, { kind: "read", read: id });
    this.goOn();
  }

  /** How long the next urgent read must wait. */
  get pauseMs(): number {
    return this.#ports.gate.waitMs({ kind: "openOrders" }, "urgent");
  }

  /** Sends what waits and has room now: the urgent first, else as they came. */
  goOn(): void {
    const { deadlines, gate } = this.#ports;
    for (;;) {
      const next = first(this.#waiting);
      if (next === undefined) return;
      const waitMs = gate.waitMs(next.query, next.rank);
      if (waitMs > 0) {
        deadlines.arm(waitMs, WEIGHT);
        return;
      }
      this.#waiting = this.#waiting.filter((flight) => flight !== next);
      this.#send(next, next.id);
    }
  }

  answered(id: ReadId, report: Report): void {
    const late = this.#givenUp.get(id);
    this.#givenUp.delete(id);
    const flight = this.#sent.get(id) ?? late;
    const begun = flight?.sent.get(id);
    if (flight === undefined || begun === undefined) return;
    this.#ports.listener.answered(report, begun);
    this.#ports.gate.answered(begun.begunAt);
    const outcome = { kind: "answered", report, begun } as const;
    if (flight !== late) {
      flight.open.delete(id);
      this.#keep(outcome);
      this.#end(flight, outcome);
      return;
    }
    for (const asker of flight.askers.splice(0)) asker.late?.(outcome);
  }

  /** It fails only when no other copy of it may still be answered. */
  failed(id: ReadId, reason: string, throttled = false): void {
    this.#givenUp.delete(id);
    const flight = this.#sent.get(id);
    const begun = flight?.sent.get(id);
    if (throttled) this.#ports.listener.throttled();
    if (flight === undefined || begun === undefined) return;
    if (throttled) this.#ports.gate.refused(begun.begunAt);
    flight.open.delete(id);
    if (flight.open.size === 0) this.#end(flight, { kind: "failed", reason, begun });
    else this.#forget(id);
  }

  /** Nobody answered in time, or there was never room for it. */
  due(id: ReadId): void {
    const waiting = this.#waiting.find((flight) => flight.id === id);
    if (waiting !== undefined) {
      this.#waiting = this.#waiting.filter((flight) => flight !== waiting);
      const reason = "no weight was left for it in time";
      this.#end(waiting, { kind: "failed", reason, begun: this.#begun(waiting.query) });
      return;
    }
    const flight = this.#sent.get(id);
    if (flight === undefined) return;
    this.#ports.listener.unanswered(flight.query);
    if (this.#isEarly(flight)) {
      this.#askAgain(flight);
      return;
    }
    const begun = flight.sent.get(id) ?? this.#begun(flight.query);
    for (const open of flight.open) this.#givenUp.set(open, flight);
    // Who is told now may still be told late.
    this.#finish(flight);
    for (const { done } of flight.askers) {
      done({ kind: "failed", reason: "no answer in time", begun });
    }
    this.goOn();
  }

  /** The connection went: what is being read belongs to the past, and counts for nobody who asks from now on. */
  lost(): void {
    this.#recent.clear();
    for (const flight of this.#sent.values()) flight.isPast = true;
  }

  /** Who was asked answers another process, if at all. */
  restarted(): void {
    this.#givenUp.clear();
    this.#recent.clear();
    this.#ports.gate.restarted();
    const flights = new Set([...this.#sent.values(), ...this.#waiting.splice(0)]);
    const reason = "the process was started anew";
    for (const flight of flights) {
      flight.open.clear();
      const begun = flight.sent.get(flight.id) ?? this.#begun(flight.query);
      this.#end(flight, { kind: "failed", reason, begun });
    }
  }

  #joins(
    query: Query,
    asker: Asker,
    terms: Required<Pick<AskTerms, "rank" | "notBefore">>,
  ): boolean {
    for (const flight of this.#sent.values()) {
      const begun = flight.sent.get(flight.id);
      const isLate = begun === undefined || begun.begunAt < terms.notBefore;
      if (isLate || flight.isPast || !covers(flight.query, query)) continue;
      flight.askers.push(asker);
      return true;
    }
    for (const flight of this.#waiting) {
      const both = widest(flight.query, query);
      if (both === undefined) continue;
      flight.query = both;
      flight.askers.push(asker);
      if (terms.rank === "urgent") flight.rank = "urgent";
      this.goOn();
      return true;
    }
    return false;
  }

  #send(flight: Flight, id: ReadId): void {
    const { deadlines, gate, limits } = this.#ports;
    const { readAgainMs, readTimeoutMs } = limits;
    if (flight.sent.size === 0) gate.began(id);
    const isFirst = flight.sent.size === 0 && readAgainMs > 0 && readAgainMs < readTimeoutMs;
    this.#write(flight, id);
    const restMs = flight.sent.size === 1 ? readTimeoutMs : readTimeoutMs - readAgainMs;
    deadlines.arm(isFirst ? readAgainMs : restMs, { kind: "read", read: id });
  }

  #write(flight: Flight, id: ReadId): void {
    const { listener, push, venue } = this.#ports;
    flight.sent.set(id, this.#begun(flight.query));
    flight.open.add(id);
    this.#sent.set(id, flight);
    listener.asked(flight.query);
    try {
      venue.read(id, flight.query);
    } catch (error) {
      const fact = { type: "read.failed", read: id, reason: textOf(error) } as const;
      push({ kind: "venue", facts: [fact] });
    }
  }

  /** Whether it was asked only once, and may be asked again. */
  #isEarly({ sent, id }: Flight): boolean {
    const { clock, limits } = this.#ports;
    const begunAt = sent.get(id)?.begunAt ?? 0;
    return sent.size === 1 && clock.monotonicMs() - begunAt < limits.readTimeoutMs;
  }

  #askAgain(flight: Flight): void {
    const { deadlines, gate, limits } = this.#ports;
    if (gate.hasRoom(flight.query, flight.rank)) {
      this.#send(flight, this.#nextId());
      return;
    }
    const restMs = limits.readTimeoutMs - limits.readAgainMs;
    deadlines.arm(restMs, { kind: "read", read: flight.id });
  }

  #end(flight: Flight, outcome: ReadOutcome): void {
    this.#finish(flight);
    for (const { done } of flight.askers.splice(0)) done(outcome);
    this.goOn();
  }

  /** A copy of it that is still answered is counted, and told nobody. */
  #finish(flight: Flight): void {
    this.#forget(flight.id);
    for (const id of flight.sent.keys()) {
      this.#forget(id);
      if (flight.open.has(id)) this.#givenUp.set(id, flight);
    }
    this.#ports.gate.ended(flight.id);
  }

  #forget(id: ReadId): void {
    this.#sent.delete(id);
    this.#ports.deadlines.disarm({ kind: "read", read: id });
  }

  #keep(outcome: Answered): void {
    const { kind } = outcome.report;
    const known = this.#recent.get(kind);
    if (known === undefined || known.begun.begunAt <= outcome.begun.begunAt) {
      this.#recent.set(kind, outcome);
    }
  }

  #begun(query: Query): Begun {
    const { clock, venueTime } = this.#ports;
    return { query, begunAt: clock.monotonicMs(), begunVenueTime: venueTime() };
  }

  #nextId(): ReadId {
    this.#lastId += 1;
    return this.#lastId;
  }
}
