/**
 * What is counted at the venue: requests of the account, and of our network address the weight of HTTP requests and
 * the messages by socket (both per minute), posts that await their answer, and the account's open orders.
 */
export type BudgetName = "address" | "restWeight" | "socketMessages" | "posts" | "openOrders";

/** One budget as it stands. What the venue has not told yet is absent. */
export type BudgetView = {
  readonly name: BudgetName;
  readonly used: number;
  readonly limit?: number;
  readonly left?: number;
  /** Used per minute at the present rate; of the address, less what trading earned. */
  readonly perMinute: number;
  /** When nothing will be left at the present rate, ms from now; absent when that never comes. */
  readonly runsOutInMs?: number;
};

type Counted = {
  readonly used: number;
  readonly limit: number;
  readonly left: number;
  readonly perMinute: number;
};

/** A sum that only grows: it runs out sooner or later while it is used. */
export function growing(name: BudgetName, { used, limit, left, perMinute }: Counted): BudgetView {
  return { name, used, limit, left, perMinute, ...runsOut(left, perMinute) };
}

/** A sum of the last minute: it runs out only when more is used per minute than there is. */
export function rolling(name: BudgetName, { used, limit, left, perMinute }: Counted): BudgetView {
  const lasts = perMinute <= limit ? {} : runsOut(left, perMinute);
  return { name, used, limit, left, perMinute, ...lasts };
}

/** What is given back as it is used: only what is left tells. */
export function level(name: BudgetName, used: number, limit: number): BudgetView {
  return { name, used, limit, left: Math.max(0, limit - used), perMinute: 0 };
}

function runsOut(left: number, perMinute: number): { runsOutInMs?: number } {
  return perMinute <= 0 ? {} : { runsOutInMs: Math.floor((left * 60_000) / perMinute) };
}
