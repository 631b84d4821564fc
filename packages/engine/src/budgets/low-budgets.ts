import type { BudgetName, BudgetView } from "./budget-view.ts";

/** So much of a budget, or less, is little; an alarm may come again once there is twice as much. */
const LITTLE = 0.1;
/**
 * While there is so much, no rate makes it urgent. What a minute gives back is used in bursts (a recovery reads every
 * dex at once), so that a burst alone says less.
 */
const PLENTY = {
  address: 0.5,
  restWeight: 0.25,
  socketMessages: 0.25,
  posts: 0.5,
  openOrders: 0.5,
} as const satisfies { readonly [name in BudgetName]: number };

const ADVICE = {
  address:
    "send fewer requests (batches cost as many as they hold), trade as a taker (one request per USDC) or buy requests (reserveRequestWeight)",
  restWeight: "posts go by REST or reads are many: fewer of them, or another network address",
  socketMessages: "send fewer and larger requests: a batch is one message",
  posts: "answers come slower than requests leave: lower inFlightMax or send less",
  openOrders: "cancel orders: reduce-only and trigger orders are refused first",
} as const satisfies { readonly [name in BudgetName]: string };

/** Tells once when a budget comes to its end, before it is there: what is left, until when, and what to do. */
export class LowBudgets {
  readonly #soonMs: number;
  readonly #low = new Set<BudgetName>();

  constructor(soonMs: number) {
    this.#soonMs = soonMs;
  }

  /** The text of an alarm, when there is news. */
  judge(view: BudgetView): string | undefined {
    const { name, left, limit } = view;
    if (left === undefined || limit === undefined) return undefined;
    if (this.#low.has(name)) {
      if (left > 2 * LITTLE * limit && !this.#isSoon(view)) this.#low.delete(name);
      return undefined;
    }
    if (left > LITTLE * limit && !this.#isSoon(view)) return undefined;
    this.#low.add(name);
    return textOf(view);
  }

  #isSoon({ name, left = 0, limit = 0, runsOutInMs = Infinity }: BudgetView): boolean {
    return left <= PLENTY[name] * limit && runsOutInMs <= this.#soonMs;
  }
}

function textOf({ name, left, limit, perMinute, runsOutInMs }: BudgetView): string {
  const rate = perMinute > 0 ? `, ${Math.round(perMinute)} per minute are used` : "";
  const until =
    runsOutInMs === undefined ? "" : `, it runs out in ${Math.round(runsOutInMs / 1_000)} s`;
  return `${name}: ${left} of ${limit} left${rate}${until}; ${ADVICE[name]}`;
}
