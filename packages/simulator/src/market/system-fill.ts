import { add, type Decimal, ZERO } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Order } from "../ledger/order.ts";
import { nextOid, tradeId, transactionHash } from "../ledger/ids.ts";
import { bookFill } from "./book-fill.ts";
import type { WireLiquidation } from "./fill.ts";
import { resizeReduceOnly } from "./match.ts";
import type { Asset } from "./universe.ts";

/** What an order of the exchange's own is about. */
export type SystemTerms = {
  readonly asset: Asset;
  readonly isBuy: boolean;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly liquidation?: WireLiquidation;
};

/** An order nobody sent: it has an oid, and no record that a read would find (protocol §8.4). */
export function systemOrder(ledger: Ledger, account: Account, terms: SystemTerms): Order {
  const { asset, isBuy, price, size, liquidation } = terms;
  return {
    oid: nextOid(ledger),
    owner: account.address,
    terms: { asset, isBuy, price, size, reduceOnly: false, tif: "Ioc" },
    placedAtMs: ledger.news.atMs,
    remaining: size,
    filled: ZERO,
    waits: false,
    dormant: false,
    open: false,
    ...(liquidation === undefined ? {} : { liquidation }),
    statuses: [],
  };
}

/** A deal between two accounts that never met in a book, and what each side's fill calls it. */
export type SystemDeal = {
  readonly asset: Asset;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly buyer: { readonly account: Account; readonly dir?: string };
  readonly seller: { readonly account: Account; readonly dir?: string };
  readonly liquidation?: WireLiquidation;
};

/** Moves a position from one account to another. No public trade tells of it, nobody is charged. */
export function settleSystemDeal(ledger: Ledger, deal: SystemDeal): void {
  ledger.transactions += 1;
  const { asset, price, size, liquidation } = deal;
  const of = liquidation === undefined ? {} : { liquidation };
  const terms = { asset, price, size, ...of };
  const buy = systemOrder(ledger, deal.buyer.account, { ...terms, isBuy: true });
  const sell = systemOrder(ledger, deal.seller.account, { ...terms, isBuy: false });
  const hash = transactionHash(ledger.transactions);
  const done = { price, size, tid: tradeId(buy.oid, sell.oid), hash, ...of };
  for (const [order, { dir }] of [
    [buy, deal.buyer],
    [sell, deal.seller],
  ] as const) {
    order.filled = add(order.filled, size);
    order.remaining = ZERO;
    const named = dir === undefined ? {} : { system: dir };
    bookFill(ledger, order, { deal: done, crossed: true, ...named });
  }
  for (const order of [buy, sell]) resizeReduceOnly(ledger, order);
}
