import type { Clock, CopyId } from "@cloister/model";

/** The venue gives up what it does not answer; so do we. */
const FORGOTTEN_MS = 60_000;

/** Posts by socket that await their answer (protocol §3, §12.1). They end with their socket. */
export class PostsInFlight {
  readonly #clock: Clock;
  readonly #open = new Map<CopyId, number>();
  readonly #limit: number;
  #fullUntilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  get used(): number {
    const nowMs = this.#clock.monotonicMs();
    for (const [copy, atMs] of this.#open) {
      if (nowMs - atMs < FORGOTTEN_MS) break;
      this.#open.delete(copy);
    }
    return nowMs < this.#fullUntilMs ? Math.max(this.#limit, this.#open.size) : this.#open.size;
  }

  get left(): number {
    return Math.max(0, this.#limit - this.used);
  }

  wrote(copy: CopyId): void {
    this.#open.set(copy, this.#clock.monotonicMs());
  }

  ended(copy: CopyId): void {
    this.#open.delete(copy);
  }

  /** The venue counts more than we do. */
  fill(forMs: number): void {
    this.#fullUntilMs = this.#clock.monotonicMs() + forMs;
  }

  lost(): void {
    this.#open.clear();
  }
}
