import type {
  ActiveAssetDataResponse,
  ApprovedBuildersResponse,
  BorrowLendUserStateResponse,
  CandleSnapshotResponse,
  DelegatorSummaryResponse,
  FundingHistoryResponse,
  LegalCheckResponse,
  PerpDexLimitsResponse,
  PerpDexStatusResponse,
  PortfolioResponse,
  PredictedFundingsResponse,
  PreTransferCheckResponse,
  ReferralResponse,
  SpotDeployStateResponse,
  SubAccounts2Response,
  TokenDetailsResponse,
  TwapHistoryResponse,
  UserFeesResponse,
  UserFundingResponse,
  UserNonFundingLedgerUpdatesResponse,
  UserTwapSliceFillsResponse,
  WebData2Response,
} from "@nktkas/hyperliquid/api/info";
import * as v from "valibot";
import {
  CLEARINGHOUSE,
  FILL,
  FULL_ORDERS,
  hex,
  META,
  perpContext,
  SPOT_CLEARINGHOUSE,
  spotContext,
  unsigned,
  whole,
} from "./independent-client-answers.fixture.ts";

/** More of the client's response types as runtime schemas, as strict as the first ones. */
type Answer<Response> = v.GenericSchema<unknown, Response>;

const signed = v.pipe(v.string(), v.regex(/^-?\d+(\.\d+)?$/));
const side = v.picklist(["A", "B"]);

export const USER_FEES: Answer<UserFeesResponse> = v.strictObject({
  dailyUserVlm: v.array(
    v.strictObject({
      date: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/)),
      userCross: unsigned,
      userAdd: unsigned,
      exchange: unsigned,
    }),
  ),
  feeSchedule: v.strictObject({
    cross: unsigned,
    add: unsigned,
    spotCross: unsigned,
    spotAdd: unsigned,
    tiers: v.strictObject({
      vip: v.array(
        v.strictObject({
          ntlCutoff: unsigned,
          cross: unsigned,
          add: unsigned,
          spotCross: unsigned,
          spotAdd: unsigned,
        }),
      ),
      mm: v.array(v.strictObject({ makerFractionCutoff: unsigned, add: signed })),
    }),
    referralDiscount: unsigned,
    stakingDiscountTiers: v.array(v.strictObject({ bpsOfMaxSupply: unsigned, discount: unsigned })),
  }),
  userCrossRate: unsigned,
  userAddRate: signed,
  userSpotCrossRate: unsigned,
  userSpotAddRate: signed,
  activeReferralDiscount: unsigned,
  trial: v.null(),
  feeTrialEscrow: unsigned,
  nextTrialAvailableTimestamp: v.null(),
  stakingLink: v.null(),
  activeStakingDiscount: v.strictObject({ bpsOfMaxSupply: unsigned, discount: unsigned }),
});

const leverage = v.variant("type", [
  v.strictObject({ type: v.literal("cross"), value: whole }),
  v.strictObject({ type: v.literal("isolated"), value: whole, rawUsd: signed }),
]);
export const ACTIVE_ASSET_DATA: Answer<ActiveAssetDataResponse> = v.strictObject({
  user: hex,
  coin: v.string(),
  leverage,
  maxTradeSzs: v.strictTuple([unsigned, unsigned]),
  availableToTrade: v.strictTuple([unsigned, unsigned]),
  markPx: unsigned,
});

const interval = v.picklist([
  "1m",
  "3m",
  "5m",
  "15m",
  "30m",
  "1h",
  "2h",
  "4h",
  "8h",
  "12h",
  "1d",
  "3d",
  "1w",
  "1M",
]);
export const CANDLE: Answer<CandleSnapshotResponse[number]> = v.strictObject({
  t: whole,
  T: whole,
  s: v.string(),
  i: interval,
  o: unsigned,
  c: unsigned,
  h: unsigned,
  l: unsigned,
  v: unsigned,
  n: whole,
});
export const CANDLES: Answer<CandleSnapshotResponse> = v.array(CANDLE);

