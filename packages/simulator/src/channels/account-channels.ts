import { readFlag } from "../json.ts";
import { type Address, readAddress } from "@cloister/model";
import type { Core } from "../core.ts";
import { activeAssetView } from "../info/active-asset.ts";
import { clearinghouseView } from "../info/clearinghouse.ts";
import { spotStateView } from "../info/spot-state.ts";
import { webData2View, webData3View } from "../info/web-data.ts";
import type { JsonObject } from "../json.ts";
import type { BlockNews } from "../ledger/block-news.ts";
import { withCoin } from "./market-channels.ts";
import { steadyChannel } from "./steady.ts";
import { MALFORMED_SUBSCRIPTION, type Opening } from "./subscription.ts";

/** States of one account, whole on every push (protocol §2.6). */

export function spotState(core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  const ignorePortfolioMargin = readFlag(args["ignorePortfolioMargin"]);
  const isPortfolioMargin = readFlag(args["isPortfolioMargin"]);
  if (user === undefined || ignorePortfolioMargin === undefined) return MALFORMED_SUBSCRIPTION;
  if (isPortfolioMargin === undefined) return MALFORMED_SUBSCRIPTION;
  return steadyChannel({
    echo: { type: "spotState", user, isPortfolioMargin, ignorePortfolioMargin },
    channel: "spotState",
    view: () => ({
      user,
      spotState: spotStateView(core.ledger, core.ledger.accounts.get(user)),
    }),
    everyMs: core.settings.cadence.stateMs,
    changes: concerns(user),
  });
}

/** Of perpetuals only: another coin is no shape of it. */
export function activeAssetData(core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  return withCoin(core, args, (asset) => {
    const echo = { type: "activeAssetData", user, coin: asset.coin };
    if (asset.token !== undefined) return { kind: "refused", echo };
    return steadyChannel({
      echo,
      channel: "activeAssetData",
      view: () =>
        activeAssetView(core.ledger, { user, account: core.ledger.accounts.get(user) }, asset),
      everyMs: core.settings.cadence.contextMs,
      changes: always,
    });
  });
}

export function allDexsClearinghouseState(core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  const dexes = ["", ...core.ledger.universe.listing.dexes.map(({ name }) => name)];
  return steadyChannel({
    echo: { type: "allDexsClearinghouseState", user },
    channel: "allDexsClearinghouseState",
    view: () => {
      const account = core.ledger.accounts.get(user);
      const states = dexes.map((dex) => [dex, clearinghouseView(core.ledger, account, dex)]);
      return { user, clearinghouseStates: states };
    },
    everyMs: core.settings.cadence.stateMs,
    changes: concerns(user),
  });
}

export function webData2(core: Core, args: JsonObject): Opening {
  return webData(core, args, { type: "webData2", view: webData2View });
}

export function webData3(core: Core, args: JsonObject): Opening {
  return webData(core, args, { type: "webData3", view: webData3View });
}

function webData(
  core: Core,
  args: JsonObject,
  data: { readonly type: string; readonly view: typeof webData2View },
): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  return steadyChannel({
    echo: { type: data.type, user },
    channel: data.type,
    view: () => data.view(core, { user, account: core.ledger.accounts.get(user) }),
    everyMs: core.settings.cadence.contextMs,
    changes: always,
  });
}

function concerns(user: Address): (news: BlockNews) => boolean {
  return (news) => news.users.has(user);
}

function always(): boolean {
  return true;
}
