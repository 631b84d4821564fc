import type { Certificate, Clock, Query } from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { Absence } from "./absence.ts";
import type { GapWatch } from "./gap-watch.ts";
import type { PositionAudit } from "./position-audit.ts";
import type { Survey } from "./survey.ts";
import type { Surveyor } from "./surveyor.ts";

type Ports = {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Pick<
    Limits,
    "reconcileOrdersMs" | "reconcileAccountMs" | "settleMs" | "barrierEveryMs"
  >;
  readonly surveyor: Surveyor;
  readonly absence: Absence;
  readonly gaps: GapWatch;
  readonly audit: PositionAudit;
  readonly budgets: Pick<Budgets, "patienceMs">;
  /** How many dexes the venue lists. */
  readonly dexes: () => number;
};

/** So many dexes are looked at at the ordinary pace; more slow it down in proportion. */
const DEXES_AT_PACE = 4;

type What = "orders" | "account" | "all";

/** A look is put off for so long at most. */
const PUT_OFF_MAX_MS = 60_000;

const ACCOUNT: readonly Query[] = [{ kind: "positions" }, { kind: "fills", fromMs: 0 }];
/** What a look reads at least. */
const READS: { readonly [what in What]: readonly Query[] } = {
  orders: [{ kind: "openOrders" }],
  account: ACCOUNT,
  all: [{ kind: "openOrders" }, ...ACCOUNT],
};

/**
 * Looks at the venue again and again while the gate is open: open orders and the account each at their pace, all of it
 * at once after an alarm. One look at a time; what is wanted meanwhile follows it.
 */
export class Reconciler {
  readonly #ports: Ports;
  readonly #wanted = new Set<What>();
  /** Looks that somebody waits for. */
  readonly #asked = new Map<Survey, (certificate: Certificate) => void>();
  /** Since when a look is put off, monotonic ms. */
  readonly #putOff = new Map<What, number>();
  #running: Survey | undefined;
  #isOpen = false;
  #wholeMs = Number.NEGATIVE_INFINITY;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The gate has opened: the first look follows, then the ordinary pace. */
  opened(): void {
    this.#isOpen = true;
    const { absence, audit, gaps, limits } = this.#ports;
    if (this.#isOn || absence.suspected > 0) this.soon("orders", limits.settleMs);
    if (audit.suspected > 0) this.soon("account", limits.settleMs);
    gaps.recovered();
    this.#pace("account");
  }

  /** The connection went: the recovery looks at everything anyhow. */
  closed(): void {
    const { deadlines } = this.#ports;
    this.#isOpen = false;
    this.#running?.abandon();
    this.#running = undefined;
    this.#wanted.clear();
    this.#putOff.clear();
    for (const what of ["orders", "account", "all"] as const) {
      deadlines.disarm({ kind: "survey", what });
    }
  }

  /** An alarm was raised. Not more often than the barrier: the look may raise one itself. */
  alarmed(): void {
    if (!this.#isOn || !this.#isOpen) return;
    const { clock, deadlines, limits } = this.#ports;
    if (deadlines.isArmed({ kind: "survey", what: "all" })) return;
    const pauseMs = this.#wholeMs + limits.barrierEveryMs - clock.monotonicMs();
    this.soon("all", Math.max(0, pauseMs));
  }

  /** A look of this kind, no later than after the pause. */
  soon(what: What, pauseMs: number): void {
    if (!this.#isOpen) return;
    this.#ports.deadlines.arm(pauseMs, { kind: "survey", what });
  }

  due(what: What): void {
    if (!this.#isOpen) return;
    const pauseMs = this.#patienceMs(what);
    if (pauseMs > 0) this.soon(what, pauseMs);
    else if (this.#running !== undefined) this.#wanted.add(what);
    else this.#begin(what);
  }

  /** Trading and doubt need what may be read per minute first; a look is put off for them, not for ever. */
  #patienceMs(what: What): number {
    const { budgets, clock } = this.#ports;
    const pauseMs = budgets.patienceMs(READS[what]);
    const nowMs = clock.monotonicMs();
    const sinceMs = this.#putOff.get(what) ?? nowMs;
    if (pauseMs === 0 || nowMs - sinceMs >= PUT_OFF_MAX_MS) {
      this.#putOff.delete(what);
      return 0;
    }
    this.#putOff.set(what, sinceMs);
    return Math.min(pauseMs, sinceMs + PUT_OFF_MAX_MS - nowMs);
  }

  /** Somebody asks for it, whatever the gate. */
  command(done: (certificate: Certificate) => void): void {
    const { surveyor } = this.#ports;
    const finish = (survey: Survey): void => {
      this.#asked.delete(survey);
      const certificate = survey.certificate();
      surveyor.publish(certificate);
      this.#judge(survey);
      done(certificate);
    };
    const terms = { cause: "command", orders: true, account: true, done: finish } as const;
    const survey = surveyor.begin(terms);
    if (!survey.isOver) this.#asked.set(survey, done);
  }

  /** The engine stops: who waits for a look is told that it was called off. */
  stop(): void {
    for (const [survey, done] of this.#asked) {
      survey.abandon();
      survey.notes.abandoned("the engine was closed");
      done(survey.certificate());
    }
    this.#asked.clear();
  }

  get #isOn(): boolean {
    const { limits } = this.#ports;
    return limits.reconcileOrdersMs > 0 || limits.reconcileAccountMs > 0;
  }

  #begin(what: What): void {
    const { absence, clock, surveyor } = this.#ports;
    if (what === "all") this.#wholeMs = clock.monotonicMs();
    this.#running = surveyor.begin({
      cause: "continuous",
      orders: what !== "account",
      // What is suspected to be absent needs the venue's hour and the fills too.
      account: what !== "orders" || absence.suspected > 0,
      done: (survey) => this.#done(survey, what),
    });
    if (this.#running.isOver) this.#running = undefined;
  }

  #done(survey: Survey, what: What): void {
    this.#running = undefined;
    this.#judge(survey);
    this.#pace(what === "all" ? "orders" : what);
    const [next] = this.#wanted;
    if (next === undefined) return;
    this.#wanted.delete(next);
    this.#begin(next);
  }

  /** What it leaves open is looked at again soon. */
  #judge(survey: Survey): void {
    const { absence, gaps, limits } = this.#ports;
    if (survey.terms.account) gaps.searched(survey);
    if (absence.suspected > 0) this.soon("orders", limits.settleMs);
  }

  /** The next look at the ordinary pace, unless one is due before. */
  #pace(what: "orders" | "account"): void {
    const { deadlines, dexes, limits } = this.#ports;
    const wanted = what === "orders" ? limits.reconcileOrdersMs : limits.reconcileAccountMs;
    // Each dex is a list of its own, and weighs as much (protocol §12.1).
    const everyMs = wanted * Math.max(1, Math.ceil(dexes() / DEXES_AT_PACE));
    const isArmed = deadlines.isArmed({ kind: "survey", what });
    if (everyMs > 0 && !isArmed) this.soon(what, everyMs);
  }
}
