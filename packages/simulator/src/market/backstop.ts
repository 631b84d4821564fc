import { negate, parseAddress } from "@cloister/model";
import { type Account, cashOf, createAccount } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { addCash } from "./funds.ts";
import { addToHouse } from "./house.ts";

/** Takes over what nobody in the book wanted of a liquidated account. */
export const BACKSTOP = parseAddress("0x00000000000000000000000000000000000ba750");

/** Its account; opened, with what the exchange gives it on every dex, when it is first needed. */
export function backstopOf(ledger: Ledger): Account {
  const known = ledger.accounts.get(BACKSTOP);
  if (known !== undefined) return known;
  const account = createAccount({
    address: BACKSTOP,
    kind: "user",
    background: true,
    funded: true,
  });
  for (const dex of ["", ...ledger.universe.listing.dexes.map(({ name }) => name)]) {
    addCash(account, dex, ledger.rules.backstopMoney);
    addToHouse(ledger, `dex ${dex}`, negate(ledger.rules.backstopMoney));
  }
  ledger.accounts.set(BACKSTOP, account);
  return account;
}

/** What is left of an account's free money, or missing, becomes the backstop's. */
export function absorb(ledger: Ledger, account: Account, dex: string): void {
  const left = cashOf(account, dex);
  addCash(backstopOf(ledger), dex, left);
  addCash(account, dex, negate(left));
}