export const FUNDING_HISTORY: Answer<FundingHistoryResponse> = v.array(
  v.strictObject({ coin: v.string(), fundingRate: signed, premium: signed, time: whole }),
);
export const PREDICTED_FUNDINGS: Answer<PredictedFundingsResponse> = v.array(
  v.strictTuple([
    v.string(),
    v.array(
      v.strictTuple([
        v.string(),
        v.nullable(
          v.strictObject({
            fundingRate: signed,
            nextFundingTime: whole,
            fundingIntervalHours: v.exactOptional(whole),
          }),
        ),
      ]),
    ),
  ]),
);
export const USER_FUNDING: Answer<UserFundingResponse> = v.array(
  v.strictObject({
    time: whole,
    hash: hex,
    delta: v.strictObject({
      type: v.literal("funding"),
      coin: v.string(),
      usdc: signed,
      szi: signed,
      fundingRate: signed,
      nSamples: v.nullable(whole),
    }),
  }),
);

const spotMoved = {
  token: v.string(),
  amount: unsigned,
  usdcValue: unsigned,
  user: hex,
  destination: hex,
  fee: unsigned,
  nativeTokenFee: unsigned,
  feeToken: v.string(),
};
/** The kinds that these tests provoke. */
export const LEDGER_UPDATES: Answer<UserNonFundingLedgerUpdatesResponse> = v.array(
  v.strictObject({
    time: whole,
    hash: hex,
    delta: v.variant("type", [
      v.strictObject({
        type: v.literal("accountClassTransfer"),
        usdc: unsigned,
        toPerp: v.boolean(),
      }),
      v.strictObject({
        type: v.literal("internalTransfer"),
        usdc: unsigned,
        user: hex,
        destination: hex,
        fee: unsigned,
      }),
      v.strictObject({
        type: v.literal("subAccountTransfer"),
        usdc: unsigned,
        user: hex,
        destination: hex,
      }),
      v.strictObject({ type: v.literal("spotTransfer"), nonce: v.nullable(whole), ...spotMoved }),
      v.strictObject({
        type: v.literal("send"),
        sourceDex: v.string(),
        destinationDex: v.string(),
        nonce: whole,
        ...spotMoved,
      }),
      v.strictObject({ type: v.literal("withdraw"), usdc: unsigned, nonce: whole, fee: unsigned }),
    ]),
  }),
);

const period = v.strictObject({
  accountValueHistory: v.array(v.strictTuple([whole, unsigned])),
  pnlHistory: v.array(v.strictTuple([whole, signed])),
  vlm: unsigned,
});
export const PORTFOLIO: Answer<PortfolioResponse> = v.strictTuple([
  v.strictTuple([v.literal("day"), period]),
  v.strictTuple([v.literal("week"), period]),
  v.strictTuple([v.literal("month"), period]),
  v.strictTuple([v.literal("allTime"), period]),
  v.strictTuple([v.literal("perpDay"), period]),
  v.strictTuple([v.literal("perpWeek"), period]),
  v.strictTuple([v.literal("perpMonth"), period]),
  v.strictTuple([v.literal("perpAllTime"), period]),
]);

export const APPROVED_BUILDERS: Answer<ApprovedBuildersResponse> = v.array(hex);

const volumes = {
  cumVlm: unsigned,
  cumRewardedFeesSinceReferred: unsigned,
  cumFeesRewardedToReferrer: unsigned,
};
export const REFERRAL: Answer<ReferralResponse> = v.strictObject({
  referredBy: v.nullable(v.strictObject({ referrer: hex, code: v.string() })),
  cumVlm: unsigned,
  unclaimedRewards: unsigned,
  claimedRewards: unsigned,
  builderRewards: unsigned,
  referrerState: v.variant("stage", [
    v.strictObject({
      stage: v.literal("ready"),
      data: v.strictObject({
        code: v.string(),
        nReferrals: whole,
        referralStates: v.array(
          v.strictObject({
            ...volumes,
            timeJoined: whole,
            user: hex,
            tokenToState: v.array(v.strictTuple([whole, v.strictObject(volumes)])),
          }),
        ),
      }),
    }),
    v.strictObject({ stage: v.literal("needToCreateCode") }),
  ]),
  rewardHistory: v.array(
    v.strictObject({ earned: unsigned, vlm: unsigned, referralVlm: unsigned, time: whole }),
  ),
  tokenToState: v.array(
    v.strictTuple([
      whole,
      v.strictObject({
        cumVlm: unsigned,
        unclaimedRewards: unsigned,
        claimedRewards: unsigned,
        builderRewards: unsigned,
      }),
    ]),
  ),
});

