import type { Core } from "../core.ts";
import { isObject, type JsonObject } from "../json.ts";
import { extraAgents, userAbstraction, userRateLimit, userRole } from "./accounts.ts";
import { activeAssetData } from "./active-asset.ts";
import { dexOf, FAULT, type InfoAnswer, type InfoHandler, MALFORMED, value } from "./answer.ts";
import { candleSnapshot } from "./candles.ts";
import { clearinghouseState } from "./clearinghouse.ts";
import { userFees } from "./fees.ts";
import { userFills, userFillsByTime } from "./fills.ts";
import { fundingHistory, predictedFundings, userFunding } from "./fundings.ts";
import { userNonFundingLedgerUpdates } from "./ledger-updates.ts";
import {
  allPerpMetas,
  marginTable,
  perpDexLimits,
  perpDexStatus,
  perpsAtOpenInterestCap,
  spotDeployState,
  tokenDetails,
} from "./listings.ts";
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
import { NOTHING } from "./nothing.ts";
import { frontendOpenOrders, historicalOrders, openOrders, orderStatus } from "./orders.ts";
import { portfolio } from "./portfolio.ts";
import { approvedBuilders, maxBuilderFee, referral } from "./referral.ts";
import { spotClearinghouseState } from "./spot-state.ts";
import { subAccounts, subAccounts2 } from "./sub-accounts.ts";
import { twapHistory, userTwapSliceFills, userTwapSliceFillsByTime } from "./twaps.ts";
import { webData2 } from "./web-data.ts";

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
    activeAssetData,
    allPerpMetas,
    approvedBuilders,
    candleSnapshot,
    fundingHistory,
    marginTable,
    maxBuilderFee,
    perpDexLimits,
    perpDexStatus,
    perpsAtOpenInterestCap,
    portfolio,
    predictedFundings,
    referral,
    spotDeployState,
    subAccounts2,
    tokenDetails,
    twapHistory,
    userFees,
    userFunding,
    userNonFundingLedgerUpdates,
    userTwapSliceFills,
    userTwapSliceFillsByTime,
    webData2,
    ...NOTHING,
  }),
);

/** Answers one read; unknown extra fields are ignored, an unknown type is malformed. */
export function answerInfo(core: Core, request: unknown): InfoAnswer {
  if (!isObject(request) || typeof request["type"] !== "string") return MALFORMED;
  const answer = HANDLERS.get(request["type"])?.(core, request) ?? MALFORMED;
  return answer.kind === "malformed" && namesUnknownDex(core, request)
    ? UNKNOWN_DEX[core.settings.rules.unknownDexRead]
    : answer;
}

/** What a read of a dex that nobody lists gives (protocol §2.3): not established. */
const UNKNOWN_DEX = { malformed: MALFORMED, fault: FAULT, null: value(null) } as const;

function namesUnknownDex(core: Core, request: JsonObject): boolean {
  const dex = dexOf(request);
  return dex !== undefined && core.ledger.universe.dex(dex) === undefined;
}
