import type {
  AllMidsResponse,
  ClearinghouseStateResponse,
  ExtraAgentsResponse,
  FrontendOpenOrdersResponse,
  HistoricalOrdersResponse,
  L2BookResponse,
  MetaAndAssetCtxsResponse,
  MetaResponse,
  OpenOrdersResponse,
  OrderStatusResponse,
  PerpDexsResponse,
  RecentTradesResponse,
  SpotClearinghouseStateResponse,
  SpotMetaAndAssetCtxsResponse,
  SpotMetaResponse,
  SubAccountsResponse,
  UserFillsResponse,
  UserRateLimitResponse,
  UserRoleResponse,
} from "@nktkas/hyperliquid/api/info";
import * as v from "valibot";

/**
 * The client's response types as runtime schemas. The client trusts what it is sent; here each answer must pass.
 * The annotations hold every schema to the client's own type: one that let more through would not compile.
 * Strict: a key that the type does not know is a disagreement, and somebody has to judge it.
 */
type Answer<Response> = v.GenericSchema<unknown, Response>;

export const hex = v.custom<`0x${string}`>(
  (given) => typeof given === "string" && /^0x[0-9a-f]+$/.test(given),
  "is no lowercase hex",
);
export const unsigned = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/));
const signed = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));
export const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const side = v.picklist(["A", "B"]);
const yes = v.exactOptional(v.literal(true));

const metaShape = v.strictObject({
  universe: v.array(
    v.strictObject({
      szDecimals: whole,
      name: v.string(),
      maxLeverage: whole,
      marginTableId: whole,
      onlyIsolated: yes,
      isDelisted: yes,
      marginMode: v.exactOptional(v.picklist(["strictIsolated", "noCross"])),
    }),
  ),
  marginTables: v.array(
    v.strictTuple([
      whole,
      v.strictObject({
        description: v.string(),
        marginTiers: v.array(v.strictObject({ lowerBound: unsigned, maxLeverage: whole })),
      }),
    ]),
  ),
  collateralToken: whole,
});
export const META: Answer<MetaResponse> = metaShape;

export const perpContext = v.strictObject({
  funding: signed,
  openInterest: unsigned,
  prevDayPx: unsigned,
  dayNtlVlm: unsigned,
  premium: v.nullable(signed),
  oraclePx: unsigned,
  markPx: unsigned,
  midPx: v.nullable(unsigned),
  impactPxs: v.nullable(v.array(unsigned)),
  dayBaseVlm: unsigned,
});
export const META_AND_CONTEXTS: Answer<MetaAndAssetCtxsResponse> = v.strictTuple([
  metaShape,
  v.array(perpContext),
]);

const spotMetaShape = v.strictObject({
  universe: v.array(
    v.strictObject({
      tokens: v.array(whole),
      name: v.string(),
      index: whole,
      isCanonical: v.boolean(),
    }),
  ),
  tokens: v.array(
    v.strictObject({
      name: v.string(),
      szDecimals: whole,
      weiDecimals: whole,
      index: whole,
      tokenId: hex,
      isCanonical: v.boolean(),
      evmContract: v.null(),
      fullName: v.nullable(v.string()),
      deployerTradingFeeShare: unsigned,
    }),
  ),
});
export const SPOT_META: Answer<SpotMetaResponse> = spotMetaShape;

export const spotContext = v.strictObject({
  prevDayPx: unsigned,
  dayNtlVlm: unsigned,
  markPx: unsigned,
  midPx: v.nullable(unsigned),
  circulatingSupply: unsigned,
  coin: v.string(),
  totalSupply: unsigned,
  dayBaseVlm: unsigned,
});
export const SPOT_META_AND_CONTEXTS: Answer<SpotMetaAndAssetCtxsResponse> = v.strictTuple([
  spotMetaShape,
  v.array(spotContext),
]);

const ratesByAsset = v.array(v.strictTuple([v.string(), signed]));
export const PERP_DEXS: Answer<PerpDexsResponse> = v.array(
  v.nullable(
    v.strictObject({
      name: v.string(),
      fullName: v.string(),
      deployer: hex,
      oracleUpdater: v.nullable(hex),
      feeRecipient: v.nullable(hex),
      assetToStreamingOiCap: ratesByAsset,
      subDeployers: v.array(v.strictTuple([v.string(), v.array(hex)])),
      deployerFeeScale: unsigned,
      lastDeployerFeeScaleChangeTime: v.string(),
      assetToFundingMultiplier: ratesByAsset,
      assetToFundingInterestRate: ratesByAsset,
    }),
  ),
);

export const ALL_MIDS: Answer<AllMidsResponse> = v.record(v.string(), unsigned);

export const level = v.strictObject({ px: unsigned, sz: unsigned, n: whole });
export const L2_BOOK: Answer<L2BookResponse> = v.nullable(
  v.strictObject({
    coin: v.string(),
    time: whole,
    levels: v.strictTuple([v.array(level), v.array(level)]),
  }),
);

export const TRADES: Answer<RecentTradesResponse> = v.array(
  v.strictObject({
    coin: v.string(),
    side,
    px: unsigned,
    sz: unsigned,
    time: whole,
    hash: hex,
    tid: whole,
    users: v.strictTuple([hex, hex]),
  }),
);