export const twapState = v.strictObject({
  coin: v.string(),
  executedNtl: unsigned,
  executedSz: unsigned,
  minutes: whole,
  randomize: v.boolean(),
  reduceOnly: v.boolean(),
  side,
  sz: unsigned,
  timestamp: whole,
  user: hex,
});
export const TWAP_HISTORY: Answer<TwapHistoryResponse> = v.array(
  v.strictObject({
    time: whole,
    state: twapState,
    status: v.variant("status", [
      v.strictObject({ status: v.picklist(["finished", "activated", "terminated"]) }),
      v.strictObject({ status: v.literal("error"), description: v.string() }),
    ]),
    twapId: v.exactOptional(whole),
  }),
);
export const TWAP_SLICE_FILLS: Answer<UserTwapSliceFillsResponse> = v.array(
  v.strictObject({ fill: FILL, twapId: whole }),
);

export const SUB_ACCOUNTS_2: Answer<SubAccounts2Response> = v.nullable(
  v.array(
    v.strictObject({
      name: v.string(),
      subAccountUser: hex,
      master: hex,
      dexToClearinghouseState: v.array(v.strictTuple([v.string(), CLEARINGHOUSE])),
      spotState: SPOT_CLEARINGHOUSE,
    }),
  ),
);

export const TOKEN_DETAILS: Answer<TokenDetailsResponse> = v.strictObject({
  name: v.string(),
  maxSupply: unsigned,
  totalSupply: unsigned,
  circulatingSupply: unsigned,
  szDecimals: whole,
  weiDecimals: whole,
  midPx: unsigned,
  markPx: unsigned,
  prevDayPx: unsigned,
  genesis: v.null(),
  deployer: v.nullable(hex),
  deployGas: v.nullable(v.string()),
  deployTime: v.nullable(v.string()),
  seededUsdc: unsigned,
  nonCirculatingUserBalances: v.array(v.strictTuple([hex, unsigned])),
  futureEmissions: unsigned,
});

export const SPOT_DEPLOY_STATE: Answer<SpotDeployStateResponse> = v.strictObject({
  states: v.strictTuple([]),
  gasAuction: v.strictObject({
    currentGas: v.nullable(v.string()),
    durationSeconds: whole,
    endGas: v.nullable(v.string()),
    startGas: unsigned,
    startTimeSeconds: whole,
  }),
});

export const DEX_LIMITS: Answer<PerpDexLimitsResponse> = v.null();
export const DEX_STATUS: Answer<PerpDexStatusResponse> = v.strictObject({
  totalNetDeposit: unsigned,
});
export const DELEGATOR_SUMMARY: Answer<DelegatorSummaryResponse> = v.strictObject({
  delegated: unsigned,
  undelegated: unsigned,
  totalPendingWithdrawal: unsigned,
  nPendingWithdrawals: whole,
});
export const LEGAL_CHECK: Answer<LegalCheckResponse> = v.strictObject({
  ipAllowed: v.boolean(),
  acceptedTerms: v.boolean(),
  userAllowed: v.boolean(),
});
export const TRANSFER_CHECK: Answer<PreTransferCheckResponse> = v.strictObject({
  fee: unsigned,
  isSanctioned: v.boolean(),
  userExists: v.boolean(),
  userHasSentTx: v.boolean(),
});
export const LENDING: Answer<BorrowLendUserStateResponse> = v.strictObject({
  tokenToState: v.strictTuple([]),
  health: v.literal("healthy"),
  healthFactor: v.null(),
});

export const WEB_DATA_2: Answer<WebData2Response> = v.strictObject({
  clearinghouseState: CLEARINGHOUSE,
  leadingVaults: v.strictTuple([]),
  totalVaultEquity: unsigned,
  openOrders: FULL_ORDERS,
  agentAddress: v.nullable(hex),
  agentValidUntil: v.nullable(whole),
  cumLedger: signed,
  meta: META,
  assetCtxs: v.array(perpContext),
  serverTime: whole,
  isVault: v.boolean(),
  user: hex,
  twapStates: v.array(v.strictTuple([whole, twapState])),
  spotState: SPOT_CLEARINGHOUSE,
  spotAssetCtxs: v.array(spotContext),
  perpsAtOpenInterestCap: v.array(v.string()),
});
