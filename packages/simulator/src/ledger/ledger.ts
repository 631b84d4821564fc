import { type Address, type Decimal, ZERO } from "@cloister/model";
import type { Account, RequestSeen } from "./account.ts";
import type { BlockNews } from "./block-news.ts";
import { Book } from "../market/book.ts";
import type { Candles } from "../market/candles.ts";
import type { Rules } from "../choices/rules.ts";
import { type Fate, fatesOf } from "./group.ts";
import { nextOid } from "./ids.ts";
import type { Limits } from "../limits/limits.ts";
import type { NonceSet } from "./nonces.ts";
import type { Twap } from "./twap.ts";
import {
  lastChange,
  type Order,
  type OrderStatus,
  type OrderTerms,
  updateElement,
} from "./order.ts";
import type { MarketState } from "../market/market-state.ts";
import type { Asset, Universe } from "../market/universe.ts";

/** The exchange's own books: everything that a block may change. */
export type Ledger = {
  readonly universe: Universe;
  readonly rules: Rules;
  readonly limits: Limits;
  readonly accounts: Map<Address, Account>;
  /** The master of each approved key. */
  readonly agents: Map<Address, Account>;
  /** Spent nonces by signer. */
  readonly nonces: Map<Address, NonceSet>;
  readonly books: Map<number, Book>;
  /** Mark prices by asset id. */
  readonly marks: Map<number, Decimal>;
  readonly market: MarketState;
  /** What was traded, by minutes and hours. */
  readonly candles: Candles;
  /** Running TWAPs by id. */
  readonly twaps: Map<number, Twap>;
  lastTwapId: number;
  /** Untriggered orders by oid. */
  readonly waiting: Map<number, Order>;
  /** What the block at work has to tell. */
  news: BlockNews;
  lastOid: number;
  /** New oids are distinct but do not increase. */
  shufflesOids: boolean;
  transactions: number;
};

/** Ends that `nonUserCancel` names too: not those the owner asked for once, nor reduceOnlyCanceled (protocol §4.3). */
const TOLD_APART: ReadonlySet<OrderStatus> = new Set([
  "marginCanceled",
  "vaultWithdrawalCanceled",
  "openInterestCapCanceled",
  "selfTradeCanceled",
  "delistedCanceled",
  "liquidatedCanceled",
  "outcomeSettledCanceled",
  "internalCancel",
]);

/** Background accounts keep no more than what reads show. */
const BACKGROUND_ARCHIVE = 500;

export function bookOf(ledger: Ledger, asset: Asset): Book {
  const book = ledger.books.get(asset.id);
  if (book !== undefined) return book;
  const fresh = new Book();
  ledger.books.set(asset.id, fresh);
  return fresh;
}

export function markOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.marks.get(asset.id) ?? asset.firstPrice;
}

/** Gives a market a new mark price; who holds a position there is looked at with the next block. */
export function moveMark(ledger: Ledger, asset: Asset, price: Decimal): void {
  if (markOf(ledger, asset) === price) return;
  ledger.marks.set(asset.id, price);
  ledger.market.movedMarks.add(asset);
}

export function oracleOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.market.conditions.get(asset.id)?.oracle ?? markOf(ledger, asset);
}

/** A new order with its own oid, known to reads, without a status yet. */
export function recordOrder(ledger: Ledger, account: Account, terms: OrderTerms): Order {
  const order: Order = {
    oid: nextOid(ledger),
    owner: account.address,
    terms,
    placedAtMs: ledger.news.atMs,
    remaining: terms.size,
    filled: ZERO,
    waits: false,
    dormant: false,
    open: false,
    statuses: [],
  };
  account.records.set(order.oid, order);
  if (terms.cloid !== undefined) account.byCloid.set(terms.cloid, order);
  forgetOldest(account, ledger.rules.recordsKept);
  keepTail(account.archive, order, archiveKept(ledger, account));
  return order;
}

/** Gives an order a status and tells its owner, with the size left now; what follows for its group comes with it. */
export function tellStatus(ledger: Ledger, order: Order, status: OrderStatus): void {
  const fates = fatesOf(order, status);
  const causeLast = ledger.rules.groupUpdates === "causeLast";
  if (causeLast) fulfil(ledger, fates);
  order.statuses.push({ status, atMs: ledger.news.atMs, remaining: order.remaining });
  ledger.news.tellUpdate(order.owner, updateElement(order, lastChange(order)));
  if (!causeLast) fulfil(ledger, fates);
}

