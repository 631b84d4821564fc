import type {
  ActiveAssetDataEvent,
  AllDexsAssetCtxsEvent,
  AllDexsClearinghouseStateEvent,
  AssetCtxsEvent,
  CandleEvent,
  NotificationEvent,
  SpotAssetCtxsEvent,
  SpotStateEvent,
  TwapStatesEvent,
  UserFundingsEvent,
  UserHistoricalOrdersEvent,
  UserNonFundingLedgerUpdatesEvent,
  UserTwapHistoryEvent,
  UserTwapSliceFillsEvent,
  WebData2Event,
  WebData3Event,
} from "@nktkas/hyperliquid/api/subscription";
import * as v from "valibot";
import {
  ACTIVE_ASSET_DATA,
  CANDLE,
  LEDGER_UPDATES,
  TWAP_HISTORY,
  TWAP_SLICE_FILLS,
  twapState,
  WEB_DATA_2,
} from "./independent-client-account-answers.fixture.ts";
import {
  CLEARINGHOUSE,
  hex,
  HISTORY,
  perpContext,
  SPOT_CLEARINGHOUSE,
  spotContext,
  unsigned,
  whole,
} from "./independent-client-answers.fixture.ts";

/** More of the client's event types as runtime schemas, as strict as the first ones. */
type Event<Data> = v.GenericSchema<unknown, Data>;

const signed = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));
const isSnapshot = v.exactOptional(v.literal(true));

export const SPOT_STATE: Event<SpotStateEvent> = v.strictObject({
  user: hex,
  spotState: SPOT_CLEARINGHOUSE,
});
export const ACTIVE_DATA: Event<ActiveAssetDataEvent> = ACTIVE_ASSET_DATA;
export const CANDLE_EVENT: Event<CandleEvent> = CANDLE;
export const NOTIFICATION: Event<NotificationEvent> = v.strictObject({ notification: v.string() });
export const FUNDINGS: Event<UserFundingsEvent> = v.strictObject({
  user: hex,
  fundings: v.array(
    v.strictObject({
      time: whole,
      coin: v.string(),
      usdc: signed,
      szi: signed,
      fundingRate: signed,
      nSamples: v.nullable(whole),
    }),
  ),
  isSnapshot,
});
export const HISTORICAL_ORDERS: Event<UserHistoricalOrdersEvent> = v.strictObject({
  user: hex,
  orderHistory: HISTORY,
  isSnapshot,
});
export const LEDGER_UPDATES_EVENT: Event<UserNonFundingLedgerUpdatesEvent> = v.strictObject({
  user: hex,
  nonFundingLedgerUpdates: LEDGER_UPDATES,
  isSnapshot,
});
export const TWAP_FILLS_EVENT: Event<UserTwapSliceFillsEvent> = v.strictObject({
  user: hex,
  twapSliceFills: TWAP_SLICE_FILLS,
  isSnapshot,
});
export const TWAP_HISTORY_EVENT: Event<UserTwapHistoryEvent> = v.strictObject({
  user: hex,
  history: TWAP_HISTORY,
  isSnapshot,
});
export const TWAP_STATES: Event<TwapStatesEvent> = v.strictObject({
  dex: v.string(),
  user: hex,
  states: v.array(v.strictTuple([whole, twapState])),
});
export const WEB_DATA_2_EVENT: Event<WebData2Event> = WEB_DATA_2;
export const WEB_DATA_3_EVENT: Event<WebData3Event> = v.strictObject({
  userState: v.strictObject({
    agentAddress: v.nullable(hex),
    agentValidUntil: v.nullable(whole),
    cumLedger: signed,
    serverTime: whole,
    isVault: v.boolean(),
    user: hex,
  }),
  perpDexStates: v.array(
    v.strictObject({
      totalVaultEquity: unsigned,
      perpsAtOpenInterestCap: v.array(v.string()),
      leadingVaults: v.strictTuple([]),
    }),
  ),
});
export const ALL_DEXS_STATE: Event<AllDexsClearinghouseStateEvent> = v.strictObject({
  user: hex,
  clearinghouseStates: v.array(v.strictTuple([v.string(), CLEARINGHOUSE])),
});
export const ALL_DEXS_CONTEXTS: Event<AllDexsAssetCtxsEvent> = v.strictObject({
  ctxs: v.array(v.strictTuple([v.string(), v.array(perpContext)])),
});
export const DEX_CONTEXTS: Event<AssetCtxsEvent> = v.strictObject({
  dex: v.string(),
  ctxs: v.array(perpContext),
});
export const SPOT_CONTEXTS: Event<SpotAssetCtxsEvent> = v.array(spotContext);
