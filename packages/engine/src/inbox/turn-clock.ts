import type { Cancel, Clock } from "@cloister/model";

/** Wall ms, and monotonic ms. */
export type Hour = { readonly atMs: number; readonly monotonicMs: number };

/**
 * The clock of an engine: it stands still while an input is handled, at the hour that the record of it names, so that a
 * replay sees the same. Until it begins it knows recorded hours only, and no timer fires: deadlines are in the records.
 * Its monotonic hand goes on where an earlier life of the journal left it: what was to be done after so long is due
 * after so long, whatever happened in between.
 */
export class TurnClock implements Clock {
  readonly #clock: Clock;
  /** By how much our monotonic hand is ahead of the machine's. */
  #aheadMs = 0;
  #hasBegun = false;
  /** The latest hour that was handled. */
  #latest: Hour | undefined;
  #isStill = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on hours are the machine's. How long nobody lived, only the wall can tell; it may have been set back. */
  begin(): void {
    this.#hasBegun = true;
    if (this.#latest === undefined) return;
    const { atMs, monotonicMs } = this.#latest;
    const awayMs = Math.max(0, this.#clock.wallMs() - atMs);
    this.#aheadMs = monotonicMs + awayMs - this.#clock.monotonicMs();
  }

  /** From now on it stands still: at a recorded hour, or at the present one. */
  stop(recorded?: Hour): Hour {
    this.#latest = recorded ?? { atMs: this.wallMs(), monotonicMs: this.monotonicMs() };
    this.#isStill = true;
    return this.#latest;
  }

  goOn(): void {
    this.#isStill = false;
  }

  wallMs(): number {
    const isPresent = this.#hasBegun && !this.#isStill;
    return isPresent ? this.#clock.wallMs() : (this.#latest?.atMs ?? 0);
  }

  monotonicMs(): number {
    const latestMs = this.#latest?.monotonicMs ?? Number.NEGATIVE_INFINITY;
    if (!this.#hasBegun || this.#isStill) return latestMs;
    return Math.max(latestMs, this.#clock.monotonicMs() + this.#aheadMs);
  }

  after(delayMs: number, callback: () => void): Cancel {
    return this.#hasBegun ? this.#clock.after(delayMs, callback) : () => undefined;
  }
}
