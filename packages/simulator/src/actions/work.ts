import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { staticRefusal } from "../market/rules.ts";
import type { OrderAsk, OrderKey } from "./action.ts";

/** One action at work for one account, in the ledger's latest transaction. */
export type Work = { readonly ledger: Ledger; readonly account: Account };

/** The terms of an ask, or the static text that refuses it; only a TP/SL of a position may have size 0. */
export function termsOf(ledger: Ledger, ask: OrderAsk, ofPosition = false): OrderTerms | string {
  const { assetId, ...rest } = ask;
  const asset = ledger.universe.byId(assetId);
  if (asset === undefined) {
    return assetId >= 10_000 && assetId < 100_000 ? "Invalid spot" : "Invalid perp";
  }
  const terms: OrderTerms = { ...rest, asset };
  return staticRefusal(ledger, terms, ofPosition) ?? terms;
}

/** The latest order that an oid or a cloid names, among those the account's reads still know. */
export function findOrder(account: Account, key: OrderKey): Order | undefined {
  return typeof key === "number" ? account.records.get(key) : account.byCloid.get(key);
}
