import type { Cancel, Clock } from "./ports.ts";

type Timer = { readonly dueMs: number; readonly id: number; readonly callback: () => void };

/**
 * Virtual time for tests and replays: it walks from deadline to deadline, so each callback sees its own hour,
 * and equal deadlines fire in the order they were armed.
 */
export class ManualClock implements Clock {
  #monotonicMs = 0;
  #wallOffsetMs: number;
  #lastId = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(startWallMs = 1_700_000_000_000) {
    this.#wallOffsetMs = startWallMs;
  }

  wallMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#timers.set(id, { dueMs: this.#monotonicMs + Math.max(0, delayMs), id, callback });
    return () => {
      this.#timers.delete(id);
    };
  }

  /** Steps the wall only, forward or back; timers do not notice. */
  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  advanceBy(byMs: number): void {
    this.advanceTo(this.#monotonicMs + byMs);
  }

  /** Runs every timer due up to `targetMs` (monotonic), in order, each at its own hour. */
  advanceTo(targetMs: number): void {
    for (
      let next = this.#earliest();
      next !== undefined && next.dueMs <= targetMs;
      next = this.#earliest()
    ) {
      this.#timers.delete(next.id);
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.callback();
    }
    this.#monotonicMs = Math.max(this.#monotonicMs, targetMs);
  }

  /** Monotonic ms of the next timer, if any. */
  nextDueMs(): number | undefined {
    return this.#earliest()?.dueMs;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (earliest === undefined || timer.dueMs < earliest.dueMs) earliest = timer;
    }
    return earliest;
  }
}
