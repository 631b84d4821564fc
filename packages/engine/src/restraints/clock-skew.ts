import type { Clock } from "@cloister/model";
import type { VenueHour } from "../reads/venue-hour.ts";

type Ports = {
  readonly clock: Clock;
  readonly hour: VenueHour;
  readonly limits: { readonly skewMaxMs: number };
  /** Reads the venue's hour; one read at a time. */
  readonly askTime: () => void;
};

/** Asked for so often at most while it is in doubt. */
const ASK_EVERY_MS = 5_000;

/**
 * Whether the local clock is right by the venue's. Nonces are made by the wall clock, so with a wrong one requests
 * are refused or outlive their hour (protocol §10.3). A clock that is behind is seen at once: the venue's news comes
 * from the future. One that is ahead looks like news that is late; so the venue is asked, and an answer that is older
 * than its own question is the proof.
 */
export class ClockSkew {
  readonly #ports: Ports;
  /** A read told an hour before the one at which it was begun, by more than is allowed. */
  #isProvedAhead = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  #wasSkewed = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** By how much the venue's clock is before ours (above zero) or behind it; 0 while that is within bounds. */
  get skewMs(): number {
    const { clock, hour, limits } = this.#ports;
    if (hour.seen === 0) return 0;
    const aheadMs = hour.now() - clock.wallMs();
    if (aheadMs > limits.skewMaxMs) return aheadMs;
    return -aheadMs > limits.skewMaxMs && this.#isProvedAhead ? aheadMs : 0;
  }

  get isSkewed(): boolean {
    return this.skewMs !== 0;
  }

  /** A read of the venue's hour was answered. `begunAt`: monotonic ms. */
  read(at: number, begunAt: number): void {
    const { clock, hour, limits } = this.#ports;
    const wallMs = clock.wallMs();
    const begunWallMs = wallMs - (clock.monotonicMs() - begunAt);
    this.#isProvedAhead = begunWallMs - at > limits.skewMaxMs;
    const isRight = !this.#isProvedAhead && at - wallMs <= limits.skewMaxMs;
    if (isRight && hour.now() - wallMs > limits.skewMaxMs) hour.rebase(at);
  }

  /** After each input: the text of an alarm, once for each time that the clocks come apart. */
  judge(): string | undefined {
    const { skewMs } = this;
    if (skewMs === 0) {
      this.#wasSkewed = false;
      this.#askWhenInDoubt();
      return undefined;
    }
    if (this.#wasSkewed) {
      this.#askAgain();
      return undefined;
    }
    this.#wasSkewed = true;
    const which = skewMs > 0 ? "behind" : "ahead of";
    return `the local clock is ${Math.abs(skewMs)} ms ${which} the venue's`;
  }

  #askWhenInDoubt(): void {
    const { clock, hour, limits } = this.#ports;
    if (hour.seen === 0 || clock.wallMs() - hour.now() <= limits.skewMaxMs) return;
    this.#askAgain();
  }

  #askAgain(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    if (nowMs - this.#askedMs < ASK_EVERY_MS) return;
    this.#askedMs = nowMs;
    this.#ports.askTime();
  }
}
