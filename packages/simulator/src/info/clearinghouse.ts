import {
  type Decimal,
  divideCut,
  maxDecimal,
  multiply,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, type Leverage, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import { freeMargin, leverageOf, marginFor, marginOf, type MarginSide } from "../market/funds.ts";
import { liquidationPriceOf } from "../market/liquidation-price.ts";
import { absolute, type Position } from "../market/position.ts";
import { isolatedEquity } from "../market/settle.ts";
import type { Asset } from "../market/universe.ts";
import { printDecimal } from "../print.ts";
import { forUser, listedDex, MALFORMED, value } from "./answer.ts";

const NOTHING: MarginSide = { accountValue: ZERO, notional: ZERO, used: ZERO, rawMoney: ZERO };

export const clearinghouseState = forUser((core, { account, request }) => {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(clearinghouseView(core.ledger, account, dex));
});

/** Margin and positions of one dex (protocol §8.7); an unknown account is an empty one. */
export function clearinghouseView(
  ledger: Ledger,
  account: Account | undefined,
  dex: string,
): object {
  const margin = account === undefined ? undefined : marginOf(ledger, account, dex);
  const free = margin === undefined ? ZERO : maxDecimal(ZERO, freeMargin(margin));
  return {
    marginSummary: summaryView(margin ?? NOTHING),
    crossMarginSummary: summaryView(margin?.cross ?? NOTHING),
    crossMaintenanceMarginUsed: printDecimal(margin?.cross.maintenance ?? ZERO),
    withdrawable: printDecimal(free),
    assetPositions: account === undefined ? [] : positionViews(ledger, account, dex),
    time: ledger.news.atMs,
  };
}

function summaryView(margin: MarginSide): object {
  return {
    accountValue: printDecimal(margin.accountValue),
    totalNtlPos: printDecimal(margin.notional),
    totalRawUsd: printDecimal(margin.rawMoney),
    totalMarginUsed: printDecimal(margin.used),
  };
}

function positionViews(ledger: Ledger, account: Account, dex: string): object[] {
  return (ledger.universe.dex(dex) ?? [])
    .filter(({ coin }) => signOf(positionOf(account, coin).size) !== 0)
    .map((asset) => ({ type: "oneWay", position: positionView(ledger, account, asset) }));
}

function positionView(ledger: Ledger, account: Account, asset: Asset): object {
  const position = positionOf(account, asset.coin);
  const { size, entryValue, ownCash, funding } = position;
  const leverage = leverageOf(account, asset);
  const mark = markOf(ledger, asset);
  const worth = multiply(absolute(size), mark);
  const profit = signOf(size) < 0 ? subtract(entryValue, worth) : subtract(worth, entryValue);
  const used = ownCash === undefined ? marginFor(worth, leverage) : isolatedEquity(position, mark);
  const liquidation = liquidationPriceOf(ledger, account, asset);
  return {
    coin: asset.coin,
    szi: printDecimal(size),
    leverage: leverageView(leverage, position),
    entryPx: printDecimal(divideCut(entryValue, absolute(size), asset.market.priceDecimals)),
    positionValue: printDecimal(worth),
    unrealizedPnl: printDecimal(profit),
    returnOnEquity: printDecimal(returnOn(profit, marginFor(entryValue, leverage))),
    liquidationPx: liquidation === undefined ? null : printDecimal(liquidation),
    marginUsed: printDecimal(used),
    maxLeverage: asset.maxLeverage,
    cumFunding: {
      allTime: printDecimal(funding.allTime),
      sinceOpen: printDecimal(funding.sinceOpen),
      sinceChange: printDecimal(funding.sinceChange),
    },
  };
}

/** An open position keeps the kind of margin it was opened with; without one it is what was chosen. */
export function leverageView(leverage: Leverage, position: Position): object {
  const { value: times } = leverage;
  const isolated = signOf(position.size) === 0 ? !leverage.isCross : position.ownCash !== undefined;
  if (!isolated) return { type: "cross", value: times };
  return { type: "isolated", value: times, rawUsd: printDecimal(position.ownCash ?? ZERO) };
}

function returnOn(profit: Decimal, margin: Decimal): Decimal {
  return signOf(margin) === 0 ? ZERO : divideCut(profit, margin, 8);
}
