import type { Clock, Random } from "@cloister/model";
import type { About } from "./about.ts";
import type { PlannedWhom } from "./fault-kind.ts";
import { kindOf, type PlannedFault } from "./fault-plan.ts";

/** What a fault is asked about. */
export type Subject = About & {
  readonly signer?: string;
  readonly channel?: string;
  readonly path: NonNullable<PlannedWhom["path"]>;
  readonly block: number;
  /** What can be searched: a frame, a body. */
  readonly text?: string;
};

/** A fault of a plan with what it has to remember. */
export class ArmedFault {
  readonly fault: PlannedFault;
  readonly random: Random;
  readonly #clock: Clock;
  readonly #startMs: number;
  #matched = 0;
  #fired = 0;
  /** When it may begin again, and until when it goes on. */
  #nextMs: number;
  #lastsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(fault: PlannedFault, source: { clock: Clock; random: Random }) {
    this.fault = fault;
    this.random = source.random;
    this.#clock = source.clock;
    this.#startMs = source.clock.monotonicMs();
    this.#nextMs = this.#startMs + (fault.when.afterMs ?? 0);
    if (fault.when.meanMs !== undefined) this.#nextMs = this.#drawn(this.#nextMs);
  }

  get fired(): number {
    return this.#fired;
  }

  fires(subject: Subject): boolean {
    const { fault } = this;
    if (!concerns(fault.to, subject)) return false;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#lastsUntilMs) return true;
    if (!this.#isTime(nowMs, subject.block)) return false;
    this.#matched += 1;
    const { every = 1, chance = 1 } = fault.when;
    if (this.#matched % every !== 0) return false;
    if (chance < 1 && this.random.next() >= chance) return false;
    this.#fired += 1;
    this.#nextMs = this.#nextAfter(nowMs);
    this.#lastsUntilMs = nowMs + (kindOf(fault.what).lastsMs?.(fault) ?? 0);
    return true;
  }

  #isTime(nowMs: number, block: number): boolean {
    const { when, times = Number.POSITIVE_INFINITY } = this.fault;
    return (
      this.#fired < times &&
      nowMs >= this.#nextMs &&
      nowMs - this.#startMs < (when.untilMs ?? Number.POSITIVE_INFINITY) &&
      block >= (when.fromBlock ?? 0) &&
      block <= (when.toBlock ?? Number.POSITIVE_INFINITY)
    );
  }

  #nextAfter(nowMs: number): number {
    const { everyMs, meanMs } = this.fault.when;
    if (meanMs !== undefined) return this.#drawn(nowMs);
    if (everyMs === undefined) return this.#nextMs;
    return this.#nextMs + everyMs * (1 + Math.floor((nowMs - this.#nextMs) / everyMs));
  }

  /** An hour so that the times between two are `meanMs` on average, without a memory. */
  #drawn(fromMs: number): number {
    return fromMs - Math.log(1 - this.random.next()) * (this.fault.when.meanMs ?? 0);
  }
}

const KEYS = ["account", "signer", "channel", "type", "path"] as const;

function concerns(to: PlannedWhom, subject: Subject): boolean {
  return (
    KEYS.every((key) => to[key] === undefined || to[key] === subject[key]) &&
    (to.contains === undefined || subject.text?.includes(to.contains) === true)
  );
}
