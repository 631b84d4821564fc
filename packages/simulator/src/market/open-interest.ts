import { add, compare, type Decimal, signOf, subtract, ZERO } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { absolute } from "./position.ts";
import type { Asset } from "./universe.ts";

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

/** The part of an order that adds to a position, base units: what is left after it closed the other side. */
export function addingSize(held: Decimal, order: { isBuy: boolean; size: Decimal }): Decimal {
  const against = signOf(held) !== 0 && signOf(held) > 0 !== order.isBuy;
  const adding = against ? subtract(order.size, absolute(held)) : order.size;
  return signOf(adding) > 0 ? adding : ZERO;
}

function longOf(size: Decimal): Decimal {
  return compare(size, ZERO) > 0 ? size : ZERO;
}
