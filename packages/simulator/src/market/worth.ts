import { add, type Decimal, signOf, subtract, ZERO } from "@cloister/model";
import type { Account, Worth } from "../ledger/account.ts";
import { keepTail, type Ledger } from "../ledger/ledger.ts";
import { marginOf } from "./funds.ts";
import { usdcValue } from "./token.ts";

/** How often an account's worth is noted, ms, and how many notes are kept: about two months. */
const EVERY_MS = 15 * 60_000;
const KEPT = 6_000;

/** What an account's perpetuals, and all of it, are worth now, USDC. */
function worthOf(ledger: Ledger, account: Account): Worth {
  let perp = ZERO;
  for (const dex of ["", ...ledger.universe.listing.dexes.map(({ name }) => name)]) {
    perp = add(perp, marginOf(ledger, account, dex).accountValue);
  }
  let total = perp;
  for (const [token, amount] of account.balances) {
    if (signOf(amount) !== 0) total = add(total, usdcValue(ledger, token, amount));
  }
  return { perp, total };
}

/** What is worth and profit now. */
export function worthNow(ledger: Ledger, account: Account): Account["worths"][number] {
  const worth = worthOf(ledger, account);
  return { atMs: ledger.news.atMs, worth, gain: minus(worth, account.contributed) };
}

/** Notes what every account is worth, from time to time; what it begins with is no profit. */
export function noteWorths(ledger: Ledger): void {
  const { market, news } = ledger;
  const last = market.worthsNotedMs;
  if (last !== undefined && news.atMs - last < EVERY_MS) return;
  market.worthsNotedMs = news.atMs;
  for (const account of ledger.accounts.values()) {
    if (account.background) continue;
    if (last === undefined) account.contributed = worthOf(ledger, account);
    keepTail(account.worths, worthNow(ledger, account), KEPT);
  }
}

/** Money that came from outside of an account, or left it, is no profit either. */
export function contribute(account: Account, amount: { perp: Decimal; total: Decimal }): void {
  const { perp, total } = account.contributed;
  account.contributed = { perp: add(perp, amount.perp), total: add(total, amount.total) };
}

function minus(worth: Worth, less: Worth): Worth {
  return { perp: subtract(worth.perp, less.perp), total: subtract(worth.total, less.total) };
}
