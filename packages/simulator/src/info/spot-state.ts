import { ZERO } from "@cloister/model";
import { type Account, balanceOf } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { holdOf } from "../market/funds.ts";
import { printDecimal } from "../print.ts";
import { forUser, value } from "./answer.ts";

export const spotClearinghouseState = forUser((core, { account }) =>
  value(spotStateView(core.ledger, account)),
);

/** Spot balances, with what resting orders lock of them (protocol §8.7); what they once cost is not kept. */
export function spotStateView(ledger: Ledger, account: Account | undefined): object {
  if (account === undefined) return { balances: [] };
  const balances = ledger.universe.listing.tokens
    .filter(({ name }) => account.balances.has(name))
    .map(({ name, index }) => ({
      coin: name,
      token: index,
      total: printDecimal(balanceOf(account, name)),
      hold: printDecimal(holdOf(account, name)),
      entryNtl: printDecimal(ZERO),
    }));
  return { balances };
}
