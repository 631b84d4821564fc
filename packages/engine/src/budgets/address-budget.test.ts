import { type Answer, ManualClock, parseDecimal, ZERO } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressBudget } from "./address-budget.ts";

const OK: Answer = { admission: "admittedBare" };
const EXPIRED: Answer = { admission: "expired", text: "Action already expired" };
const DUPLICATE: Answer = { admission: "nonceSpent", how: "duplicate", text: "" };
const UNKNOWN: Answer = { admission: "unknown", text: "HTTP 502" };
const THROTTLED: Answer = { admission: "notAdmitted", reason: "throttled", text: "429" };

function told(used: number, cap: number, surplus = 0) {
  return { kind: "budget", used, cap, surplus, volume: ZERO } as const;
}

function exhausted(sent: number, cap: number): Answer {
  return { admission: "notAdmitted", reason: "addressBudget", text: "", budget: { sent, cap } };
}

function begin(used = 0, cap = 100, surplus = 0) {
  const clock = new ManualClock();
  const budget = new AddressBudget(clock);
  budget.readBegan();
  budget.readEnded(told(used, cap, surplus), 1);
  return { clock, budget };
}

type Step = {
  readonly do: "write" | "land" | "refuse" | "expire" | "ask" | "told";
  readonly cost?: number;
};

/** What we believe, and beside it what the venue counts. */
class Account {
  readonly budget = new AddressBudget(new ManualClock());
  /** By the venue. */
  counted = 0;
  readonly #open: { readonly copy: number; readonly cost: number }[] = [];
  #copies = 0;
  #asked: number | undefined;

  constructor() {
    this.budget.readEnded(told(0, 1_000_000), 0);
  }

  does({ do: what, cost = 1 }: Step): void {
    switch (what) {
      case "write":
        this.#copies += 1;
        this.#open.push({ copy: this.#copies, cost });
        return this.budget.wrote(this.#copies, cost);
      case "ask":
        return this.#ask();
      case "told":
        return this.#told();
      case "land":
        return this.#answer(OK, 1);
      case "expire":
        return this.#answer(EXPIRED, 5);
      case "refuse":
        return this.#answer(THROTTLED, 0);
    }
  }

  /** All that is open is turned away. */
  end(): void {
    while (this.#open.length > 0) this.#answer(THROTTLED, 0);
  }

  #ask(): void {
    if (this.#asked !== undefined) return;
    this.#asked = this.counted;
    this.budget.readBegan();
  }

  /** The venue counted at some moment between the question and its answer: the earliest is the hardest. */
  #told(): void {
    if (this.#asked === undefined) return;
    this.budget.readEnded(told(this.#asked, 1_000_000), 0);
    this.#asked = undefined;
  }

  #answer(answer: Answer, times: number): void {
    const first = this.#open.shift();
    if (first === undefined) return;
    this.counted += times * first.cost;
    this.budget.answered(first.copy, answer, false);
  }
}

describe("the budget of requests (protocol §12.2)", () => {
  it("situation 119: a batch of n costs n from the moment it is written, and what was turned away nothing", () => {
    const { budget } = begin(10);
    budget.wrote(1, 7);
    expect(budget.left).toBe(83);
    budget.answered(1, OK, false);
    expect(budget.left).toBe(83);
    for (const answer of [THROTTLED, DUPLICATE]) {
      budget.wrote(2, 5);
      budget.answered(2, answer, false);
      expect(budget.left).toBe(83);
    }
    budget.wrote(3, 5);
    budget.failed(3, "never");
    expect(budget.left).toBe(83);
    budget.wrote(4, 5);
    budget.failed(4, "maybe");
    budget.wrote(5, 1);
    budget.answered(5, UNKNOWN, false);
    expect(budget.left, "what nobody knows of is counted").toBe(77);
  });

  it("situation 29: what came too late for its own expiry costs five times as much", () => {
    const { budget } = begin();
    budget.wrote(1, 3);
    budget.answered(1, EXPIRED, false);
    expect(budget.used).toBe(15);
  });

  it("situation 119: cancels have twice the limit, at most a hundred thousand more", () => {
    expect(begin(100, 100).budget.cancelsLeft).toBe(100);
    expect(begin(150, 100).budget).toMatchObject({ left: 0, cancelsLeft: 50 });
    expect(begin(0, 150_000).budget.cancelsLeft).toBe(250_000);
  });

  it("situation 119: each whole USDC traded after the venue's word is one request more", () => {
    const { budget } = begin(100, 100);
    budget.traded(parseDecimal("10.75"), 1);
    expect(budget.limit, "it is in the venue's word").toBe(100);
    budget.traded(parseDecimal("10.75"), 2);
    expect(budget.limit).toBe(110);
    budget.traded(parseDecimal("0.25"), 3);
    expect(budget).toMatchObject({ limit: 111, left: 11, perMinute: -11 });
  });

  it("situation 119: what was bought is used before all else", () => {
    expect(begin(0, 1, 98).budget.left).toBe(99);
  });

  it("situation 119: a refusal corrects what we believe: places, and cancels by their own cap", () => {
    const { budget, clock } = begin(0, 1_000);
    budget.wrote(1, 3);
    budget.answered(1, exhausted(103, 100), false);
    expect(budget).toMatchObject({ used: 100, limit: 100, left: 0, pauseMs: 10_000 });
    clock.advanceBy(4_000);
    expect(budget.pauseMs).toBe(6_000);
    budget.wrote(2, 2);
    budget.answered(2, exhausted(402, 400), true);
    expect(budget).toMatchObject({ used: 400, limit: 200, cancelsLeft: 0 });
    budget.readBegan();
    budget.readEnded(told(400, 1_000), 5);
    expect(budget, "the venue says that there is room").toMatchObject({ left: 600, pauseMs: 0 });
  });

  it("situation 119: whatever was on its way when the venue was asked, we never believe in more than there is", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("write"), cost: fc.integer({ min: 1, max: 20 }) } as const),
      fc.record({ do: fc.constantFrom("land", "refuse", "expire", "ask", "told") } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const account = new Account();
        for (const next of steps) account.does(next);
        expect(account.budget.used).toBeGreaterThanOrEqual(account.counted);
        account.end();
        expect(account.budget.used, "exactly what it counts, once all is answered").toBe(
          account.counted,
        );
      }),
      { seed: 119, numRuns: 300 },
    );
  });

  it("what is never answered is counted after a minute, and does not pile up", () => {
    const { budget, clock } = begin(0, 1_000_000);
    for (let copy = 1; copy <= 100; copy += 1) {
      budget.wrote(copy, 2);
      clock.advanceBy(1_000);
    }
    expect(budget.used).toBe(200);
    budget.answered(1, THROTTLED, false);
    expect(budget.used, "too late to be given back").toBe(200);
    clock.advanceBy(60_000);
    budget.readBegan();
    budget.readEnded(told(7, 1_000_000), 9);
    expect(budget.used).toBeLessThanOrEqual(7 + 2);
  });
});
