import { type Address, ZERO } from "@cloister/model";
import type { Core } from "../core.ts";
import type { Account } from "../ledger/account.ts";
import { printDecimal } from "../print.ts";
import { forUser, value } from "./answer.ts";
import { clearinghouseView } from "./clearinghouse.ts";
import { coinsAtCap } from "./listings.ts";
import { perpContext, spotContext } from "./market-views.ts";
import { metaView } from "./markets.ts";
import { openRows } from "./orders.ts";
import { spotStateView } from "./spot-state.ts";
import { runningTwaps } from "./twaps.ts";

/** Everything that a page about one account once needed, of the first dex (protocol §4). */
export const webData2 = forUser((core, of) => value(webData2View(core, of)));

type Of = { readonly user: Address; readonly account: Account | undefined };

export function webData2View(core: Core, of: Of): object {
  const { ledger } = core;
  const { account } = of;
  const perps = ledger.universe.dex("") ?? [];
  const pairs = ledger.universe.assets.filter(({ token }) => token !== undefined);
  return {
    clearinghouseState: clearinghouseView(ledger, account, ""),
    leadingVaults: [],
    totalVaultEquity: "0.0",
    openOrders: openRows(account, ""),
    ...userState(core, of),
    meta: metaView(ledger.universe.listing.perps),
    assetCtxs: perps.map((asset) => perpContext(ledger, asset)),
    twapStates: runningTwaps(account, ""),
    spotState: spotStateView(ledger, account),
    spotAssetCtxs: pairs.map((asset) => spotContext(ledger, asset)),
    perpsAtOpenInterestCap: coinsAtCap(ledger, ""),
  };
}

/** What followed it: who the user is, and one entry per dex (protocol §4.4). */
export function webData3View(core: Core, of: Of): object {
  const dexes = ["", ...core.ledger.universe.listing.dexes.map(({ name }) => name)];
  return {
    userState: userState(core, of),
    perpDexStates: dexes.map((dex) => ({
      totalVaultEquity: "0.0",
      perpsAtOpenInterestCap: coinsAtCap(core.ledger, dex),
      leadingVaults: [],
    })),
  };
}

/** The unnamed agent is the page's own key. */
function userState(core: Core, { user, account }: Of): object {
  const nowMs = core.wallMs();
  const agent = account?.agents.find(
    ({ name, validUntilMs }) => name === "" && validUntilMs > nowMs,
  );
  return {
    agentAddress: agent?.address ?? null,
    agentValidUntil: agent?.validUntilMs ?? null,
    cumLedger: printDecimal(account?.contributed.total ?? ZERO),
    serverTime: core.blockMs(),
    isVault: false,
    user,
  };
}
