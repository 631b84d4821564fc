import {
  type Address,
  compare,
  type Decimal,
  decimalOf,
  decimalPlaces,
  divideCut,
  negate,
  signOf,
} from "@cloister/model";
import { type Account, createAccount } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { freeIn, type Purse, putIn } from "../market/purse.ts";

/** Collateral is counted in millionths. */
const DEX_DECIMALS = 6;

export type Transfer = {
  readonly from: Account;
  readonly out: Purse;
  readonly to: Account;
  readonly into: Purse;
  readonly amount: Decimal;
};

/** Why an amount may not leave a pocket; undefined when it may. */
export function transferRefusal(
  ledger: Ledger,
  { from, out, amount }: Pick<Transfer, "from" | "out" | "amount">,
): string | undefined {
  if (signOf(amount) <= 0) return "Transfer amount must be positive.";
  if (decimalPlaces(amount) > decimalsOf(ledger, out)) {
    return "Transfer amount has too many decimals.";
  }
  return compare(amount, freeIn(ledger, from, out)) > 0
    ? "Insufficient balance for token transfer"
    : undefined;
}

/** Moves money that may leave. It makes an account of whoever gets it. */
export function transfer(ledger: Ledger, { from, out, to, into, amount }: Transfer): void {
  putIn(ledger, from, { purse: out, amount: negate(amount) });
  putIn(ledger, to, { purse: into, amount });
  to.funded = true;
  for (const account of [from, to]) {
    ledger.news.users.add(account.address);
    ledger.market.movedMoney.add(account);
  }
}

/** The account of an address, a new one if nobody had it; undefined for a key that only signs for others. */
export function accountAt(ledger: Ledger, address: Address): Account | undefined {
  const known = ledger.accounts.get(address);
  if (known !== undefined) return known;
  if (ledger.agents.has(address)) return undefined;
  const fresh = createAccount({ address, kind: "user", background: false, funded: false });
  ledger.accounts.set(address, fresh);
  return fresh;
}

/** A sub-account of an account. */
export function subAccountOf(
  ledger: Ledger,
  master: Account,
  address: Address,
): Account | undefined {
  const sub = ledger.accounts.get(address);
  return sub?.master === master.address ? sub : undefined;
}

/** Whole millionths of a dollar, as some actions count them. */
export function millionths(count: number): Decimal {
  return divideCut(decimalOf(count), decimalOf(1_000_000), DEX_DECIMALS);
}

/** How finely a pocket counts. */
function decimalsOf(ledger: Ledger, purse: Purse): number {
  if (purse.kind === "dex") return DEX_DECIMALS;
  const token = ledger.universe.listing.tokens.find(({ name }) => name === purse.token);
  return token?.weiDecimals ?? 0;
}
