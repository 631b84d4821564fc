import type { Clock } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { ReadOutcome, Reads } from "../reads/reads.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import type { Budgets } from "./budgets.ts";

type Ports = {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Pick<Limits, "barrierEveryMs" | "budgetEveryMs">;
  readonly budgets: Budgets;
  readonly reads: Reads;
  readonly hour: VenueHour;
};

/** After a refusal: the venue must have counted what was on its way. */
const AFTER_REFUSAL_MS = 1_000;
/** It is put off while others need the weight, not longer than so many times its pace. */
const LATE = 3;
const QUERY = { kind: "budget" } as const;
const READ = { kind: "budget", what: "read" } as const;

/** Asks the venue how much of the account's budget is used: at each connect, now and then, and after a refusal. */
export class BudgetWatch {
  readonly #ports: Ports;
  #isAsking = false;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The streams are live. A connection that flaps costs one read per `barrierEveryMs`. */
  connected(): void {
    const { clock, limits } = this.#ports;
    if (!this.#isOn || clock.monotonicMs() - this.#askedMs < limits.barrierEveryMs) return;
    this.#read();
  }

  /** The venue refused because the budget is used up: it says more of it than its text. */
  refused(): void {
    if (this.#isOn) this.#ports.deadlines.arm(AFTER_REFUSAL_MS, READ);
  }

  due(): void {
    const { budgets, clock, deadlines, limits } = this.#ports;
    const patienceMs = budgets.patienceMs([QUERY]);
    const isLate = clock.monotonicMs() - this.#askedMs >= LATE * limits.budgetEveryMs;
    if (patienceMs === 0 || isLate) this.#read();
    else deadlines.arm(Math.min(patienceMs, limits.budgetEveryMs), READ);
  }

  get #isOn(): boolean {
    return this.#ports.limits.budgetEveryMs > 0;
  }

  #read(): void {
    const { budgets, clock, deadlines, hour, limits, reads } = this.#ports;
    deadlines.arm(limits.budgetEveryMs, READ);
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedMs = clock.monotonicMs();
    budgets.address.readBegan();
    const told = (outcome: ReadOutcome): void => {
      this.#isAsking = false;
      const report = outcome.kind === "answered" ? outcome.report : undefined;
      budgets.address.readEnded(report?.kind === "budget" ? report : undefined, hour.now());
    };
    reads.ask(QUERY, told, { rank: "compare" });
  }
}
