import type { Core } from "../core.ts";
import { isObject } from "../json.ts";
import {
  clearinghouseState,
  extraAgents,
  spotClearinghouseState,
  subAccounts,
  userAbstraction,
  userRateLimit,
  userRole,
} from "./accounts.ts";
import { type InfoAnswer, type InfoHandler, MALFORMED } from "./answer.ts";
import { userFills, userFillsByTime } from "./fills.ts";
import {
  allMids,
  exchangeStatus,
  l2Book,
  meta,
  metaAndAssetCtxs,
  outcomeMeta,
  perpDexs,
  recentTrades,
  spotMeta,
  spotMetaAndAssetCtxs,
} from "./markets.ts";
import { frontendOpenOrders, historicalOrders, openOrders, orderStatus } from "./orders.ts";

/** Every read this exchange answers (protocol §8). */
const HANDLERS: ReadonlyMap<string, InfoHandler> = new Map<string, InfoHandler>(
  Object.entries({
    allMids,
    clearinghouseState,
    exchangeStatus,
    extraAgents,
    frontendOpenOrders,
    historicalOrders,
    l2Book,
    meta,
    metaAndAssetCtxs,
    openOrders,
    orderStatus,
    outcomeMeta,
    perpDexs,
    recentTrades,
    spotClearinghouseState,
    spotMeta,
    spotMetaAndAssetCtxs,
    subAccounts,
    userAbstraction,
    userFills,
    userFillsByTime,
    userRateLimit,
    userRole,
  }),
);

/** Answers one read; unknown extra fields are ignored, an unknown type is malformed. */
export function answerInfo(core: Core, request: unknown): InfoAnswer {
  if (!isObject(request) || typeof request["type"] !== "string") return MALFORMED;
  return HANDLERS.get(request["type"])?.(core, request) ?? MALFORMED;
}
