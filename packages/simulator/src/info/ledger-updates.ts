import { forUser, MALFORMED, value } from "./answer.ts";
import { pageOf, readWindow } from "./window.ts";

/** Money that moved without a trade or funding, oldest first. */
export const userNonFundingLedgerUpdates = forUser((core, { account, request }) => {
  const window = readWindow(request, core.blockMs());
  return window === undefined ? MALFORMED : value(pageOf(account?.ledgerUpdates ?? [], window));
});
