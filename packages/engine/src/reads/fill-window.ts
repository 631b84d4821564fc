import type { Ledger } from "../ledger/ledger.ts";

type Ports = {
  readonly ledger: Pick<Ledger, "baseAt" | "certifiedMs" | "fillFloorMs" | "hasBase">;
  readonly limits: { readonly fillOverlapMs: number; readonly readLagMs: number };
  /** Fills of the account per ms, of late. */
  readonly pace: () => number;
};

/** An overlap is shortened until it holds so many rows: one page, and a weight of twenty. */
const DENSE_ROWS = 400;

/**
 * From where fills are read. Windows overlap, because a read may lag behind the venue: by `fillOverlapMs`, and by
 * less when that is many rows, but never by less than `readLagMs`.
 */
export class FillWindow {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Ms of venue time. */
  get overlapMs(): number {
    const { fillOverlapMs, readLagMs } = this.#ports.limits;
    const pace = this.#ports.pace();
    if (pace <= 0) return fillOverlapMs;
    const least = Math.min(readLagMs, fillOverlapMs);
    return Math.max(least, Math.min(fillOverlapMs, Math.floor(DENSE_ROWS / pace)));
  }

  /** Venue time from which on nothing is missed; 0 before there is a base. */
  get startMs(): number {
    return Math.max(0, (this.#ports.ledger.fillFloorMs ?? 0) - this.overlapMs);
  }

  /** Whoever wants fills from a time on need not read what was read whole and booked before. */
  fromMs(wantedMs: number): number {
    const { baseAt, certifiedMs, hasBase } = this.#ports.ledger;
    const isSince = hasBase && certifiedMs !== undefined && wantedMs >= baseAt;
    return isSince ? Math.max(wantedMs, certifiedMs - this.overlapMs) : wantedMs;
  }
}
