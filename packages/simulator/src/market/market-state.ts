import { add, compare, type Decimal, parseDecimal, signOf, subtract, ZERO } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { WireFundingRate } from "./fill.ts";
import { absolute } from "./position.ts";
import type { MarketStep } from "./market-script.ts";
import type { Asset } from "./universe.ts";

/** What was decided about one market from outside of its book; prices and amounts in quote units. */
export type Conditions = {
  /** The mark price wherever it was not set. */
  oracle?: Decimal;
  /** A mark price that somebody holds: the crowd follows it. */
  heldMark?: Decimal;
  /** Value of all open positions from which on nobody may add. */
  openInterestCap?: Decimal;
  /** Value by which the open positions may grow in one block. */
  openInterestGrowth?: Decimal;
  /** How far from the oracle an order may be, as a fraction of it. */
  oracleBand?: Decimal;
  /** Hourly rate instead of the one that follows from mark and oracle. */
  fundingRate?: Decimal;
};

/** A price that is going to change at given times. */
export type PricePath = {
  readonly asset: Asset;
  readonly of: "mark" | "oracle" | "both";
  /** Oldest first, Unix ms. */
  readonly points: readonly { readonly atMs: number; readonly price: Decimal }[];
};

/** Everything about the markets beside their books and mark prices. */
export type MarketState = {
  readonly conditions: Map<number, Conditions>;
  /** The rates that were paid, by asset id, oldest first: a bounded tail. */
  readonly fundingRates: Map<number, WireFundingRate[]>;
  /** Σ of the long side by asset id, base units. */
  readonly openInterest: Map<number, Decimal>;
  /** Who holds a position, by asset id: the background left out, which is never liquidated. */
  readonly holders: Map<number, Set<Account>>;
  /** Marks that moved, and accounts whose money moved, since solvency was looked at. */
  readonly movedMarks: Set<Asset>;
  readonly movedMoney: Set<Account>;
  /** What the exchange itself took in and gave out, by purse: "dex ", "dex xyz", "spot USDC". */
  readonly house: Map<string, Decimal>;
  /** What a script asked for and the next block does. */
  steps: readonly MarketStep[];
  paths: readonly PricePath[];
  /** Right after an upgrade of the network only post-only orders are taken (protocol §7.4). */
  postOnly: boolean;
  lastLiquidation: number;
  /** When the worth of all accounts was noted last; undefined before the first block. */
  worthsNotedMs?: number;
  /** Hours since 1970 that were paid for; undefined before the first block. */
  paidHour?: number;
};

/** How far from the oracle an order may be where nothing else was decided. */
const ORACLE_BAND = parseDecimal("0.95");

export function createMarketState(): MarketState {
  return {
    conditions: new Map(),
    fundingRates: new Map(),
    openInterest: new Map(),
    holders: new Map(),
    movedMarks: new Set(),
    movedMoney: new Set(),
    house: new Map(),
    steps: [],
    paths: [],
    postOnly: false,
    lastLiquidation: 0,
  };
}

export function conditionsOf(ledger: Ledger, asset: Asset): Conditions {
  const known = ledger.market.conditions.get(asset.id);
  if (known !== undefined) return known;
  const fresh: Conditions = {};
  ledger.market.conditions.set(asset.id, fresh);
  return fresh;
}

export function oracleBandOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.market.conditions.get(asset.id)?.oracleBand ?? ORACLE_BAND;
}

/** Σ of the long side of all accounts, base units. */
export function openInterestOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.market.openInterest.get(asset.id) ?? ZERO;
}

/** Keeps the sums up to date when a position changes. */
export function notePosition(
  ledger: Ledger,
  account: Account,
  change: { asset: Asset; before: Decimal; after: Decimal },
): void {
  const { asset, before, after } = change;
  const { market, news } = ledger;
  const longer = subtract(longOf(after), longOf(before));
  market.openInterest.set(asset.id, add(openInterestOf(ledger, asset), longer));
  news.opened.set(asset.id, add(news.opened.get(asset.id) ?? ZERO, longer));
  if (account.background) return;
  market.movedMoney.add(account);
  const holders = market.holders.get(asset.id) ?? new Set();
  market.holders.set(asset.id, holders);
  if (signOf(after) === 0) holders.delete(account);
  else holders.add(account);
}

/** Books what the exchange itself took in; negative is what it gave. */
export function addToHouse(ledger: Ledger, purse: string, amount: Decimal): void {
  const { house } = ledger.market;
  house.set(purse, add(house.get(purse) ?? ZERO, amount));
}

/** The part of an order that adds to a position, base units: what is left after it closed the other side. */
export function addingSize(held: Decimal, order: { isBuy: boolean; size: Decimal }): Decimal {
  const against = signOf(held) !== 0 && signOf(held) > 0 !== order.isBuy;
  const adding = against ? subtract(order.size, absolute(held)) : order.size;
  return signOf(adding) > 0 ? adding : ZERO;
}

function longOf(size: Decimal): Decimal {
  return compare(size, ZERO) > 0 ? size : ZERO;
}
