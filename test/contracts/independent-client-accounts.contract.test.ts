import { describe, expect, it } from "vitest";
import {
  ACTIVE_ASSET_DATA,
  APPROVED_BUILDERS,
  CANDLES,
  DELEGATOR_SUMMARY,
  DEX_LIMITS,
  DEX_STATUS,
  FUNDING_HISTORY,
  LEGAL_CHECK,
  LENDING,
  PORTFOLIO,
  PREDICTED_FUNDINGS,
  REFERRAL,
  SPOT_DEPLOY_STATE,
  SUB_ACCOUNTS_2,
  TOKEN_DETAILS,
  TRANSFER_CHECK,
  USER_FEES,
  USER_FUNDING,
  WEB_DATA_2,
} from "./independent-client-account-answers.fixture.ts";
import { checked, META } from "./independent-client-answers.fixture.ts";
import { limit, openWorld, WAYS, type World } from "./independent-client.fixture.ts";

const NOBODY = "0x00000000000000000000000000000000000000aa";

describe.each(WAYS)("an independent client reads accounts of %s over %s", (network, way) => {
  it("what an account pays, and what it traded by day", async () => {
    const world = await openWorld(network, way);
    await trade(world, "64000");
    const fees = checked(USER_FEES, await world.info.userFees({ user: world.alice.user }));
    expect(fees).toMatchObject({ userCrossRate: "0.00045", userAddRate: "0.00015" });
    expect(fees.dailyUserVlm).toHaveLength(15);
    expect(fees.dailyUserVlm.at(-1)).toMatchObject({
      userCross: "64.0",
      userAdd: "0.0",
      exchange: "64.0",
    });
    const maker = checked(USER_FEES, await world.info.userFees({ user: world.bob.user }));
    expect(maker.dailyUserVlm.at(-1)).toMatchObject({ userCross: "0.0", userAdd: "64.0" });
  });

  it("what could be traded of a perpetual, in both directions", async () => {
    const world = await openWorld(network, way);
    const { info, alice } = world;
    const ask = () => info.activeAssetData({ user: alice.user, coin: "BTC" });
    const flat = checked(ACTIVE_ASSET_DATA, await ask());
    expect(flat).toMatchObject({
      leverage: { type: "cross", value: 20 },
      maxTradeSzs: ["312.5", "312.5"],
      availableToTrade: ["1000000.0", "1000000.0"],
      markPx: "64000.0",
    });
    await trade(world, "64000");
    const long = checked(ACTIVE_ASSET_DATA, await ask());
    expect(Number(long.availableToTrade[1])).toBeGreaterThan(Number(long.availableToTrade[0]));
    await alice.exchange.updateLeverage({ asset: 1, isCross: false, leverage: 3 });
    const isolated = await info.activeAssetData({ user: alice.user, coin: "ETH" });
    expect(checked(ACTIVE_ASSET_DATA, isolated).leverage).toEqual({
      type: "isolated",
      value: 3,
      rawUsd: "0.0",
    });
  });

  it("candles made of trades", async () => {
    const world = await openWorld(network, way);
    const { info } = world;
    await trade(world, "64000");
    await trade(world, "64010");
    await trade(world, "63990");
    const { time } = await info.exchangeStatus();
    const startTime = time - 40 * 24 * 3_600_000;
    for (const interval of ["1h", "1d", "1M"] as const) {
      const asked = await info.candleSnapshot({ coin: "BTC", interval, startTime });
      const candles = checked(CANDLES, asked);
      const count = candles.reduce((sum, { n }) => sum + n, 0);
      expect(count).toBe(3);
      expect(candles.at(0)).toMatchObject({ s: "BTC", i: interval, o: "64000.0" });
      expect(candles.at(-1)?.c).toBe("63990.0");
      for (const { t, T } of candles) expect(T).toBeGreaterThan(t);
    }
    const none = await info.candleSnapshot({ coin: "ETH", interval: "1m", startTime });
    expect(checked(CANDLES, none)).toEqual([]);
  });

  it("funding rates, and what an account paid: nothing before the first hour", async () => {
    const { info, alice } = await openWorld(network, way);
    const past = await info.fundingHistory({ coin: "BTC", startTime: 0 });
    expect(checked(FUNDING_HISTORY, past)).toEqual([]);
    const predicted = checked(PREDICTED_FUNDINGS, await info.predictedFundings());
    expect(predicted.map(([coin]) => coin)).toEqual(["BTC", "ETH", "SOL"]);
    const paid = await info.userFunding({ user: alice.user, startTime: 0 });
    expect(checked(USER_FUNDING, paid)).toEqual([]);
  });

  it("what an account was worth and made of it", async () => {
    const world = await openWorld(network, way);
    await trade(world, "64000");
    world.simulator.setMark("BTC", "64100");
    await world.alice.exchange.noop();
    const periods = checked(PORTFOLIO, await world.info.portfolio({ user: world.alice.user }));
    const [, day] = periods[0];
    expect(day.accountValueHistory.length).toBeGreaterThanOrEqual(2);
    // A thousandth of a coin rose by 100, less a fee of 0.0288.
    expect(day.pnlHistory.at(-1)?.[1]).toBe("0.0712");
    expect(day.vlm).toBe("64.0");
  });

  it("listings: every dex's meta, margin tables, tokens, what is capped", async () => {
    const { info, alice } = await openWorld(network, way);
    const metas = (await info.allPerpMetas()).map((meta) => checked(META, meta));
    expect(metas).toEqual([await info.meta(), await info.meta({ dex: "xyz" })]);
    for (const [id, table] of metas.flatMap(({ marginTables }) => marginTables)) {
      expect(await info.marginTable({ id })).toEqual(table);
    }
    const { tokens } = await info.spotMeta();
    const purr = tokens.find(({ name }) => name === "PURR");
    const details = await info.tokenDetails({ tokenId: purr?.tokenId ?? "0x" });
    expect(checked(TOKEN_DETAILS, details)).toMatchObject({ name: "PURR", totalSupply: "2000.0" });
    expect(await info.perpsAtOpenInterestCap()).toEqual([]);
    expect(checked(DEX_LIMITS, await info.perpDexLimits({ dex: "xyz" }))).toBeNull();
    expect(checked(DEX_STATUS, await info.perpDexStatus({ dex: "xyz" }))).toEqual({
      totalNetDeposit: "3000000.0",
    });
    checked(SPOT_DEPLOY_STATE, await info.spotDeployState({ user: alice.user }));
  });

  it("sub-accounts with the state of every dex", async () => {
    const { info, alice, sub } = await openWorld(network, way);
    const subs = checked(SUB_ACCOUNTS_2, await info.subAccounts2({ user: alice.user }));
    expect(subs).toMatchObject([{ subAccountUser: sub, name: "sub-1", master: alice.user }]);
    expect(subs?.[0]?.dexToClearinghouseState.map(([dex]) => dex)).toEqual(["", "xyz"]);
    expect(subs?.[0]?.spotState.balances).toMatchObject([{ coin: "USDC", total: "1000000.0" }]);
  });

  it("what a web page once needed, in one answer", async () => {
    const { info, alice } = await openWorld(network, way);
    await alice.exchange.order({ orders: [limit({ b: true, p: "60000", s: "0.001" })] });
    const data = checked(WEB_DATA_2, await info.webData2({ user: alice.user }));
    expect(data.openOrders).toHaveLength(1);
    expect(data.meta).toEqual(await info.meta());
    expect(data).toMatchObject({ user: alice.user, agentAddress: null, cumLedger: "2010200.0" });
  });

  it("referrals and builders: none yet", async () => {
    const { info, alice } = await openWorld(network, way);
    const { user } = alice;
    expect(checked(REFERRAL, await info.referral({ user }))).toMatchObject({
      referredBy: null,
      referrerState: { stage: "needToCreateCode" },
    });
    expect(await info.maxBuilderFee({ user, builder: NOBODY })).toBe(0);
    expect(checked(APPROVED_BUILDERS, await info.approvedBuilders({ user }))).toEqual([]);
  });

  it("what there is none of here, in the shape of an account without any", async () => {
    const { info, alice } = await openWorld(network, way);
    const { user } = alice;
    checked(DELEGATOR_SUMMARY, await info.delegatorSummary({ user }));
    checked(LEGAL_CHECK, await info.legalCheck({ user }));
    checked(LENDING, await info.borrowLendUserState({ user }));
    const source = user;
    const check = await info.preTransferCheck({ user: NOBODY, source });
    expect(checked(TRANSFER_CHECK, check)).toMatchObject({ userExists: false });
    const rows = await Promise.all([
      info.delegations({ user }),
      info.delegatorHistory({ user }),
      info.delegatorRewards({ user }),
      info.userVaultEquities({ user }),
      info.leadingVaults({ user }),
      info.vaultSummaries(),
      info.liquidatable(),
      info.gossipRootIps(),
      info.twapHistory({ user }),
      info.userTwapSliceFills({ user }),
      info.userTwapSliceFillsByTime({ user, startTime: 0 }),
      info.userNonFundingLedgerUpdates({ user, startTime: 0 }),
      info.userBorrowLendInterest({ user, startTime: 0 }),
      info.allBorrowLendReserveStates(),
      info.perpCategories(),
      info.perpConciseAnnotations(),
      info.validatorL1Votes(),
      info.validatorSummaries(),
    ]);
    for (const list of rows) expect(list).toEqual([]);
    const nothing = await Promise.all([
      info.vaultDetails({ vaultAddress: NOBODY }),
      info.userToMultiSigSigners({ user }),
      info.userDexAbstraction({ user }),
    ]);
    for (const none of nothing) expect(none).toBeNull();
    expect(await info.isVip({ user })).toBe(false);
  });
});

/** Bob offers, alice takes all of it. */
async function trade({ alice, bob }: World, price: string): Promise<void> {
  await bob.exchange.order({ orders: [limit({ b: false, p: price, s: "0.001" })] });
  await alice.exchange.order({ orders: [limit({ b: true, p: price, s: "0.001", tif: "Ioc" })] });
}
