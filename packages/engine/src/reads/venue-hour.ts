import type { Clock } from "@cloister/model";

/** No clock is wrong by more than this without being noticed. */
const BEYOND_MS = 24 * 3_600_000;

/**
 * The venue's hour: the largest block time seen, and a lower bound of the present one.
 * Block time was over when its news arrived, so adding what passed since can only be too early.
 */
export class VenueHour {
  readonly #clock: Clock;
  #seen = 0;
  #offset = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Largest block time seen, ms; 0 before the first. */
  get seen(): number {
    return this.#seen;
  }

  /** An hour that is far beyond ours is a mistake of somebody's: believed, it would end every patience at once. */
  observe(at: number): void {
    if (at > this.#clock.wallMs() + BEYOND_MS) return;
    if (at > this.#seen) this.#seen = at;
    const offset = at - this.#clock.monotonicMs();
    if (offset > this.#offset) this.#offset = offset;
  }

  /** A fresh reading shows that the venue's clock was set back: what was extrapolated from its earlier word is void. */
  rebase(at: number): void {
    this.#offset = at - this.#clock.monotonicMs();
  }

  /** By how much the clocks were apart was measured by a process that is gone. */
  restarted(): void {
    this.#offset = Number.NEGATIVE_INFINITY;
  }

  /** Not later than the venue's present hour; the wall's before anything was seen. */
  now(): number {
    return this.#offset === Number.NEGATIVE_INFINITY
      ? this.#clock.wallMs()
      : Math.max(this.#seen, Math.floor(this.#clock.monotonicMs() + this.#offset));
  }
}
