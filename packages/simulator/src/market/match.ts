import {
  add,
  compare,
  type Decimal,
  minDecimal,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, balanceOf, positionOf } from "../ledger/account.ts";
import { feeOf } from "./fees.ts";
import type { WireFill } from "./fill.ts";
import { addBalance, addCash, paid } from "./funds.ts";
import { tradeId, transactionHash } from "../ledger/ids.ts";
import {
  archiveKept,
  bookOf,
  endOrder,
  keepTail,
  type Ledger,
  tellAgain,
  tellStatus,
} from "../ledger/ledger.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { absolute, executed } from "./position.ts";
import { printDecimal, sideLetter } from "../print.ts";

/** What an order executed on arrival. */
export type Executed = { readonly total: Decimal; readonly value: Decimal };

type Deal = {
  readonly price: Decimal;
  readonly size: Decimal;
  readonly tid: number;
  readonly hash: string;
};

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
      { size, price, hash: transactionHash(ledger.transactions), tid: tidOf(taker, maker) },
    );
    done = { total: add(done.total, size), value: add(done.value, multiply(size, price)) };
  }
  return done;
}

/** The order that is next in turn against this one. Own orders in the way expire (protocol §5, selfTradeCanceled). */
export function nextMaker(ledger: Ledger, taker: Order): Order | undefined {
  const book = bookOf(ledger, taker.terms.asset);
  if (signOf(taker.remaining) <= 0) return undefined;
  for (;;) {
    const maker = book.first(!taker.terms.isBuy);
    if (maker === undefined || !crosses(taker.terms, maker.terms.price)) return undefined;
    if (maker.owner !== taker.owner) return maker;
    endOrder(ledger, maker, "selfTradeCanceled");
  }
}

/** Whether an order's limit reaches a price of the other side. */
export function crosses(terms: OrderTerms, price: Decimal): boolean {
  const difference = compare(terms.price, price);
  return terms.isBuy ? difference >= 0 : difference <= 0;
}

function tidOf(taker: Order, maker: Order): number {
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

function bookFill(ledger: Ledger, order: Order, part: { deal: Deal; crossed: boolean }): void {
  const account = ledger.accounts.get(order.owner);
  if (account === undefined) return;
  const { deal, crossed } = part;
  const spot = order.terms.asset.token !== undefined;
  const effect = spot
    ? moveSpot(ledger, account, { order, deal, crossed })
    : movePerp(ledger, account, { order, deal, crossed });
  const fill: WireFill = {
    coin: order.terms.asset.coin,
    px: printDecimal(deal.price),
    sz: printDecimal(deal.size),
    side: sideLetter(order.terms.isBuy),
    time: ledger.news.atMs,
    startPosition: printDecimal(effect.startPosition),
    dir: effect.dir,
    closedPnl: printDecimal(effect.closedPnl),
    hash: deal.hash,
    oid: order.oid,
    crossed,
    fee: printDecimal(effect.fee),
    tid: deal.tid,
    ...(order.terms.cloid === undefined ? {} : { cloid: order.terms.cloid }),
    feeToken: effect.feeToken,
    twapId: null,
  };
  account.volume = add(account.volume, multiply(deal.price, deal.size));
  keepTail(account.fills, fill, archiveKept(ledger, account));
  ledger.news.tellFill(account.address, fill);
}

type Part = { readonly order: Order; readonly deal: Deal; readonly crossed: boolean };
type Effect = {
  readonly startPosition: Decimal;
  readonly dir: string;
  readonly closedPnl: Decimal;
  readonly fee: Decimal;
  readonly feeToken: string;
};

/** Perpetual: the position moves, the fee is paid in collateral and cut after 6 digits. */
function movePerp(ledger: Ledger, account: Account, part: Part): Effect {
  const { order, deal, crossed } = part;
  const { asset, isBuy } = order.terms;
  const before = positionOf(account, asset.coin);
  const change = executed(before, { isBuy, size: deal.size, price: deal.price });
  const value = multiply(deal.price, deal.size);
  const { perpTaker, perpMaker } = ledger.rules.fees;
  const fee = feeOf(value, crossed ? perpTaker : perpMaker, 6);
  account.positions.set(asset.coin, change.position);
  addCash(account, asset.market.dex, subtract(paid(isBuy, value), fee));
  return {
    startPosition: before.size,
    dir: change.dir,
    closedPnl: change.closedPnl,
    fee,
    feeToken: "USDC",
  };
}

/** Spot: tokens change hands, the fee is taken from what is received (protocol §4.2). */
function moveSpot(ledger: Ledger, account: Account, part: Part): Effect {
  const { order, deal, crossed } = part;
  const { asset, isBuy } = order.terms;
  const token = asset.token?.name ?? "";
  const startPosition = balanceOf(account, token);
  const value = multiply(deal.price, deal.size);
  const { spotTaker, spotMaker } = ledger.rules.fees;
  const fee = feeOf(isBuy ? deal.size : value, crossed ? spotTaker : spotMaker, 8);
  addBalance(account, token, isBuy ? subtract(deal.size, fee) : negate(deal.size));
  addBalance(account, "USDC", isBuy ? negate(value) : subtract(value, fee));
  return {
    startPosition,
    dir: isBuy ? "Buy" : "Sell",
    closedPnl: ZERO,
    fee,
    feeToken: isBuy ? token : "USDC",
  };
}

/** Resting reduce-only orders follow the position: never larger, and canceled when there is nothing to reduce. */
function resizeReduceOnly(ledger: Ledger, traded: Order): void {
  const account = ledger.accounts.get(traded.owner);
  if (account === undefined) return;
  for (const order of account.reducing.values()) {
    const { terms } = order;
    if (terms.asset !== traded.terms.asset) continue;
    const reducible = reducibleSize(account, terms);
    if (signOf(reducible) === 0) endOrder(ledger, order, "reduceOnlyCanceled");
    else resize(ledger, order, minDecimal(reducible, subtract(terms.size, order.filled)));
  }
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
