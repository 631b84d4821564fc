import {
  type Decimal,
  decimalOf,
  divideCut,
  maxDecimal,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import {
  type Account,
  type Agent,
  balanceOf,
  cashOf,
  type Leverage,
  positionOf,
} from "../ledger/account.ts";
import { requestsCap, requestsSurplus, requestsUsed } from "../limits/address-budget.ts";
import type { Core } from "../core.ts";
import { holdOf, leverageOf, marginFor, marginOf } from "../market/funds.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import type { Limits } from "../limits/limits.ts";
import { absolute } from "../market/position.ts";
import { printDecimal } from "../print.ts";
import type { Asset } from "../market/universe.ts";
import { forUser, listedDex, MALFORMED, value } from "./answer.ts";

const TWO = decimalOf(2);

export const clearinghouseState = forUser((core, { account, request }) => {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(clearinghouseView(core.ledger, account, dex));
});

export const spotClearinghouseState = forUser((core, { account }) => {
  if (account === undefined) return value({ balances: [] });
  const balances = core.ledger.universe.listing.tokens
    .filter(({ name }) => account.balances.has(name))
    .map(({ name, index }) => ({
      coin: name,
      token: index,
      total: printDecimal(balanceOf(account, name)),
      hold: printDecimal(holdOf(account, name)),
      entryNtl: "0.0",
    }));
  return value({ balances });
});

/** Reserved requests are used first; those still left are the surplus (protocol §8.7, §12.2). */
export const userRateLimit = forUser((core, { account }) =>
  value({
    cumVlm: printDecimal(account?.volume ?? ZERO),
    nRequestsUsed: account === undefined ? 0 : requestsUsed(account),
    nRequestsCap: shownCap(account, core.ledger.limits),
    nRequestsSurplus: account === undefined ? 0 : requestsSurplus(account),
  }),
);

/** JSON has no Infinity: where nothing is limited, the largest number it carries. */
function shownCap(account: Account | undefined, limits: Limits): number {
  const cap = account === undefined ? limits.addressRequests : requestsCap(account, limits);
  return Math.min(cap, Number.MAX_SAFE_INTEGER);
}

export const userRole = forUser((core, { user, account }) => {
  if (account?.master !== undefined) {
    return value({ role: "subAccount", data: { master: account.master } });
  }
  if (account !== undefined) return value({ role: "user" });
  const master = core.ledger.agents.get(user);
  return value(
    master === undefined || !liveAgents(core, master).some(({ address }) => address === user)
      ? { role: "missing" }
      : { role: "agent", data: { user: master.address } },
  );
});

export const extraAgents = forUser((core, { account }) =>
  value(
    liveAgents(core, account)
      .filter(({ name }) => name !== "")
      .map(({ name, address, validUntilMs }) => ({ name, address, validUntil: validUntilMs })),
  ),
);

/** The keys that may sign now: an expired one is none any more. */
function liveAgents(core: Core, account: Account | undefined): readonly Agent[] {
  const nowMs = core.settings.clock.wallMs();
  return (account?.agents ?? []).filter(({ validUntilMs }) => validUntilMs > nowMs);
}

export const subAccounts = forUser((core, { account }) => {
  const subs = [...core.ledger.accounts.values()].filter(
    ({ master }) => master !== undefined && master === account?.address,
  );
  if (subs.length === 0) return value(null);
  return value(
    subs.map((sub, index) => ({
      name: `sub-${index + 1}`,
      subAccountUser: sub.address,
      master: sub.master,
      clearinghouseState: clearinghouseView(core.ledger, sub, ""),
      spotState: { balances: [] },
    })),
  );
});

export const userAbstraction = forUser(() => value("default"));

/** Margin and positions of one dex (protocol §8.7); an unknown account is an empty one. */
export function clearinghouseView(
  ledger: Ledger,
  account: Account | undefined,
  dex: string,
): object {
  const summary = summaryView(ledger, account, dex);
  const margin = account === undefined ? undefined : marginOf(ledger, account, dex);
  const free =
    margin === undefined ? ZERO : maxDecimal(ZERO, subtract(margin.accountValue, margin.used));
  return {
    marginSummary: summary,
    crossMarginSummary: summary,
    crossMaintenanceMarginUsed: printDecimal(divideCut(margin?.used ?? ZERO, TWO, 6)),
    withdrawable: printDecimal(free),
    assetPositions: account === undefined ? [] : positionViews(ledger, account, dex),
    time: ledger.news.atMs,
  };
}

function summaryView(ledger: Ledger, account: Account | undefined, dex: string): object {
  const margin =
    account === undefined
      ? { accountValue: ZERO, notional: ZERO, used: ZERO }
      : marginOf(ledger, account, dex);
  return {
    accountValue: printDecimal(margin.accountValue),
    totalNtlPos: printDecimal(margin.notional),
    totalRawUsd: printDecimal(account === undefined ? ZERO : cashOf(account, dex)),
    totalMarginUsed: printDecimal(margin.used),
  };
}

function positionViews(ledger: Ledger, account: Account, dex: string): object[] {
  return (ledger.universe.dex(dex) ?? [])
    .filter(({ coin }) => signOf(positionOf(account, coin).size) !== 0)
    .map((asset) => ({ type: "oneWay", position: positionView(ledger, account, asset) }));
}

function positionView(ledger: Ledger, account: Account, asset: Asset): object {
  const { size, entryValue } = positionOf(account, asset.coin);
  const leverage = leverageOf(account, asset);
  const worth = multiply(absolute(size), markOf(ledger, asset));
  const signedEntry = signOf(size) < 0 ? negate(entryValue) : entryValue;
  const signedWorth = signOf(size) < 0 ? negate(worth) : worth;
  const profit = subtract(signedWorth, signedEntry);
  const margin = marginFor(worth, leverage);
  return {
    coin: asset.coin,
    szi: printDecimal(size),
    leverage: leverageView(leverage, margin),
    entryPx: printDecimal(divideCut(entryValue, absolute(size), asset.market.priceDecimals)),
    positionValue: printDecimal(worth),
    unrealizedPnl: printDecimal(profit),
    returnOnEquity: printDecimal(returnOn(profit, marginFor(entryValue, leverage))),
    liquidationPx: null,
    marginUsed: printDecimal(margin),
    maxLeverage: asset.maxLeverage,
    cumFunding: { allTime: "0.0", sinceOpen: "0.0", sinceChange: "0.0" },
  };
}

function leverageView(leverage: Leverage, margin: Decimal): object {
  if (leverage.isCross) return { type: "cross", value: leverage.value };
  return { type: "isolated", value: leverage.value, rawUsd: printDecimal(margin) };
}

function returnOn(profit: Decimal, margin: Decimal): Decimal {
  return signOf(margin) === 0 ? ZERO : divideCut(profit, margin, 8);
}
