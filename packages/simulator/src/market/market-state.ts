import type { Decimal } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { WireFundingRate } from "./fill.ts";
import type { MarketStep } from "./market-step.ts";
import type { Asset } from "./universe.ts";

/** What was decided about one market from outside of its book; prices and amounts in quote units. */
export type Conditions = {
  /** The mark price wherever it was not set. */
  readonly oracle?: Decimal | undefined;
  /** A mark price that somebody holds: the crowd follows it. */
  readonly heldMark?: Decimal | undefined;
  /** Value of all open positions from which on nobody may add. */
  readonly openInterestCap?: Decimal | undefined;
  /** Value by which the open positions may grow in one block. */
  readonly openInterestGrowth?: Decimal | undefined;
  /** How far from the oracle an order may be, as a fraction of it. */
  readonly oracleBand?: Decimal | undefined;
  /** Hourly rate instead of the one that follows from mark and oracle. */
  readonly fundingRate?: Decimal | undefined;
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
