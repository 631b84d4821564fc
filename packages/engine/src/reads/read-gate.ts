import type { Clock, Query, ReadId } from "@cloister/model";
import type { ReadRank } from "./read-rank.ts";

type Ports = {
  readonly clock: Clock;
  readonly budgets: {
    /** How long until there is weight for it, by our own count; 0 when there is. */
    readonly readWaitMs: (query: Query, rank: ReadRank) => number;
  };
};

/** After a first refusal; each further one doubles it. */
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 10_000;
/** What else waits looks again after so long at the latest while one read tries whether the venue takes it. */
const TRYING_MS = 1_000;

/**
 * When reads may leave: while there is weight by our own count, and not after the venue refused one. Then nothing is
 * asked for a while, and a single read tries first; once it is answered the others follow.
 */
export class ReadGate {
  readonly #ports: Ports;
  /** Since when, monotonic ms. */
  #refusedAtMs: number | undefined;
  #refusals = 0;
  #probe: ReadId | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  waitMs(query: Query, rank: ReadRank): number {
    return Math.max(this.#pauseMs(), this.#ports.budgets.readWaitMs(query, rank));
  }

  /** A read that was sent and not answered may be sent once more, also the one that tries. */
  hasRoom(query: Query, rank: ReadRank): boolean {
    const isPaused = this.#probe === undefined && this.#refusedAtMs !== undefined;
    return !isPaused && this.#ports.budgets.readWaitMs(query, rank) === 0;
  }

  began(id: ReadId): void {
    if (this.#refusedAtMs !== undefined) this.#probe = id;
  }

  ended(id: ReadId): void {
    if (this.#probe === id) this.#probe = undefined;
  }

  /** What was asked before the refusal says nothing of it. */
  answered(begunAt: number): void {
    if (this.#refusedAtMs === undefined || begunAt <= this.#refusedAtMs) return;
    this.#refusedAtMs = undefined;
    this.#refusals = 0;
  }

  /** Several reads may have been on their way: they are refused together, and count once. */
  refused(begunAt: number): void {
    if (this.#refusedAtMs !== undefined && begunAt <= this.#refusedAtMs) return;
    this.#refusedAtMs = this.#ports.clock.monotonicMs();
    this.#refusals += 1;
  }

  /** Another process has another clock. */
  restarted(): void {
    this.#refusedAtMs = undefined;
    this.#refusals = 0;
    this.#probe = undefined;
  }

  #pauseMs(): number {
    if (this.#refusedAtMs === undefined) return 0;
    if (this.#probe !== undefined) return TRYING_MS;
    const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** (this.#refusals - 1));
    return Math.max(0, this.#refusedAtMs + pauseMs - this.#ports.clock.monotonicMs());
  }
}
