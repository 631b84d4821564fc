import type { Clock } from "@cloister/model";

const MINUTE_MS = 60_000;
/** The present rate is that of so long. */
const RATE_MS = 10_000;

type Entry = { readonly atMs: number; weight: number };

/** What was used within the last minute, counted exactly: each use leaves a minute after it came. */
export class Minute {
  readonly #clock: Clock;
  readonly #limit: number;
  #entries: Entry[] = [];
  /** Entries before this one have left. */
  #first = 0;
  #sum = 0;
  /** The venue said that nothing is left, whatever we counted: until when. */
  #fullUntilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  get used(): number {
    this.#forget();
    const isFull = this.#clock.monotonicMs() < this.#fullUntilMs;
    return isFull ? Math.max(this.#limit, this.#sum) : this.#sum;
  }

  get left(): number {
    return Math.max(0, this.#limit - this.used);
  }

  add(weight: number): void {
    if (weight <= 0) return;
    this.#forget();
    const atMs = this.#clock.monotonicMs();
    const last = this.#entries.at(-1);
    if (last?.atMs === atMs && this.#first < this.#entries.length) last.weight += weight;
    else this.#entries.push({ atMs, weight });
    this.#sum += weight;
  }

  /** Somebody else uses it too: it counts as full for a while. */
  fill(forMs: number): void {
    this.#fullUntilMs = this.#clock.monotonicMs() + forMs;
  }

  /** Another process has another clock, and what it used is not known. */
  restarted(): void {
    this.#entries = [];
    this.#first = 0;
    this.#sum = 0;
    this.#fullUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** How long until so much is left; 0 when it is, and a minute when it never will be. */
  waitMs(wanted: number): number {
    const fullMs = Math.max(0, this.#fullUntilMs - this.#clock.monotonicMs());
    return Math.max(fullMs, this.roomMs(wanted));
  }

  /** The same by our own count, whatever the venue said. */
  roomMs(wanted: number): number {
    this.#forget();
    const nowMs = this.#clock.monotonicMs();
    let over = this.#sum + wanted - this.#limit;
    for (let index = this.#first; over > 0; index += 1) {
      const entry = this.#entries[index];
      if (entry === undefined) return MINUTE_MS;
      over -= entry.weight;
      if (over <= 0) return entry.atMs + MINUTE_MS - nowMs;
    }
    return 0;
  }

  /** What is used per minute at the present rate. */
  get perMinute(): number {
    this.#forget();
    const sinceMs = this.#clock.monotonicMs() - RATE_MS;
    let recent = 0;
    for (let index = this.#entries.length - 1; index >= this.#first; index -= 1) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.atMs <= sinceMs) break;
      recent += entry.weight;
    }
    return (recent * MINUTE_MS) / RATE_MS;
  }

  #forget(): void {
    const sinceMs = this.#clock.monotonicMs() - MINUTE_MS;
    for (
      let oldest = this.#entries[this.#first];
      oldest !== undefined && oldest.atMs <= sinceMs;
      oldest = this.#entries[this.#first]
    ) {
      this.#sum -= oldest.weight;
      this.#first += 1;
    }
    if (this.#first < 256 || this.#first * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
