import { compare } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import { endOrder, type Ledger } from "../ledger/ledger.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import { untilTraded } from "./until-traded.ts";
import type { Work } from "./work.ts";

const SCHEDULE_AHEAD_MS = 5_000;
const DAY_MS = 24 * 3_600_000;

/** The dead man's switch (protocol §6.2): set to an hour, or without one called off. */
export function scheduleCancel(work: Work, timeMs: number | undefined): ActionAnswer {
  const { account, ledger } = work;
  if (timeMs === undefined) {
    delete account.scheduledCancelMs;
    return DONE;
  }
  const required = ledger.rules.scheduleCancelVolume;
  if (compare(account.volume, required) < 0) {
    return refused(`Cannot set scheduled cancel time ${untilTraded(account, required)}`);
  }
  if (timeMs < ledger.news.atMs + SCHEDULE_AHEAD_MS) {
    return refused("Scheduled cancel time too early, must be at least 5 seconds from now.");
  }
  const fired = firedToday(ledger, account);
  if (fired >= ledger.limits.scheduledCancels) {
    return refused(`Cannot set scheduled cancel time, already triggered ${fired} times today.`);
  }
  account.scheduledCancelMs = timeMs;
  return DONE;
}

/** Cancels everything of accounts whose dead man's switch ran out. */
export function fireScheduledCancels(ledger: Ledger): void {
  for (const account of ledger.accounts.values()) {
    if (account.scheduledCancelMs === undefined || account.scheduledCancelMs > ledger.news.atMs) {
      continue;
    }
    delete account.scheduledCancelMs;
    account.scheduledCancels = { day: dayOf(ledger), fired: firedToday(ledger, account) + 1 };
    for (const order of account.open.values()) endOrder(ledger, order, "scheduledCancel");
  }
}

/** How often an account's dead man's switch ran out since 00:00 UTC. */
function firedToday(ledger: Ledger, account: Account): number {
  const { day, fired } = account.scheduledCancels;
  return day === dayOf(ledger) ? fired : 0;
}

/** Days since 1970, UTC. */
function dayOf(ledger: Ledger): number {
  return Math.floor(ledger.news.atMs / DAY_MS);
}
