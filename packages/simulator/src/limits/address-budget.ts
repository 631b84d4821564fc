import { divideCut, formatDecimal, ONE } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import { type Action, weightOf } from "../actions/action.ts";
import type { Limits } from "./limits.ts";
import { printDecimal } from "../print.ts";

/** A request that came too late for its own expiry costs this many times (protocol §10.4). */
export const STALE_FACTOR = 5;
const CANCEL_RESERVE = 100_000;

/** Requests an account may have sent altogether: what each address has, and one per USDC traded. */
export function requestsCap(account: Account, limits: Limits): number {
  return limits.addressRequests + Number(formatDecimal(divideCut(account.volume, ONE, 0)));
}

/** Requests sent that no reserve paid for. */
export function requestsUsed(account: Account): number {
  return Math.max(0, account.requestsUsed - account.requestsReserved);
}

/** Reserved requests that are still left. */
export function requestsSurplus(account: Account): number {
  return Math.max(0, account.requestsReserved - account.requestsUsed);
}

/**
 * Why an account may not send an action now, in the venue's words (protocol §7.5, §12.2); undefined when it may.
 * Who used up everything may send one request per `trickleMs`, counted from the last one that passed.
 */
export function budgetRefusal(
  account: Account,
  action: Action,
  at: { limits: Limits; nowMs: number },
): string | undefined {
  const cap = capFor(action, requestsCap(account, at.limits));
  const weight = weightOf(action);
  const sent = Math.max(0, account.requestsUsed + weight - account.requestsReserved);
  if (sent <= cap) return undefined;
  if (weight === 1 && at.nowMs - account.lastRequestMs >= at.limits.trickleMs) return undefined;
  const traded = printDecimal(divideCut(account.volume, ONE, 2));
  return `Too many cumulative requests sent (${sent} > ${cap}) for cumulative volume traded $${traded}. Place taker orders to free up 1 request per USDC traded.`;
}

/** Counts an action that was not refused as a whole. */
export function spendRequests(account: Account, weight: number, nowMs: number): void {
  account.requestsUsed += weight;
  account.lastRequestMs = nowMs;
}

/** Cancels may go on for longer, and buying requests always may: it is what ends the waiting. */
function capFor(action: Action, cap: number): number {
  if (action.type === "reserveRequestWeight") return Number.POSITIVE_INFINITY;
  return action.type === "cancel" ? Math.min(cap + CANCEL_RESERVE, cap * 2) : cap;
}
