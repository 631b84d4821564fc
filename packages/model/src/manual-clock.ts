import { invalidOption } from "./errors.ts";
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
  /** The next one last, where taking it costs nothing. */
  readonly #timers: Timer[] = [];

  constructor(startWallMs = 1_700_000_000_000) {
    this.#wallOffsetMs = checked("startWallMs", startWallMs);
  }

  wallMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** @throws invalidOption when `delayMs` is no number. A negative one is due at once. */
  after(delayMs: number, callback: () => void): Cancel {
    const dueMs = this.#monotonicMs + Math.max(0, checked("delayMs", delayMs));
    this.#lastId += 1;
    const timer = { dueMs, id: this.#lastId, callback };
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    return () => {
      const place = this.#placeOf(timer);
      if (this.#timers[place] === timer) this.#timers.splice(place, 1);
    };
  }

  /** Steps the wall only, forward or back; timers do not notice. */
  stepWall(byMs: number): void {
    this.#wallOffsetMs += checked("byMs", byMs);
  }

  advanceBy(byMs: number): void {
    this.advanceTo(this.#monotonicMs + byMs);
  }

  /** Runs every timer due up to `targetMs` (monotonic), in order, each at its own hour. Never goes back. */
  advanceTo(targetMs: number): void {
    checked("targetMs", targetMs);
    for (
      let next = this.#next();
      next !== undefined && next.dueMs <= targetMs;
      next = this.#next()
    ) {
      this.#timers.pop();
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.callback();
    }
    this.#monotonicMs = Math.max(this.#monotonicMs, targetMs);
  }

  /** Monotonic ms of the next timer, if any. */
  nextDueMs(): number | undefined {
    return this.#next()?.dueMs;
  }

  #next(): Timer | undefined {
    return this.#timers.at(-1);
  }

  /** Where a timer stands or belongs, among timers sorted from the last to the next one. */
  #placeOf(timer: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other !== undefined && isAfter(other, timer)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAfter(a: Timer, b: Timer): boolean {
  return a.dueMs === b.dueMs ? a.id > b.id : a.dueMs > b.dueMs;
}

/** NaN would stop the clock without a word. */
function checked(field: string, ms: number): number {
  if (Number.isNaN(ms)) throw invalidOption(field, ms, "must be a number of ms");
  return ms;
}
