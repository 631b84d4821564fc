import { compare } from "@cloister/model";
import {
  bookOf,
  endOrder,
  forgetOrder,
  leaveBooks,
  type Ledger,
  tellStatus,
} from "../ledger/ledger.ts";
import { leaveSeat } from "../ledger/group.ts";
import { crosses } from "../market/match.ts";
import type { Group, Order, OrderTerms } from "../ledger/order.ts";
import { openNamesake, type PlaceStatus, placeOrder } from "../market/place.ts";
import { runtimeRefusal } from "../market/rules.ts";
import type { ModifyAsk, OrderAsk } from "./action.ts";
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
  const { rules } = work.ledger;
  const { old } = modify;
  const ofPosition = groupKept(work, old)?.protects === "position";
  const asked = termsOf(work.ledger, inherits(work, ask.order, old), ofPosition);
  if (typeof asked === "string") return undefined;
  const asAsked = modify.alwaysPlace || rules.plainModify === "asAsked";
  const terms = asAsked ? asked : restingTerms(asked);
  if (terms === undefined || old === undefined) return terms;
  if (rules.modifyAcross === "refuse" && !isSameMarket(old, terms)) return undefined;
  if (modify.alwaysPlace) return terms;
  return canReplace(work, old, terms) ? terms : undefined;
}

/** Places the new leg with the old one already out of the market, and tells the old one's end after `open`. */
function replace(work: Work, old: Order | undefined, terms: OrderTerms): PlaceStatus {
  const { ledger, account } = work;
  let told = old === undefined;
  const tellOld = (): void => {
    if (old !== undefined && !told) tellStatus(ledger, old, "canceled");
    told = true;
  };
  const turn = old === undefined ? undefined : turnOf(ledger, old, terms);
  if (old !== undefined) leaveBooks(ledger, old);
  const seat = old !== undefined && keepsSeat(work, old, terms) ? leaveSeat(old) : undefined;
  if (ledger.rules.modifyUpdates === "canceledFirst") tellOld();
  const status = placeOrder(ledger, account, { terms, opened: tellOld, seat });
  tellOld();
  if (turn !== undefined && typeof status === "object" && "resting" in status) {
    const heir = account.open.get(status.resting.oid);
    if (heir !== undefined) bookOf(ledger, terms.asset).moveTo(heir, turn);
  }
  if (old !== undefined && ledger.rules.modifiedRecords === "forgotten") forgetOrder(account, old);
  return status;
}

/** The TP/SL group that a replacement may enter; by the papers' letter a modify cancels, and so leaves it. */
function groupKept({ ledger }: Work, old: Order | undefined): Group | undefined {
  return ledger.rules.modifiedGroup === "kept" ? old?.group : undefined;
}

/** Whether a replacement stands where the old leg stood in its group: a child has to stay a TP/SL. */
function keepsSeat(work: Work, old: Order, terms: OrderTerms): boolean {
  const group = groupKept(work, old);
  if (group === undefined) return false;
  const isTaken =
    work.ledger.rules.reusedCloid === "reject" && openNamesake(work.account, terms) !== undefined;
  return !isTaken && (group.parent === old || terms.trigger !== undefined);
}

/** The place that a replacement of the same price takes over, where the exchange lets it (protocol §16.5). */
function turnOf(ledger: Ledger, old: Order, terms: OrderTerms): number | undefined {
  const rests = !old.waits && !old.dormant;
  if (ledger.rules.samePriceModify === "last" || !rests || !isSameMarket(old, terms)) {
    return undefined;
  }
  if (terms.trigger !== undefined || compare(old.terms.price, terms.price) !== 0) return undefined;
  return bookOf(ledger, terms.asset).turnOf(old);
}

/** What a replacement takes over from the order it replaces. */
function inherits({ ledger }: Work, ask: OrderAsk, old: Order | undefined): OrderAsk {
  const cloid = old?.terms.cloid;
  if (ledger.rules.modifyCloid === "none" || ask.cloid !== undefined || cloid === undefined) {
    return ask;
  }
  return { ...ask, cloid };
}

/** The terms a plain modify may have: not a trigger, not immediate; Gtc becomes Alo. */
function restingTerms(terms: OrderTerms): OrderTerms | undefined {
  if (terms.trigger !== undefined || terms.tif === "Ioc" || terms.tif === "FrontendMarket") {
    return undefined;
  }
  return { ...terms, tif: "Alo" };
}

/** A replacement of the same market and side (protocol §9.8). */
function isSameMarket(old: Order, terms: OrderTerms): boolean {
  return old.terms.asset === terms.asset && old.terms.isBuy === terms.isBuy;
}

/** Whether a replacement would be taken, were the old leg gone; one that becomes post-only must also rest. */
function canReplace(work: Work, old: Order, terms: OrderTerms): boolean {
  const { ledger, account } = work;
  const former = openNamesake(account, terms);
  if (ledger.rules.reusedCloid === "reject" && former !== undefined && former !== old) return false;
  const place = groupKept(work, old) === undefined ? {} : { order: old };
  if (runtimeRefusal(ledger, account, { terms, replacing: old, ...place }) !== undefined) {
    return false;
  }
  if (ledger.rules.plainModify === "asAsked") return true;
  const best = bookOf(ledger, terms.asset).bestPrice(!terms.isBuy);
  if (best === undefined || !crosses(terms, best)) return true;
  return ledger.rules.crossingReplacement === "badAloPx";
}

/** The fate of the old leg is not established (protocol §9.7): a rule of the exchange. */
function invalid(ledger: Ledger, old: Order | undefined): PlaceStatus {
  if (old !== undefined && ledger.rules.invalidReplacement === "losesOld") {
    endOrder(ledger, old, "canceled");
  }
  return { error: INVALID };
}
