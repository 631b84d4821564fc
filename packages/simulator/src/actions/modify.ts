import { bookOf, endOrder, leaveBooks, type Ledger, tellStatus } from "../ledger/ledger.ts";
import { crosses } from "../market/match.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { type PlaceStatus, placeOrder } from "../market/place.ts";
import { runtimeRefusal } from "../market/rules.ts";
import type { ModifyAsk } from "./action.ts";
import { findOrder, termsOf, type Work } from "./work.ts";

const GONE = "Cannot modify canceled or filled order";
const INVALID = "Attempted to modify to invalid new order";

/**
 * Cancel and replace (protocol §9): a new oid, `open` of the new leg before `canceled` of the old one.
 * Without always-place the replacement must rest: it becomes post-only.
 */
export function modifyOrder(work: Work, ask: ModifyAsk, alwaysPlace: boolean): PlaceStatus {
  const found = findOrder(work.account, ask.key);
  const old = found?.open === true ? found : undefined;
  if (old === undefined && !alwaysPlace) return { error: GONE };
  const terms = replacementTerms(work, ask, { old, alwaysPlace });
  return terms === undefined ? invalid(work.ledger, old) : replace(work, old, terms);
}

type Modify = { readonly old: Order | undefined; readonly alwaysPlace: boolean };

/** The terms of the new leg; undefined when it may not replace the old one. */
function replacementTerms(work: Work, ask: ModifyAsk, modify: Modify): OrderTerms | undefined {
  const asked = termsOf(work.ledger, ask.order);
  if (typeof asked === "string") return undefined;
  const terms = modify.alwaysPlace ? asked : restingTerms(asked);
  const { old } = modify;
  if (terms === undefined || old === undefined) return terms;
  if (!replaces(old, terms)) return undefined;
  return modify.alwaysPlace || canRest(work, old, terms) ? terms : undefined;
}

/** Places the new leg with the old one already out of the market, and tells the old one's end after `open`. */
function replace(work: Work, old: Order | undefined, terms: OrderTerms): PlaceStatus {
  const { ledger, account } = work;
  let told = old === undefined;
  const tellOld = (): void => {
    if (old !== undefined && !told) tellStatus(ledger, old, "canceled");
    told = true;
  };
  if (old !== undefined) leaveBooks(ledger, old);
  const status = placeOrder(ledger, account, { terms, opened: tellOld });
  tellOld();
  return status;
}

/** The terms a plain modify may have: not a trigger, not immediate; Gtc becomes Alo. */
function restingTerms(terms: OrderTerms): OrderTerms | undefined {
  if (terms.trigger !== undefined || terms.tif === "Ioc" || terms.tif === "FrontendMarket") {
    return undefined;
  }
  return { ...terms, tif: "Alo" };
}

/** A replacement keeps market and side (protocol §9.8). */
function replaces(old: Order, terms: OrderTerms): boolean {
  return old.terms.asset === terms.asset && old.terms.isBuy === terms.isBuy;
}

/** Whether a replacement would be taken and rest, were the old leg gone. */
function canRest(work: Work, old: Order, terms: OrderTerms): boolean {
  const { ledger, account } = work;
  const best = bookOf(ledger, terms.asset).bestPrice(!terms.isBuy);
  if (best !== undefined && crosses(terms, best)) return false;
  return runtimeRefusal(ledger, account, { terms, replacing: old }) === undefined;
}

/** The fate of the old leg is not established (protocol §9.7): a rule of the exchange. */
function invalid(ledger: Ledger, old: Order | undefined): PlaceStatus {
  if (old !== undefined && ledger.rules.invalidReplacement === "losesOld") {
    endOrder(ledger, old, "canceled");
  }
  return { error: INVALID };
}
