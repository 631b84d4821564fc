import type { Core } from "../core.ts";
import type { Rules } from "../choices/rules.ts";
import { isObject, type JsonObject } from "../json.ts";
import {
  activeAssetData,
  allDexsClearinghouseState,
  spotState,
  webData2,
  webData3,
} from "./account-channels.ts";
import { allDexsAssetCtxs, assetCtxs, candle, spotAssetCtxs } from "./context-channels.ts";
import {
  userFundings,
  userHistoricalOrders,
  userNonFundingLedgerUpdates,
  userTwapHistory,
  userTwapSliceFills,
} from "./history-channels.ts";
import { activeAssetCtx, allMids, bbo, l2Book, trades } from "./market-channels.ts";
import { notification } from "./notification.ts";
import { MALFORMED_SUBSCRIPTION, type Opening } from "./subscription.ts";
import {
  clearinghouseState,
  openOrders,
  orderUpdates,
  twapStates,
  userEvents,
  userFills,
} from "./user-channels.ts";

type Channel = (core: Core, args: JsonObject) => Opening;

/** Every subscription this exchange serves, in the order their messages leave at the end of a block. */
const CHANNELS: ReadonlyMap<string, Channel> = new Map<string, Channel>(
  Object.entries({
    orderUpdates,
    userFills,
    userEvents,
    notification,
    userHistoricalOrders,
    userFundings,
    userNonFundingLedgerUpdates,
    userTwapSliceFills,
    userTwapHistory,
    openOrders,
    clearinghouseState,
    allDexsClearinghouseState,
    spotState,
    twapStates,
    activeAssetData,
    webData2,
    webData3,
    bbo,
    trades,
    l2Book,
    allMids,
    activeAssetCtx,
    assetCtxs,
    allDexsAssetCtxs,
    spotAssetCtxs,
    candle,
  }),
);

const RANKS: ReadonlyMap<string, number> = new Map(
  [...CHANNELS.keys()].map((type, rank) => [type, rank]),
);

export function openChannel(core: Core, subscription: unknown): Opening {
  if (!isObject(subscription) || typeof subscription["type"] !== "string") {
    return MALFORMED_SUBSCRIPTION;
  }
  return CHANNELS.get(subscription["type"])?.(core, subscription) ?? MALFORMED_SUBSCRIPTION;
}

/** When a channel's messages leave: `userFills` may come before everything else (protocol §6.4). */
export function rankOf(type: unknown, rules: Rules): number {
  if (type === "userFills" && rules.firstStream === "userFills") return -1;
  return typeof type === "string" ? (RANKS.get(type) ?? CHANNELS.size) : CHANNELS.size;
}
