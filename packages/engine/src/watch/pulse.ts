import type { Cancel, Clock, Input } from "@cloister/model";

/** Between two beats, ms. */
const BEAT_MS = 1_000;

type Ports = {
  readonly clock: Clock;
  readonly limits: { readonly stallMs: number };
  readonly push: (input: Input) => void;
};

/**
 * Notices that this process stood still: a timer of its own comes far too late. It becomes an input only then, so that
 * calm weather fills no journal. Monotonic: a wall that steps is no stall.
 */
export class Pulse {
  readonly #ports: Ports;
  #cancel: Cancel | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  begin(): void {
    if (this.#ports.limits.stallMs > 0 && this.#cancel === undefined) this.#beat();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #beat(): void {
    const { clock } = this.#ports;
    const dueMs = clock.monotonicMs() + BEAT_MS;
    this.#cancel = clock.after(BEAT_MS, () => this.#late(clock.monotonicMs() - dueMs));
  }

  #late(byMs: number): void {
    const { limits, push } = this.#ports;
    this.#beat();
    if (byMs < limits.stallMs) return;
    push({ kind: "deadline", deadline: { kind: "stalled", lateMs: Math.round(byMs) } });
  }
}
