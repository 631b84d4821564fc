import {
  add,
  compare,
  type Decimal,
  minDecimal,
  multiply,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { bookFill, type Deal } from "./book-fill.ts";
import { hasMargin } from "./funds.ts";
import { NO_HASH, tradeId, transactionHash } from "../ledger/ids.ts";
import { bookOf, endOrder, type Ledger, tellAgain, tellStatus } from "../ledger/ledger.ts";
import { type Order, type OrderTerms, takesWhole } from "../ledger/order.ts";
import { absolute } from "./position.ts";
import { printDecimal, sideLetter } from "../print.ts";

/** What an order executed on arrival. */
export type Executed = { readonly total: Decimal; readonly value: Decimal };

/** Matches an order against the book until nothing crosses any more. The order itself is not in the book. */
export function matchOrder(ledger: Ledger, taker: Order): Executed {
  let done: Executed = { total: ZERO, value: ZERO };
  for (
    let maker = nextMaker(ledger, taker);
    maker !== undefined;
    maker = nextMaker(ledger, taker)
  ) {
    const size = minDecimal(taker.remaining, maker.remaining);
    const price = maker.terms.price;
    trade(
      ledger,
      { taker, maker },
      {
        size,
        price,
        hash: hashOf(ledger, taker),
        tid: tidOf(ledger, taker, maker),
        ...(taker.liquidation === undefined ? {} : { liquidation: taker.liquidation }),
      },
    );
    done = { total: add(done.total, size), value: add(done.value, multiply(size, price)) };
  }
  return done;
}

/**
 * The order that is next in turn against this one. Own orders in the way expire (selfTradeCanceled), and so does
 * one whose owner cannot carry it any more (marginCanceled, protocol §5).
 */
export function nextMaker(ledger: Ledger, taker: Order): Order | undefined {
  const book = bookOf(ledger, taker.terms.asset);
  if (signOf(taker.remaining) <= 0) return undefined;
  for (;;) {
    const maker = book.first(!taker.terms.isBuy);
    if (maker === undefined || !reaches(taker, maker.terms.price)) return undefined;
    if (maker.owner === taker.owner) endOrder(ledger, maker, "selfTradeCanceled");
    else if (isCovered(ledger, taker, maker)) return maker;
    else endOrder(ledger, maker, "marginCanceled");
  }
}

/** Whether a resting order can be margined for what is about to be traded. Spot is locked while it rests. */
function isCovered(ledger: Ledger, taker: Order, maker: Order): boolean {
  const account = ledger.accounts.get(maker.owner);
  const { terms } = maker;
  if (account === undefined || account.background || terms.asset.token !== undefined) return true;
  const size = minDecimal(taker.remaining, maker.remaining);
  return terms.reduceOnly || hasMargin(ledger, account, { ...terms, size });
}

/** Whether an order may trade at a price: by its limit, and by its bound where it has one. */
function reaches({ terms, bound }: Order, price: Decimal): boolean {
  const bounded = bound === undefined || crosses({ isBuy: terms.isBuy, price: bound }, price);
  return bounded && crosses(terms, price);
}

/** Whether an order's limit reaches a price of the other side. */
export function crosses(terms: Pick<OrderTerms, "isBuy" | "price">, price: Decimal): boolean {
  const difference = compare(terms.price, price);
  return terms.isBuy ? difference >= 0 : difference <= 0;
}

function tidOf(ledger: Ledger, taker: Order, maker: Order): number {
  if (ledger.rules.tradeIds === "collide") {
    const { news } = ledger;
    return tradeId(news.number, news.trades.get(taker.terms.asset.coin)?.length ?? 0);
  }
  return taker.terms.isBuy ? tradeId(taker.oid, maker.oid) : tradeId(maker.oid, taker.oid);
}

function trade(ledger: Ledger, sides: { taker: Order; maker: Order }, deal: Deal): void {
  const { taker, maker } = sides;
  const { coin } = taker.terms.asset;
  for (const order of [taker, maker]) {
    order.remaining = subtract(order.remaining, deal.size);
    order.filled = add(order.filled, deal.size);
    bookFill(ledger, order, { deal, crossed: order === taker });
  }
  ledger.news.books.add(coin);
  ledger.news.tellTrade({
    coin,
    side: sideLetter(taker.terms.isBuy),
    px: printDecimal(deal.price),
    sz: printDecimal(deal.size),
    time: ledger.news.atMs,
    hash: deal.hash,
    tid: deal.tid,
    users: taker.terms.isBuy ? [taker.owner, maker.owner] : [maker.owner, taker.owner],
  });
  if (signOf(maker.remaining) === 0) endOrder(ledger, maker, "filled");
  else if (ledger.rules.restingFill === "open") tellAgain(ledger, maker);
  resizeReduceOnly(ledger, maker);
  resizeReduceOnly(ledger, taker);
}

/** Resting reduce-only orders follow the position: never larger, and canceled when there is nothing to reduce. */
export function resizeReduceOnly(ledger: Ledger, traded: Order): void {
  const account = ledger.accounts.get(traded.owner);
  if (account === undefined) return;
  for (const order of account.reducing.values()) {
    const { terms } = order;
    if (terms.asset !== traded.terms.asset || endsWith(order, traded)) continue;
    const reducible = reducibleSize(account, terms);
    if (signOf(reducible) === 0) endOrder(ledger, order, "reduceOnlyCanceled");
    else if (!order.waits) resize(ledger, order, reducedSize(order, reducible));
  }
}

/** A sibling of what just filled: that word will end it, not this one. */
function endsWith(order: Order, traded: Order): boolean {
  const { group } = order;
  return group !== undefined && group === traded.group && signOf(traded.remaining) === 0;
}

function reducedSize({ terms, filled }: Order, reducible: Decimal): Decimal {
  return takesWhole(terms) ? reducible : minDecimal(reducible, subtract(terms.size, filled));
}

function resize(ledger: Ledger, order: Order, size: Decimal): void {
  if (compare(order.remaining, size) === 0) return;
  order.remaining = size;
  if (ledger.rules.reduceOnlyResize === "open") tellAgain(ledger, order);
}

/** How much an order of this side can take off the position. */
export function reducibleSize(account: Account, terms: OrderTerms): Decimal {
  const { size } = positionOf(account, terms.asset.coin);
  const against = terms.isBuy ? signOf(size) < 0 : signOf(size) > 0;
  return against ? absolute(size) : ZERO;
}

/** Ends an order that executed and cannot rest, with the size its status shall show. */
export function endExecuted(ledger: Ledger, order: Order): void {
  const left = order.remaining;
  if (ledger.rules.partialIocSize === "zero") order.remaining = ZERO;
  tellStatus(ledger, order, ledger.rules.partialIocStatus);
  order.remaining = left;
}

/** One hash for all fills of an action; slices of a TWAP have none (protocol §4.2). */
function hashOf(ledger: Ledger, taker: Order): string {
  return taker.terms.twapId === undefined ? transactionHash(ledger.transactions) : NO_HASH;
}
