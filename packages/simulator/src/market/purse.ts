import { type Decimal, maxDecimal, subtract, ZERO } from "@cloister/model";
import { type Account, balanceOf } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { addBalance, addCash, freeMargin, holdOf, marginOf } from "./funds.ts";
import { usdcValue } from "./token.ts";
import { contribute } from "./worth.ts";

/** A pocket of an account: the collateral of a dex, or a spot token. */
export type Purse =
  | { readonly kind: "dex"; readonly dex: string }
  | { readonly kind: "spot"; readonly token: string };

/** What may be taken out of it: no position or resting order needs it. */
export function freeIn(ledger: Ledger, account: Account, purse: Purse): Decimal {
  switch (purse.kind) {
    case "dex": {
      return maxDecimal(ZERO, freeMargin(marginOf(ledger, account, purse.dex)));
    }
    case "spot":
      return subtract(balanceOf(account, purse.token), holdOf(account, purse.token));
  }
}

/** Puts an amount in that came from elsewhere; takes it out when it is negative. */
export function putIn(
  ledger: Ledger,
  account: Account,
  put: { readonly purse: Purse; readonly amount: Decimal },
): void {
  const { purse, amount } = put;
  if (purse.kind === "dex") {
    addCash(account, purse.dex, amount);
    contribute(account, { perp: amount, total: amount });
  } else {
    addBalance(account, purse.token, amount);
    contribute(account, { perp: ZERO, total: usdcValue(ledger, purse.token, amount) });
  }
}
