import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  multiply,
  negate,
  ONE,
  parseDecimal,
  roundPrice,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, cashOf, positionOf } from "../ledger/account.ts";
import { endOrder, type Ledger, markOf } from "../ledger/ledger.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { printDecimal } from "../print.ts";
import { absorb, backstopOf } from "./backstop.ts";
import { deleverage } from "./deleverage.ts";
import type { WireLiquidation } from "./fill.ts";
import { addCash, maintenanceOf, marginOf } from "./funds.ts";
import { matchOrder } from "./match.ts";
import { absolute } from "./position.ts";
import { isolatedEquity } from "./settle.ts";
import { settleSystemDeal, systemOrder } from "./system-fill.ts";
import type { Asset } from "./universe.ts";

/** How far from the mark a liquidated position is offered to the book, as a market order would be. */
const REACH = parseDecimal("0.1");

/** Positions that stand and fall together: all that share the money of a dex, or one that is isolated. */
type Stake = {
  readonly account: Account;
  readonly dex: string;
  readonly assets: readonly Asset[];
  readonly kind: "Cross" | "Isolated";
  readonly equity: Decimal;
  readonly notional: Decimal;
  readonly maintenance: Decimal;
};

/** Closes what accounts cannot carry any more. Looks only at those whose mark or money moved since the last block. */
export function liquidate(ledger: Ledger): void {
  const { market } = ledger;
  const suspects = new Set(market.movedMoney);
  for (const asset of market.movedMarks) {
    for (const account of market.holders.get(asset.id) ?? []) suspects.add(account);
  }
  market.movedMarks.clear();
  market.movedMoney.clear();
  for (const account of suspects) {
    for (const stake of stakesOf(ledger, account)) {
      if (compare(stake.equity, stake.maintenance) < 0) liquidateStake(ledger, stake);
    }
  }
}

function stakesOf(ledger: Ledger, account: Account): Stake[] {
  const shared = new Map<string, Asset[]>();
  const stakes: Stake[] = [];
  for (const [coin, position] of account.positions) {
    const asset = signOf(position.size) === 0 ? undefined : ledger.universe.byCoin(coin);
    if (asset === undefined) continue;
    const { dex } = asset.market;
    if (position.ownCash === undefined) {
      shared.set(dex, [...(shared.get(dex) ?? []), asset]);
      continue;
    }
    const mark = markOf(ledger, asset);
    const notional = absolute(multiply(position.size, mark));
    stakes.push({
      account,
      dex,
      assets: [asset],
      kind: "Isolated",
      equity: isolatedEquity(position, mark),
      notional,
      maintenance: maintenanceOf(asset, notional),
    });
  }
  for (const [dex, assets] of shared) {
    const { cross } = marginOf(ledger, account, dex);
    const { accountValue: equity, notional, maintenance } = cross;
    stakes.push({ account, dex, assets, kind: "Cross", equity, notional, maintenance });
  }
  return stakes;
}

/**
 * Orders are canceled, then positions are offered to the book, unless less than two thirds of what they need is left;
 * what the book does not take goes to the backstop, or is deleveraged when the backstop has nothing left.
 */
function liquidateStake(ledger: Ledger, stake: Stake): void {
  const { account, dex, assets } = stake;
  ledger.transactions += 1;
  tellLiquidation(ledger, stake);
  for (const order of account.open.values()) {
    const { asset } = order.terms;
    const bound = stake.kind === "Cross" ? asset.market.dex === dex : assets.includes(asset);
    if (bound && asset.token === undefined) endOrder(ledger, order, "liquidatedCanceled");
  }
  const twoThirds = divideCut(multiply(stake.maintenance, decimalOf(2)), decimalOf(3), 8);
  if (compare(stake.equity, twoThirds) >= 0) {
    for (const asset of assets) offer(ledger, stake, asset);
  }
  const left = stakesOf(ledger, account).find(
    (one) =>
      one.dex === dex && one.kind === stake.kind && one.assets.some((a) => assets.includes(a)),
  );
  if (left !== undefined && compare(left.equity, left.maintenance) < 0) handOver(ledger, left);
  if (compare(cashOf(account, dex), ZERO) < 0 && !hasShared(ledger, account, dex)) {
    absorb(ledger, account, dex);
  }
}

/** Whether the account's money of a dex still carries a position. */
function hasShared(ledger: Ledger, account: Account, dex: string): boolean {
  return signOf(marginOf(ledger, account, dex).cross.notional) !== 0;
}

function offer(ledger: Ledger, stake: Stake, asset: Asset): void {
  const { account } = stake;
  const { size } = positionOf(account, asset.coin);
  const isBuy = signOf(size) < 0;
  const mark = markOf(ledger, asset);
  const far = multiply(mark, isBuy ? add(ONE, REACH) : subtract(ONE, REACH));
  const order = systemOrder(ledger, account, {
    asset,
    isBuy,
    price: roundPrice(asset.market, far, isBuy ? "up" : "down"),
    size: absolute(size),
    liquidation: liquidationOf(account, mark, "market"),
  });
  matchOrder(ledger, order);
}

/** The backstop takes the positions at their mark, and with them what is left of the money they stood on. */
function handOver(ledger: Ledger, stake: Stake): void {
  const { account, dex, assets, kind } = stake;
  const backstop = backstopOf(ledger);
  const { accountValue } = marginOf(ledger, backstop, dex);
  if (compare(accountValue, ZERO) < 0 || compare(add(accountValue, stake.equity), ZERO) < 0) {
    for (const asset of assets) deleverage(ledger, account, asset);
    return;
  }
  for (const asset of assets) {
    const { size } = positionOf(account, asset.coin);
    const mark = markOf(ledger, asset);
    const long = signOf(size) > 0;
    const own = { account, dir: `Liquidated ${kind} ${long ? "Long" : "Short"}` };
    settleSystemDeal(ledger, {
      asset,
      price: mark,
      size: absolute(size),
      buyer: long ? { account: backstop } : own,
      seller: long ? own : { account: backstop },
      liquidation: liquidationOf(account, mark, "backstop"),
    });
  }
  forfeit(ledger, stake);
}

/** The maintenance margin is not given back: at most that much of what they stood on goes to the backstop. */
function forfeit(ledger: Ledger, { account, dex, equity, maintenance }: Stake): void {
  const taken = compare(equity, maintenance) < 0 ? equity : maintenance;
  addCash(backstopOf(ledger), dex, taken);
  addCash(account, dex, negate(taken));
}

function liquidationOf(
  account: Account,
  mark: Decimal,
  method: WireLiquidation["method"],
): WireLiquidation {
  return { liquidatedUser: account.address, markPx: printDecimal(mark), method };
}

function tellLiquidation(ledger: Ledger, stake: Stake): void {
  ledger.market.lastLiquidation += 1;
  const liquidator = backstopOf(ledger).address;
  const liquidation = {
    lid: ledger.market.lastLiquidation,
    liquidator,
    liquidated_user: stake.account.address,
    liquidated_ntl_pos: printDecimal(stake.notional),
    liquidated_account_value: printDecimal(stake.equity),
  };
  ledger.news.tellEvent(stake.account.address, { liquidation });
  ledger.news.tellEvent(liquidator, { liquidation });
  tellLedgerUpdate(ledger, stake.account, {
    type: "liquidation",
    liquidatedNtlPos: liquidation.liquidated_ntl_pos,
    accountValue: liquidation.liquidated_account_value,
    leverageType: stake.kind,
    liquidatedPositions: stake.assets.map(({ coin }) => ({
      coin,
      szi: printDecimal(positionOf(stake.account, coin).size),
    })),
  });
}
