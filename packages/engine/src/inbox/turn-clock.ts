import type { Cancel, Clock } from "@cloister/model";

/** Wall ms, and monotonic ms. */
export type Hour = { readonly atMs: number; readonly monotonicMs: number };

/**
 * The clock of an engine: it stands still while an input is handled, at the hour that the record of it names, so that a
 * replay sees the same. Its monotonic hand goes on where an earlier life of the journal left it: what was to be done
 * after so long is due after so long, whatever happened in between.
 */
export class TurnClock implements Clock {
  readonly #clock: Clock;
  /** By how much our monotonic hand is ahead of the machine's. */
  #aheadMs = 0;
  #latestMs = Number.NEGATIVE_INFINITY;
  #still: Hour | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last hour of an earlier life. How long nobody lived, only the wall can tell; it may have been set back. */
  carryOn({ atMs, monotonicMs }: Hour): void {
    const awayMs = Math.max(0, this.#clock.wallMs() - atMs);
    this.#aheadMs = monotonicMs + awayMs - this.#clock.monotonicMs();
    this.#latestMs = monotonicMs;
  }

  /** From now on it stands still. */
  stop(): Hour {
    this.#still = { atMs: this.wallMs(), monotonicMs: this.monotonicMs() };
    return this.#still;
  }

  goOn(): void {
    this.#still = undefined;
  }

  wallMs(): number {
    return this.#still?.atMs ?? this.#clock.wallMs();
  }

  monotonicMs(): number {
    if (this.#still !== undefined) return this.#still.monotonicMs;
    this.#latestMs = Math.max(this.#latestMs, this.#clock.monotonicMs() + this.#aheadMs);
    return this.#latestMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    return this.#clock.after(delayMs, callback);
  }
}
