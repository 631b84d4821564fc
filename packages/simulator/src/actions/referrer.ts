import { hasOnly, type JsonObject } from "../json.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { AccountAction } from "./money-action.ts";
import type { Work } from "./work.ts";

const CODE_MAX = 20;

export function readReferrer(
  value: JsonObject,
  type: "setReferrer" | "registerReferrer",
): ReadAction | undefined {
  const { code } = value;
  if (!hasOnly(value, ["type", "code"]) || typeof code !== "string") return undefined;
  return { action: { type, code }, canonical: { type, code } };
}

/** Names whose code an account came with: once, and nobody's own. */
export function setReferrer(
  { ledger, account }: Work,
  { code }: Extract<AccountAction, { code: string }>,
): ActionAnswer {
  const referrer = [...ledger.accounts.values()].find(({ referralCode }) => referralCode === code);
  if (referrer === undefined) return refused("Referral code not registered");
  if (referrer === account) return refused("Cannot refer oneself.");
  if (account.referredBy !== undefined) return refused("Referrer already set.");
  account.referredBy = { referrer: referrer.address, code, atMs: ledger.news.atMs };
  return DONE;
}

/** Takes a code that others may come with: once, and nobody else's. */
export function registerReferrer(
  { ledger, account }: Work,
  { code }: Extract<AccountAction, { code: string }>,
): ActionAnswer {
  if (code.length < 1 || code.length > CODE_MAX) return refused("Invalid referral code.");
  if (account.referralCode !== undefined) return refused("Referral code already set.");
  if ([...ledger.accounts.values()].some(({ referralCode }) => referralCode === code)) {
    return refused("Referral code already taken.");
  }
  account.referralCode = code;
  return DONE;
}
