import {
  add,
  type Answer,
  type Clock,
  type CopyId,
  type Decimal,
  divideCut,
  formatDecimal,
  ONE,
  type Report,
  ZERO,
} from "@cloister/model";
import { Minute } from "./minute.ts";

type BudgetReport = Extract<Report, { readonly kind: "budget" }>;

/** Cancels may go on for so much longer, or twice as long when that is less (protocol §12.2). */
const CANCEL_RESERVE = 100_000;
/** What came too late for its own expiry costs so many times (protocol §10.4). */
const STALE_FACTOR = 5;
/** Who used up everything may send one request in so long, and is not served before after a refusal. */
const TRICKLE_MS = 10_000;
/** What nobody answered for so long is in what the venue counts, if it came there at all. */
const UNANSWERED_MS = 60_000;

type Charge = { readonly cost: number; readonly atMs: number };

/**
 * Requests that the account may send altogether: so many, and one more per USDC traded (protocol §12.2). The venue
 * counts; between its counts we do, never less than it: what is on the way is charged, what was turned away is not.
 */
export class AddressBudget {
  readonly #clock: Clock;
  readonly #spent: Minute;
  readonly #earned: Minute;
  /** Written and not answered. */
  readonly #open = new Map<CopyId, Charge>();
  #openCost = 0;
  #used = 0;
  #told: { readonly cap: number; readonly volume: Decimal } | undefined;
  #limit = Number.MAX_SAFE_INTEGER;
  #traded: Decimal = ZERO;
  /** Venue time of its word. */
  #toldAt = 0;
  /** Settled since the read under way was begun: the venue may not have counted it. */
  #sinceRead: number | undefined;
  #readBegunMs = 0;
  #refusedMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#spent = new Minute(clock, Number.MAX_SAFE_INTEGER);
    this.#earned = new Minute(clock, Number.MAX_SAFE_INTEGER);
  }

  /** Whether the venue has told how much there is. Until then nothing is held back. */
  get isKnown(): boolean {
    return this.#told !== undefined;
  }

  get used(): number {
    return this.#used + this.#openCost;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Traded since ever, in quote, as far as we know. */
  get volume(): Decimal {
    return add(this.#told?.volume ?? ZERO, this.#traded);
  }

  get left(): number {
    return Math.max(0, this.limit - this.used);
  }

  get cancelsLeft(): number {
    const { limit } = this;
    return Math.max(0, Math.min(limit + CANCEL_RESERVE, 2 * limit) - this.used);
  }

  /** Requests per minute, less what trading brought in. */
  get perMinute(): number {
    return this.#spent.used - this.#earned.used;
  }

  /** How long the venue serves nobody who asks too early; 0 when nothing was refused lately. */
  get pauseMs(): number {
    return Math.max(0, this.#refusedMs + TRICKLE_MS - this.#clock.monotonicMs());
  }

  /** When a single request would pass though nothing is left. */
  get trickleMs(): number {
    return Math.max(0, this.#lastMs + TRICKLE_MS - this.#clock.monotonicMs());
  }

  wrote(copy: CopyId, cost: number): void {
    const atMs = this.#clock.monotonicMs();
    this.#open.set(copy, { cost, atMs });
    this.#openCost += cost;
    this.#lastMs = atMs;
    this.#spent.add(cost);
    this.#settleOld(atMs);
  }

  answered(copy: CopyId, answer: Answer, isCancel: boolean): void {
    const cost = this.#close(copy);
    switch (answer.admission) {
      case "admitted":
      case "admittedBare":
      case "unknown":
        return this.#settle(cost);
      case "expired":
        return this.#settle(cost * STALE_FACTOR);
      case "nonceSpent":
        return undefined;
      case "notAdmitted":
        if (answer.reason === "addressBudget") this.#refused(cost, isCancel, answer.budget);
    }
  }

  /** Whether it came there nobody knows, unless not a byte left. */
  failed(copy: CopyId, written: "never" | "maybe"): void {
    const cost = this.#close(copy);
    if (written === "maybe") this.#settle(cost);
  }

  /** Each whole unit of quote that was traded is one request more. */
  traded(notional: Decimal, at: number): void {
    // The venue counted it before it told.
    if (at <= this.#toldAt) return;
    this.#traded = add(this.#traded, notional);
    if (this.#told === undefined) return;
    const limit = this.#told.cap + wholes(this.volume) - wholes(this.#told.volume);
    this.#earned.add(limit - this.#limit);
    this.#limit = limit;
  }

  readBegan(): void {
    this.#sinceRead = 0;
    this.#readBegunMs = this.#clock.monotonicMs();
  }

  /** `at`: the venue's present hour. */
  readEnded(report: BudgetReport | undefined, at: number): void {
    const since = this.#sinceRead ?? 0;
    this.#sinceRead = undefined;
    if (report === undefined) return;
    const { used, cap, surplus, volume } = report;
    this.#used = used - surplus + since;
    this.#learn(cap, volume);
    this.#toldAt = at;
    if (this.left > 0) this.#refusedMs = Number.NEGATIVE_INFINITY;
    for (const [copy, { atMs }] of this.#open) {
      if (atMs < this.#readBegunMs - UNANSWERED_MS) this.#close(copy);
    }
  }

  #refused(cost: number, isCancel: boolean, told: { sent: number; cap: number } | undefined): void {
    this.#refusedMs = this.#clock.monotonicMs();
    if (told === undefined) return;
    const cap = isCancel ? ordinaryCap(told.cap) : told.cap;
    this.#used = Math.max(this.#used, told.sent - cost - this.#openCost);
    this.#learn(cap, this.volume);
  }

  #learn(cap: number, volume: Decimal): void {
    this.#told = { cap, volume };
    this.#traded = ZERO;
    this.#limit = cap;
  }

  #settle(cost: number): void {
    this.#used += cost;
    if (this.#sinceRead !== undefined) this.#sinceRead += cost;
  }

  #close(copy: CopyId): number {
    const charge = this.#open.get(copy);
    if (charge === undefined) return 0;
    this.#open.delete(copy);
    this.#openCost -= charge.cost;
    return charge.cost;
  }

  /** What is never answered must not pile up. */
  #settleOld(nowMs: number): void {
    for (const [copy, { atMs }] of this.#open) {
      if (nowMs - atMs < UNANSWERED_MS) return;
      this.#settle(this.#close(copy));
    }
  }
}

/** The cap of which this is the one with the cancels' reserve. */
function ordinaryCap(cancelCap: number): number {
  return cancelCap >= 2 * CANCEL_RESERVE ? cancelCap - CANCEL_RESERVE : Math.ceil(cancelCap / 2);
}

function wholes(quote: Decimal): number {
  return Number(formatDecimal(divideCut(quote, ONE, 0)));
}
