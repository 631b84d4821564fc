import type { Core } from "../core.ts";
import type { Account } from "../ledger/account.ts";
import { forUser, value } from "./answer.ts";
import { clearinghouseView } from "./clearinghouse.ts";
import { spotStateView } from "./spot-state.ts";

/** Null where there is none. */
export const subAccounts = forUser((core, { account }) =>
  value(
    rowsOf(core, account, (sub) => ({
      clearinghouseState: clearinghouseView(core.ledger, sub, ""),
    })),
  ),
);

/** The same with the state of every dex. */
export const subAccounts2 = forUser((core, { account }) => {
  const dexes = ["", ...core.ledger.universe.listing.dexes.map(({ name }) => name)];
  return value(
    rowsOf(core, account, (sub) => ({
      dexToClearinghouseState: dexes.map((dex) => [dex, clearinghouseView(core.ledger, sub, dex)]),
    })),
  );
});

function rowsOf(
  core: Core,
  master: Account | undefined,
  stateOf: (sub: Account) => object,
): object[] | null {
  const subs = [...core.ledger.accounts.values()].filter(
    (sub) => sub.master !== undefined && sub.master === master?.address,
  );
  if (subs.length === 0) return null;
  return subs.map((sub, index) => ({
    name: sub.name ?? `sub-${index + 1}`,
    subAccountUser: sub.address,
    master: sub.master,
    ...stateOf(sub),
    spotState: spotStateView(core.ledger, sub),
  }));
}
