import type { Clock, RefuseCause } from "@cloister/model";
import { BudgetWatch } from "../budgets/budget-watch.ts";
import type { Budgets } from "../budgets/budgets.ts";
import { LowBudgets } from "../budgets/low-budgets.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Limits } from "../options.ts";
import type { Reads } from "../reads/reads.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import type { Route } from "../requests/route.ts";
import type { Slots, Waiting } from "../requests/slots.ts";
import { ClockSkew } from "./clock-skew.ts";

type Ports = {
  readonly clock: Clock;
  readonly hour: VenueHour;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly slots: Slots;
  readonly budgets: Budgets;
  readonly turn: () => Turn;
  readonly reads: Reads;
  readonly askTime: () => void;
  readonly route: Route;
  readonly isLive: () => boolean;
};

const WAKE = { kind: "budget", what: "wake" } as const;
const WAKE_MIN_MS = 20;
const WAKE_MAX_MS = 1_000;
/** Budgets are looked over at most so often. */
const LOOK_EVERY_MS = 100;

/** What keeps requests back though a slot is free and the gate open: a budget that is used up, a clock that is wrong. */
export class Precautions {
  readonly watch: BudgetWatch;
  readonly skew: ClockSkew;
  readonly #ports: Ports;
  readonly #low: LowBudgets;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.watch = new BudgetWatch(ports);
    this.skew = new ClockSkew(ports);
    this.#low = new LowBudgets(ports.limits.budgetLowMs);
  }

  /** Whether there is room at the venue for what a slot is free for. If not, somebody looks again in time. */
  hasBudget(entry: Waiting): boolean {
    const waitMs = this.#waitMs(entry);
    if (waitMs === 0) return true;
    const { deadlines } = this.#ports;
    const delayMs = Math.min(WAKE_MAX_MS, Math.max(WAKE_MIN_MS, waitMs));
    if (!deadlines.isArmed(WAKE)) deadlines.arm(delayMs, WAKE);
    return false;
  }

  /** Why a request that a slot is free for still waits. */
  whyWaits(id: number): RefuseCause | undefined {
    const { slots } = this.#ports;
    const entry = slots.waiting(id);
    if (entry === undefined || !slots.isFree(entry.kind)) return undefined;
    if (entry.kind === "place" && this.skew.isSkewed) return "clockSkew";
    return this.#waitMs(entry) > 0 ? "budget" : undefined;
  }

  /** After each input. */
  afterInput(turn: Turn): void {
    const skewed = this.skew.judge();
    if (skewed !== undefined) turn.alarm("clockSkew", skewed);
    const nowMs = this.#ports.clock.monotonicMs();
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    for (const view of this.#ports.budgets.views()) {
      const low = this.#low.judge(view);
      if (low !== undefined) turn.alarm("budgetLow", low);
    }
  }

  #waitMs({ kind, cost = 1 }: Waiting): number {
    const { budgets, isLive, route, slots } = this.#ports;
    const mouth = route.choose(isLive());
    return budgets.waitMs({ isCancel: kind === "cancel", cost, mouth, unwritten: slots.unwritten });
  }
}
