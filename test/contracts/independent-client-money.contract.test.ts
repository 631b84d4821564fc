import { ApiRequestError } from "@nktkas/hyperliquid";
import { describe, expect, it } from "vitest";
import {
  LEDGER_UPDATES,
  REFERRAL,
  TWAP_HISTORY,
  TWAP_SLICE_FILLS,
} from "./independent-client-account-answers.fixture.ts";
import {
  DONE,
  SUB_ACCOUNT_CREATED,
  TWAP_CANCELED,
  TWAP_STARTED,
} from "./independent-client-action-answers.fixture.ts";
import { checked, SUB_ACCOUNTS } from "./independent-client-answers.fixture.ts";
import { limit, openWorld, WAYS, type World } from "./independent-client.fixture.ts";

const USDC = "USDC:0x00000000000000000000000000000000";
const PURR = "PURR:0x00000000000000000000000000000001";

describe.each(WAYS)("an independent client moves money on %s over %s", (network, way) => {
  it("sends collateral and tokens to others, and records it with both", async () => {
    const world = await openWorld(network, way);
    const { alice, bob, stranger } = world;
    const { exchange, user } = alice;
    const destination = stranger.user;
    checked(DONE, await exchange.usdSend({ destination, amount: "12.5" }));
    checked(DONE, await exchange.spotSend({ destination, token: PURR, amount: "40" }));
    expect(await moneyOf(world, user)).toEqual(["999987.5", { USDC: "10000.0", PURR: "960.0" }]);
    expect(await moneyOf(world, destination)).toEqual(["12.5", { PURR: "40.0" }]);
    const [sent, token] = await updatesOf(world, user);
    expect(sent?.delta).toEqual({
      type: "internalTransfer",
      usdc: "12.5",
      user,
      destination,
      fee: "0.0",
    });
    expect(token?.delta).toMatchObject({ type: "spotTransfer", amount: "40.0", usdcValue: "8.0" });
    expect(await updatesOf(world, destination)).toEqual([sent, token]);
    expect(await updatesOf(world, bob.user)).toEqual([]);
    // Whoever was sent money has an account and may sign for it.
    await stranger.exchange.usdSend({ destination: user, amount: "2.5" });
    expect(await moneyOf(world, destination)).toEqual(["10.0", { PURR: "40.0" }]);
  });

  it("moves money between spot, dexes and sub-accounts", async () => {
    const world = await openWorld(network, way);
    const { alice, sub, info } = world;
    const { exchange, user } = alice;
    checked(DONE, await exchange.usdClassTransfer({ amount: "100", toPerp: true }));
    const asset = { destination: user, token: USDC, amount: "50" };
    checked(DONE, await exchange.sendAsset({ ...asset, sourceDex: "", destinationDex: "xyz" }));
    checked(DONE, await exchange.sendAsset({ ...asset, sourceDex: "xyz", destinationDex: "spot" }));
    const deposit = { subAccountUser: sub, isDeposit: true };
    checked(DONE, await exchange.subAccountTransfer({ ...deposit, usd: 7_000_000 }));
    checked(DONE, await exchange.subAccountSpotTransfer({ ...deposit, token: PURR, amount: "3" }));
    expect(await moneyOf(world, user)).toEqual(["1000043.0", { USDC: "9950.0", PURR: "997.0" }]);
    expect(await moneyOf(world, sub)).toEqual(["1000007.0", { USDC: "1000000.0", PURR: "3.0" }]);
    const kinds = (await updatesOf(world, user)).map(({ delta }) => delta.type);
    expect(kinds).toEqual([
      "accountClassTransfer",
      "send",
      "send",
      "subAccountTransfer",
      "spotTransfer",
    ]);
    expect((await updatesOf(world, sub)).map(({ delta }) => delta.type)).toEqual(kinds.slice(3));
    expect(await info.clearinghouseState({ user, dex: "xyz" })).toMatchObject({
      withdrawable: "1000000.0",
    });
  });

  it("withdraws, less what the bridge keeps", async () => {
    const world = await openWorld(network, way);
    const { exchange, user } = world.alice;
    checked(DONE, await exchange.withdraw3({ destination: user, amount: "1001" }));
    expect((await moneyOf(world, user))[0]).toBe("998999.0");
    const [update] = await updatesOf(world, user);
    expect(update?.delta).toMatchObject({ type: "withdraw", usdc: "1000.0", fee: "1.0" });
  });

  it("opens and names a sub-account once enough was traded", async () => {
    const world = await openWorld(network, way, { rules: { subAccountVolume: "0" } });
    const { alice, info } = world;
    const created = await alice.exchange.createSubAccount({ name: "second" });
    const { data: subAccountUser } = checked(SUB_ACCOUNT_CREATED, created).response;
    checked(DONE, await alice.exchange.subAccountModify({ subAccountUser, name: "desk" }));
    await alice.exchange.subAccountTransfer({ subAccountUser, isDeposit: true, usd: 500_000_000 });
    const order = { orders: [limit({ b: true, p: "60000", s: "0.001" })] };
    await alice.exchange.order(order, { vaultAddress: subAccountUser });
    expect(await info.openOrders({ user: subAccountUser })).toHaveLength(1);
    const subs = checked(SUB_ACCOUNTS, await info.subAccounts({ user: alice.user }));
    expect(subs?.find((one) => one.subAccountUser === subAccountUser)?.name).toBe("desk");
  });

  it("gives an isolated position money, and takes it back", async () => {
    const world = await openWorld(network, way);
    const { alice, bob, info } = world;
    const { exchange, user } = alice;
    await exchange.updateLeverage({ asset: 0, isCross: false, leverage: 10 });
    await bob.exchange.order({ orders: [limit({ b: false, p: "64000", s: "0.01" })] });
    await exchange.order({ orders: [limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" })] });
    const margin = async () => {
      const { assetPositions } = await info.clearinghouseState({ user });
      return assetPositions[0]?.position.marginUsed;
    };
    expect(await margin()).toBe("64.0");
    const adding = { asset: 0, isBuy: true, ntli: 36_000_000 };
    checked(DONE, await exchange.updateIsolatedMargin(adding));
    expect(await margin()).toBe("100.0");
    checked(DONE, await exchange.updateIsolatedMargin({ ...adding, ntli: -6_000_000 }));
    expect(await margin()).toBe("94.0");
    checked(DONE, await exchange.topUpIsolatedOnlyMargin({ asset: 0, leverage: "5" }));
    expect(await margin()).toBe("128.0");
  });

  it("approves a builder, a referrer and the rest of what clients send once", async () => {
    const { alice, bob, info } = await openWorld(network, way);
    const { exchange, user } = alice;
    const builder = bob.user;
    checked(DONE, await exchange.approveBuilderFee({ builder, maxFeeRate: "0.01%" }));
    expect(await info.maxBuilderFee({ user, builder })).toBe(10);
    expect(await info.approvedBuilders({ user })).toEqual([builder]);
    checked(DONE, await bob.exchange.registerReferrer({ code: "CLOISTER" }));
    checked(DONE, await exchange.setReferrer({ code: "CLOISTER" }));
    expect(checked(REFERRAL, await info.referral({ user }))).toMatchObject({
      referredBy: { referrer: builder, code: "CLOISTER" },
    });
    expect(checked(REFERRAL, await info.referral({ user: builder }))).toMatchObject({
      referrerState: { stage: "ready", data: { nReferrals: 1, referralStates: [{ user }] } },
    });
    checked(DONE, await exchange.setDisplayName({ displayName: "desk" }));
    checked(DONE, await exchange.evmUserModify({ usingBigBlocks: true }));
  });

  it("slices a large order, shows it, and ends it", async () => {
    const { alice, bob, info } = await openWorld(network, way);
    const { exchange, user } = alice;
    await bob.exchange.order({ orders: [limit({ b: false, p: "64000", s: "1" })] });
    const twap = { a: 0, b: true, s: "0.11", r: false, m: 5, t: false };
    const started = checked(TWAP_STARTED, await exchange.twapOrder({ twap }));
    const { twapId } = started.response.data.status.running;
    await exchange.noop();
    const fills = checked(TWAP_SLICE_FILLS, await info.userTwapSliceFills({ user }));
    expect(fills).toMatchObject([{ twapId, fill: { sz: "0.01", twapId } }]);
    // A slice is no transaction of its own (protocol §4.2).
    expect(fills[0]?.fill.hash).toBe(`0x${"0".repeat(64)}`);
    checked(TWAP_CANCELED, await exchange.twapCancel({ a: 0, t: twapId }));
    const history = checked(TWAP_HISTORY, await info.twapHistory({ user }));
    expect(history.map(({ status }) => status.status)).toEqual(["terminated", "activated"]);
    expect(history[0]?.state).toMatchObject({ executedSz: "0.01", executedNtl: "640.0" });
    const gone = await refusal(exchange.twapCancel({ a: 0, t: twapId }));
    expect(gone).toBe("TWAP was never placed, already canceled, or filled.");
  });

  it("is refused in the exchange's words, and nothing moves", async () => {
    const world = await openWorld(network, way);
    const { alice, bob, agent, sub } = world;
    const { exchange, user } = alice;
    const destination = bob.user;
    const amount = "2000000";
    const before = await moneyOf(world, user);
    const short = "Insufficient balance for token transfer";
    const asked: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => exchange.usdSend({ destination, amount }), short],
      [() => exchange.spotSend({ destination, token: PURR, amount }), short],
      [() => exchange.usdClassTransfer({ amount, toPerp: false }), short],
      [() => exchange.withdraw3({ destination, amount }), "Insufficient balance for withdrawal."],
      [
        () => agent.exchange.usdSend({ destination, amount: "1" }),
        `Must deposit before performing actions. User: ${agent.user}`,
      ],
      [
        () => exchange.subAccountTransfer({ subAccountUser: bob.user, isDeposit: true, usd: 1 }),
        `Invalid sub-account transfer from ${user} to ${bob.user}`,
      ],
      [
        () => exchange.createSubAccount({ name: "x" }),
        "Cannot create sub-accounts until enough volume traded. Required: $100000. Traded: $0.",
      ],
      [() => exchange.setReferrer({ code: "NOBODY" }), "Referral code not registered"],
      [
        () => exchange.vaultTransfer({ vaultAddress: sub, isDeposit: true, usd: 1 }),
        `Vault not registered: ${sub}`,
      ],
      [
        () => exchange.twapOrder({ twap: { a: 0, b: true, s: "0.001", r: false, m: 5, t: false } }),
        "TWAP order value too small. Min is $100.",
      ],
      [
        () => exchange.twapOrder({ twap: { a: 0, b: false, s: "0.1", r: true, m: 5, t: false } }),
        "Reduce-only TWAP order would increase position.",
      ],
    ];
    for (const [ask, text] of asked) expect(await refusal(ask())).toBe(text);
    expect(await moneyOf(world, user)).toEqual(before);
  });
});

/** Collateral of the first dex, and tokens by name. */
async function moneyOf({ info }: World, user: `0x${string}`) {
  const { withdrawable } = await info.clearinghouseState({ user });
  const { balances } = await info.spotClearinghouseState({ user });
  return [withdrawable, Object.fromEntries(balances.map(({ coin, total }) => [coin, total]))];
}

async function updatesOf({ info }: World, user: `0x${string}`) {
  const answer = await info.userNonFundingLedgerUpdates({ user, startTime: 0 });
  return checked(LEDGER_UPDATES, answer);
}

/** The text of a refusal. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ApiRequestError) return thrown.message;
  throw new Error(`was not refused by the exchange: ${String(thrown)}`, { cause: thrown });
}