export const plainOrder = v.strictObject({
  coin: v.string(),
  side,
  limitPx: unsigned,
  sz: unsigned,
  oid: whole,
  timestamp: whole,
  origSz: unsigned,
  cloid: v.exactOptional(hex),
  reduceOnly: yes,
});
export const OPEN_ORDERS: Answer<OpenOrdersResponse> = v.array(plainOrder);

const fullOrderEntries = {
  coin: v.string(),
  side,
  limitPx: unsigned,
  sz: unsigned,
  oid: whole,
  timestamp: whole,
  origSz: unsigned,
  triggerCondition: v.string(),
  isTrigger: v.boolean(),
  triggerPx: unsigned,
  isPositionTpsl: v.boolean(),
  reduceOnly: v.boolean(),
  orderType: v.picklist([
    "Market",
    "Limit",
    "Stop Market",
    "Stop Limit",
    "Take Profit Market",
    "Take Profit Limit",
  ]),
  tif: v.nullable(v.picklist(["Gtc", "Ioc", "Alo", "FrontendMarket", "LiquidationMarket"])),
  cloid: v.nullable(hex),
};
/** The client's type leaves children open; they are rows that have none themselves. */
const fullOrder = v.strictObject({
  ...fullOrderEntries,
  children: v.array(v.strictObject({ ...fullOrderEntries, children: v.strictTuple([]) })),
});
export const FULL_ORDERS: Answer<FrontendOpenOrdersResponse> = v.array(fullOrder);

/** The statuses that these tests provoke. */
export const status = v.picklist([
  "open",
  "filled",
  "canceled",
  "triggered",
  "scheduledCancel",
  "siblingFilledCanceled",
  "reduceOnlyCanceled",
  "minTradeNtlRejected",
  "tickRejected",
  "badAloPxRejected",
  "iocCancelRejected",
  "badTriggerPxRejected",
  "marketOrderNoLiquidityRejected",
]);
const record = v.strictObject({ order: fullOrder, status, statusTimestamp: whole });
export const HISTORY: Answer<HistoricalOrdersResponse> = v.array(record);

export const ORDER_STATUS: Answer<OrderStatusResponse> = v.variant("status", [
  v.strictObject({ status: v.literal("order"), order: record }),
  v.strictObject({ status: v.literal("unknownOid") }),
]);

export const FILL: Answer<UserFillsResponse[number]> = v.strictObject({
  coin: v.string(),
  px: unsigned,
  sz: unsigned,
  side,
  time: whole,
  startPosition: signed,
  dir: v.string(),
  closedPnl: signed,
  hash: hex,
  oid: whole,
  crossed: v.boolean(),
  fee: signed,
  tid: whole,
  feeToken: v.string(),
  twapId: v.nullable(whole),
  cloid: v.exactOptional(hex),
});
export const FILLS: Answer<UserFillsResponse> = v.array(FILL);

const margin = v.strictObject({
  accountValue: unsigned,
  totalNtlPos: unsigned,
  totalRawUsd: signed,
  totalMarginUsed: unsigned,
});
const leverage = v.variant("type", [
  v.strictObject({ type: v.literal("cross"), value: whole }),
  v.strictObject({ type: v.literal("isolated"), value: whole, rawUsd: signed }),
]);
const position = v.strictObject({
  coin: v.string(),
  szi: signed,
  leverage,
  entryPx: unsigned,
  positionValue: unsigned,
  unrealizedPnl: signed,
  returnOnEquity: signed,
  liquidationPx: v.nullable(unsigned),
  marginUsed: unsigned,
  maxLeverage: whole,
  cumFunding: v.strictObject({ allTime: signed, sinceOpen: signed, sinceChange: signed }),
});
const clearinghouse = v.strictObject({
  marginSummary: margin,
  crossMarginSummary: margin,
  crossMaintenanceMarginUsed: unsigned,
  withdrawable: unsigned,
  assetPositions: v.array(v.strictObject({ type: v.literal("oneWay"), position })),
  time: whole,
});
export const CLEARINGHOUSE: Answer<ClearinghouseStateResponse> = clearinghouse;

const balances = v.strictObject({
  balances: v.array(
    v.strictObject({
      coin: v.string(),
      token: whole,
      total: unsigned,
      hold: unsigned,
      entryNtl: unsigned,
    }),
  ),
});
export const SPOT_CLEARINGHOUSE: Answer<SpotClearinghouseStateResponse> = balances;

export const SUB_ACCOUNTS: Answer<SubAccountsResponse> = v.nullable(
  v.array(
    v.strictObject({
      name: v.string(),
      subAccountUser: hex,
      master: hex,
      clearinghouseState: clearinghouse,
      spotState: balances,
    }),
  ),
);

export const RATE_LIMIT: Answer<UserRateLimitResponse> = v.strictObject({
  cumVlm: unsigned,
  nRequestsUsed: whole,
  nRequestsCap: whole,
  nRequestsSurplus: whole,
});

export const ROLE: Answer<UserRoleResponse> = v.variant("role", [
  v.strictObject({ role: v.picklist(["missing", "user", "vault"]) }),
  v.strictObject({ role: v.literal("agent"), data: v.strictObject({ user: hex }) }),
  v.strictObject({ role: v.literal("subAccount"), data: v.strictObject({ master: hex }) }),
]);

export const AGENTS: Answer<ExtraAgentsResponse> = v.array(
  v.strictObject({ address: hex, name: v.string(), validUntil: whole }),
);

/** The answer, once it has passed. */
export function checked<Response>(schema: Answer<Response>, answer: unknown): Response {
  return v.parse(schema, answer);
}
