import type { KeyPermission } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Limits } from "../options.ts";
import type { ReadOutcome, Reads } from "../reads/reads.ts";
import type { VenueHour } from "../reads/venue-hour.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly hour: VenueHour;
  readonly limits: Pick<Limits, "keyCheckMs">;
  readonly reads: Reads;
  readonly turn: () => Turn;
};

const DAY_MS = 24 * 3_600_000;

/** It is said so many days before the end, each once. */
const WARN_DAYS = [14, 3, 1] as const;

/** The first reading comes so long after the gate has opened: by then somebody listens. */
const FIRST_MS = 1_000;

/** A reading at an hour that turns out too early is repeated not before, ms. */
const LEAST_MS = 1_000;

/** Reads again and again until when the key may sign, and says in time that it ends (protocol §10.4). */
export class KeyWatch {
  readonly #ports: Ports;
  /** The least number of days that was said. */
  #toldDays = Number.POSITIVE_INFINITY;
  #isOver = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  begin(): void {
    const { deadlines, limits } = this.#ports;
    const deadline = { kind: "watch", what: "key" } as const;
    if (limits.keyCheckMs > 0 && !deadlines.isArmed(deadline)) deadlines.arm(FIRST_MS, deadline);
  }

  due(): void {
    const told = (outcome: ReadOutcome): void => {
      const isTold = outcome.kind === "answered" && outcome.report.kind === "key";
      const untilMs = isTold ? this.#judge(outcome.report.permission) : undefined;
      this.#again(untilMs);
    };
    this.#ports.reads.ask({ kind: "key" }, told, { rank: "compare" });
  }

  /** Says what there is to say. Returns in how many ms there is more. */
  #judge(permission: KeyPermission): number | undefined {
    if (permission.kind === "none") {
      this.#over("it is none of the account's keys");
      return undefined;
    }
    if (permission.kind === "own" || permission.validUntil === undefined) {
      this.#isOver = false;
      return undefined;
    }
    const { validUntil, name = "" } = permission;
    const leftMs = validUntil - this.#ports.hour.now();
    if (leftMs <= 0) {
      this.#over(`its time was over at ${validUntil}, venue ms`);
      return undefined;
    }
    this.#isOver = false;
    return this.#warn(leftMs, `key ${JSON.stringify(name)} may sign until ${validUntil}, venue ms`);
  }

  /** Says it when the next number of days is reached. Returns when the one after that is, or the end. */
  #warn(leftMs: number, text: string): number {
    const reached = WARN_DAYS.filter((days) => leftMs <= days * DAY_MS);
    const least = reached.at(-1) ?? Number.POSITIVE_INFINITY;
    if (least < this.#toldDays) {
      const left = (leftMs / DAY_MS).toFixed(1);
      this.#ports.turn().alarm("keyExpires", `${text}: ${left} days from now`);
    }
    // More than before when its time was prolonged.
    this.#toldDays = least;
    return leftMs - (WARN_DAYS.find((days) => days * DAY_MS < leftMs) ?? 0) * DAY_MS;
  }

  /** Once, until it may sign again. */
  #over(why: string): void {
    if (!this.#isOver) this.#ports.turn().alarm("keyExpired", why);
    this.#isOver = true;
  }

  #again(untilMs = Number.POSITIVE_INFINITY): void {
    const { deadlines, limits } = this.#ports;
    const waitMs = Math.max(LEAST_MS, Math.min(limits.keyCheckMs, untilMs));
    deadlines.arm(waitMs, { kind: "watch", what: "key" });
  }
}
