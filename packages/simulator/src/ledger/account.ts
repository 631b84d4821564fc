import { type Address, type Decimal, ZERO } from "@cloister/model";
import type { WireFill, WireFunding } from "../market/fill.ts";
import type { LedgerUpdate } from "./ledger-update.ts";
import type { Order } from "./order.ts";
import type { Twap } from "./twap.ts";
import { FLAT, type Position } from "../market/position.ts";

export type Agent = {
  readonly address: Address;
  readonly name: string;
  readonly validUntilMs: number;
};
export type Leverage = { readonly isCross: boolean; readonly value: number };

/** One request that reached the exchange for an account, for the truth. */
export type RequestSeen = {
  readonly signer: Address;
  readonly type: string;
  /** How many orders it is about, at least 1. */
  readonly weight: number;
  readonly nonce: number;
  readonly receivedAtMs: number;
  /** Block number and time of its execution; absent while it waits, or when it was lost. */
  block?: number;
  blockMs?: number;
  /** The answer it was given. */
  answer?: unknown;
};

/** What the perpetuals of an account, and all of it, are worth, USDC. */
export type Worth = { readonly perp: Decimal; readonly total: Decimal };

/** Everything the exchange holds for one address. */
export type Account = {
  readonly address: Address;
  readonly kind: "user" | "subAccount";
  /** Owner of a sub-account. */
  readonly master?: Address;
  /** Makes the market: its history is cut short, its margin is not checked. */
  readonly background: boolean;
  /** Whether it ever held money; one that never did is told to deposit. */
  funded: boolean;
  /** Name of a sub-account. */
  name?: string;
  agents: Agent[];
  /** Money of perpetuals by dex: raw, so a bought coin is paid from it. */
  readonly cash: Map<string, Decimal>;
  /** What each approved builder may ask for at most, tenths of a basis point. */
  readonly builderFees: Map<Address, number>;
  /** Spot balances by token name. */
  readonly balances: Map<string, Decimal>;
  /** Staked HYPE that is with no validator: what bids for priority are paid from. */
  delegatable: Decimal;
  readonly positions: Map<string, Position>;
  readonly leverage: Map<string, Leverage>;
  /** Live orders by oid, oldest first. */
  readonly open: Map<number, Order>;
  /** Those of them that rest in a book and only reduce. */
  readonly reducing: Map<number, Order>;
  /** Records that `orderStatus` still knows, oldest first. */
  readonly records: Map<number, Order>;
  /** A cloid names its latest order. */
  readonly byCloid: Map<string, Order>;
  /** Every order and fill, for the truth: a bounded tail. */
  readonly archive: Order[];
  readonly fills: WireFill[];
  /** What was paid for positions, oldest first: a bounded tail. */
  readonly fundings: WireFunding[];
  readonly requests: RequestSeen[];
  /** Σ weight of them. */
  requestsKept: number;
  /** Quote value traded since the beginning. */
  volume: Decimal;
  /** Requests sent since the beginning, and those of them paid for in advance. */
  requestsUsed: number;
  requestsReserved: number;
  /** When the last of them passed, ms. */
  lastRequestMs: number;
  /** When all orders are canceled unless asked again, ms. */
  scheduledCancelMs?: number;
  /** How often that happened, and on which day since 1970 (UTC). */
  scheduledCancels: { readonly day: number; readonly fired: number };
  /** What it brought in and did not take out again; the rest of its worth is profit. */
  contributed: Worth;
  /** What it was worth, and its profit so far, oldest first: a bounded tail. */
  readonly worths: { readonly atMs: number; readonly worth: Worth; readonly gain: Worth }[];
  /** Money that moved without a trade or funding, oldest first: a bounded tail. */
  readonly ledgerUpdates: LedgerUpdate[];
  /** Its own referral code, and the one it came with. */
  referralCode?: string;
  referredBy?: { readonly referrer: Address; readonly code: string; readonly atMs: number };
  /** Every TWAP it began, oldest first: a bounded tail. */
  readonly twaps: Twap[];
};

export function createAccount(
  terms: Pick<Account, "address" | "kind" | "background" | "funded"> & {
    master?: Address;
    name?: string;
  },
): Account {
  return {
    ...terms,
    agents: [],
    builderFees: new Map(),
    cash: new Map(),
    balances: new Map(),
    delegatable: ZERO,
    positions: new Map(),
    leverage: new Map(),
    open: new Map(),
    reducing: new Map(),
    records: new Map(),
    byCloid: new Map(),
    archive: [],
    fills: [],
    fundings: [],
    requests: [],
    requestsKept: 0,
    volume: ZERO,
    requestsUsed: 0,
    requestsReserved: 0,
    lastRequestMs: 0,
    scheduledCancels: { day: 0, fired: 0 },
    contributed: { perp: ZERO, total: ZERO },
    worths: [],
    ledgerUpdates: [],
    twaps: [],
  };
}

export function positionOf(account: Account, coin: string): Position {
  return account.positions.get(coin) ?? FLAT;
}

export function balanceOf(account: Account, token: string): Decimal {
  return account.balances.get(token) ?? ZERO;
}

export function cashOf(account: Account, dex: string): Decimal {
  return account.cash.get(dex) ?? ZERO;
}
