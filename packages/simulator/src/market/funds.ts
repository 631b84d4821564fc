import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, balanceOf, cashOf, type Leverage, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { absolute } from "./position.ts";
import type { Asset } from "./universe.ts";

/** What a dex's perpetuals are worth to an account, in quote units. */
export type MarginView = {
  readonly accountValue: Decimal;
  /** Σ |position| × mark. */
  readonly notional: Decimal;
  readonly used: Decimal;
};

const DEFAULT_LEVERAGE = 20;

export function leverageOf(account: Account, asset: Asset): Leverage {
  const chosen = account.leverage.get(asset.coin);
  return chosen ?? { isCross: true, value: Math.min(DEFAULT_LEVERAGE, asset.maxLeverage) };
}

/** Value, notional and margin of an account's positions on one dex. */
export function marginOf(ledger: Ledger, account: Account, dex: string): MarginView {
  let accountValue = cashOf(account, dex);
  let notional = ZERO;
  let used = ZERO;
  for (const asset of ledger.universe.dex(dex) ?? []) {
    const { size } = positionOf(account, asset.coin);
    if (signOf(size) === 0) continue;
    const value = multiply(size, markOf(ledger, asset));
    accountValue = add(accountValue, value);
    notional = add(notional, absolute(value));
    used = add(used, marginFor(absolute(value), leverageOf(account, asset)));
  }
  return { accountValue, notional, used };
}

export function marginFor(value: Decimal, leverage: Leverage): Decimal {
  return divideCut(value, decimalOf(leverage.value), 8);
}

/** Whether the part of an order that adds to the position can be margined now. Resting orders reserve nothing. */
export function hasMargin(ledger: Ledger, account: Account, terms: OrderTerms): boolean {
  const { asset } = terms;
  const held = positionOf(account, asset.coin).size;
  const against = signOf(held) !== 0 && signOf(held) > 0 !== terms.isBuy;
  const adding = against ? subtract(terms.size, absolute(held)) : terms.size;
  if (signOf(adding) <= 0) return true;
  const margin = marginOf(ledger, account, asset.market.dex);
  const needed = marginFor(multiply(adding, terms.price), leverageOf(account, asset));
  return compare(add(margin.used, needed), margin.accountValue) <= 0;
}

/** What resting spot orders lock of a token; `without` is about to leave. */
export function holdOf(account: Account, token: string, without?: Order): Decimal {
  let hold = ZERO;
  for (const order of account.open.values()) {
    const { terms, remaining } = order;
    if (terms.asset.token === undefined || order === without) continue;
    if (terms.isBuy && token === "USDC") hold = add(hold, multiply(terms.price, remaining));
    if (!terms.isBuy && terms.asset.token.name === token) hold = add(hold, remaining);
  }
  return hold;
}

/** Whether a spot order is covered by what is not locked. */
export function hasBalance(
  account: Account,
  asked: { terms: OrderTerms; replacing?: Order },
): boolean {
  const { terms, replacing } = asked;
  const needed = terms.isBuy ? multiply(terms.price, terms.size) : terms.size;
  return compare(freeBalance(account, terms, replacing), needed) >= 0;
}

/** Whether there is anything at all to pay a spot order with. */
export function hasAnyBalance(account: Account, terms: OrderTerms): boolean {
  return signOf(freeBalance(account, terms)) > 0;
}

function freeBalance(account: Account, terms: OrderTerms, replacing?: Order): Decimal {
  const token = terms.isBuy ? "USDC" : (terms.asset.token?.name ?? "");
  return subtract(balanceOf(account, token), holdOf(account, token, replacing));
}

export function addCash(account: Account, dex: string, amount: Decimal): void {
  account.cash.set(dex, add(cashOf(account, dex), amount));
}

export function addBalance(account: Account, token: string, amount: Decimal): void {
  account.balances.set(token, add(balanceOf(account, token), amount));
}

/** The money an execution moves before its fee: a buyer pays. */
export function paid(isBuy: boolean, value: Decimal): Decimal {
  return isBuy ? negate(value) : value;
}