function fulfil(ledger: Ledger, fates: readonly Fate[]): void {
  for (const { order, becomes } of fates) {
    if (becomes === "live") awaitMark(ledger, order);
    else endOrder(ledger, order, becomes);
  }
}

/** From now on the order fires when the mark price reaches its trigger. */
export function awaitMark(ledger: Ledger, order: Order): void {
  const account = ledger.accounts.get(order.owner);
  order.open = true;
  order.dormant = false;
  order.waits = true;
  ledger.waiting.set(order.oid, order);
  account?.open.set(order.oid, order);
  // It is canceled with its position, also before it fires.
  if (order.group?.protects === "position") account?.reducing.set(order.oid, order);
  tellStatus(ledger, order, "open");
}

/** Tells that an open order has another size now; its record stays as it was (protocol §16.1). */
export function tellAgain(ledger: Ledger, order: Order): void {
  const { news } = ledger;
  const change = { status: "open", atMs: news.atMs, remaining: order.remaining } as const;
  news.tellUpdate(order.owner, updateElement(order, change));
}

/** Lets reads forget an order; its cloid names the one before it again. */
export function forgetOrder(account: Account, order: Order): void {
  account.records.delete(order.oid);
  const { cloid } = order.terms;
  if (cloid === undefined || account.byCloid.get(cloid) !== order) return;
  const before = [...account.records.values()].findLast(({ terms }) => terms.cloid === cloid);
  if (before === undefined) account.byCloid.delete(cloid);
  else account.byCloid.set(cloid, before);
}

/** Ends an order: out of the book, out of the open list, with a last status. */
export function endOrder(ledger: Ledger, order: Order, status: OrderStatus): void {
  leaveBooks(ledger, order);
  tellStatus(ledger, order, status);
  if (TOLD_APART.has(status)) {
    ledger.news.tellSystemCancel(order.owner, { coin: order.terms.asset.coin, oid: order.oid });
  }
}

/** Takes an order out of the market without a word. */
export function leaveBooks(ledger: Ledger, order: Order): void {
  if (bookOf(ledger, order.terms.asset).remove(order)) {
    ledger.news.books.add(order.terms.asset.coin);
  }
  ledger.waiting.delete(order.oid);
  const account = ledger.accounts.get(order.owner);
  account?.open.delete(order.oid);
  account?.reducing.delete(order.oid);
  order.open = false;
  order.waits = false;
  order.dormant = false;
}

/** Appends to a list that keeps only its newest `kept` items (trimmed in strides, so that it stays cheap). */
export function keepTail<Item>(list: Item[], item: Item, kept: number): void {
  list.push(item);
  if (list.length > kept * 1.25 + 16) list.splice(0, list.length - kept);
}

/** Keeps a request for the truth; what it was answered counts as much as what it asked for. */
export function keepRequest(ledger: Ledger, account: Account, seen: RequestSeen): void {
  const kept = archiveKept(ledger, account);
  account.requests.push(seen);
  account.requestsKept += seen.weight;
  if (account.requestsKept <= kept * 1.25 + 16) return;
  let count = 0;
  for (const { weight } of account.requests.slice(0, -1)) {
    if (account.requestsKept <= kept) break;
    account.requestsKept -= weight;
    count += 1;
  }
  account.requests.splice(0, count);
}

export function archiveKept(ledger: Ledger, account: Account): number {
  return account.background ? BACKGROUND_ARCHIVE : ledger.rules.archiveKept;
}

/** Forgets by count, never by age, and never what is still open (protocol §8.4). */
function forgetOldest(account: Account, kept: number): void {
  // The order just made has no status yet: it stands in the records, and counts as neither open nor ended.
  const ended = account.records.size - account.open.size - 1;
  let over = Math.min(account.records.size - kept, ended);
  if (over <= 0) return;
  for (const order of account.records.values()) {
    if (order.open || order.statuses.length === 0) continue;
    account.records.delete(order.oid);
    const { cloid } = order.terms;
    if (cloid !== undefined && account.byCloid.get(cloid) === order) account.byCloid.delete(cloid);
    over -= 1;
    if (over <= 0) return;
  }
}
