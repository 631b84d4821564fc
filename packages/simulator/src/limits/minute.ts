import type { Clock } from "@cloister/model";

const MINUTE_MS = 60_000;

/** A sum over the last minute, with a ceiling that may change. */
export class Minute {
  readonly #clock: Clock;
  readonly #most: () => number;
  readonly #taken: { readonly atMs: number; readonly weight: number }[] = [];
  #sum = 0;

  constructor(clock: Clock, most: () => number) {
    this.#clock = clock;
    this.#most = most;
  }

  takes(weight: number): boolean {
    this.#forget();
    if (this.#sum + weight > this.#most()) return false;
    this.adds(weight);
    return true;
  }

  adds(weight: number): void {
    if (weight === 0 || this.#most() === Number.POSITIVE_INFINITY) return;
    this.#taken.push({ atMs: this.#clock.monotonicMs(), weight });
    this.#sum += weight;
  }

  #forget(): void {
    const sinceMs = this.#clock.monotonicMs() - MINUTE_MS;
    for (let oldest = this.#taken[0]; oldest !== undefined; oldest = this.#taken[0]) {
      if (oldest.atMs > sinceMs) return;
      this.#sum -= oldest.weight;
      this.#taken.shift();
    }
  }
}
