import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  minDecimal,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, balanceOf, cashOf, type Leverage, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { addingSize } from "./open-interest.ts";
import { absolute } from "./position.ts";
import type { Asset } from "./universe.ts";

/** What perpetuals are worth to an account, in quote units. */
export type MarginSide = {
  readonly accountValue: Decimal;
  /** Σ |position| × mark. */
  readonly notional: Decimal;
  readonly used: Decimal;
  /** The money itself: what is left of it when every position is taken at its mark. */
  readonly rawMoney: Decimal;
};

/** All positions of a dex, and those that share the account's money. */
export type MarginView = MarginSide & {
  readonly cross: MarginSide & {
    /** Below this value the account is liquidated. */
    readonly maintenance: Decimal;
  };
};

const DEFAULT_LEVERAGE = 20;

export function leverageOf(account: Account, asset: Asset): Leverage {
  const chosen = account.leverage.get(asset.coin);
  return chosen ?? { isCross: true, value: Math.min(DEFAULT_LEVERAGE, asset.maxLeverage) };
}

/** Value, notional and margin of an account's positions on one dex. */
export function marginOf(ledger: Ledger, account: Account, dex: string): MarginView {
  const cash = cashOf(account, dex);
  let cross = { accountValue: cash, notional: ZERO, used: ZERO, rawMoney: cash, maintenance: ZERO };
  let own: MarginSide = { accountValue: ZERO, notional: ZERO, used: ZERO, rawMoney: ZERO };
  for (const [coin, { size, ownCash }] of account.positions) {
    const asset = signOf(size) === 0 ? undefined : ledger.universe.byCoin(coin);
    if (asset === undefined || asset.market.dex !== dex) continue;
    const value = multiply(size, markOf(ledger, asset));
    const notional = absolute(value);
    if (ownCash === undefined) {
      cross = {
        accountValue: add(cross.accountValue, value),
        notional: add(cross.notional, notional),
        used: add(cross.used, marginFor(notional, leverageOf(account, asset))),
        rawMoney: cross.rawMoney,
        maintenance: add(cross.maintenance, maintenanceOf(asset, notional)),
      };
    } else {
      // An isolated position uses all it is worth, and nothing else.
      const equity = add(value, ownCash);
      own = sumOf(own, { accountValue: equity, notional, used: equity, rawMoney: ownCash });
    }
  }
  return { ...sumOf(cross, own), cross };
}

function sumOf(one: MarginSide, other: MarginSide): MarginSide {
  return {
    accountValue: add(one.accountValue, other.accountValue),
    notional: add(one.notional, other.notional),
    used: add(one.used, other.used),
    rawMoney: add(one.rawMoney, other.rawMoney),
  };
}

/** What may leave the account, or be margin of a new position. */
export function freeMargin({ cross }: MarginView): Decimal {
  return subtract(cross.accountValue, cross.used);
}

/** The value a position must be covered by: half of its margin at the highest leverage, tier by tier. */
export function maintenanceOf(asset: Asset, notional: Decimal): Decimal {
  let sum = ZERO;
  for (const [index, { lowerBound, maxLeverage }] of asset.marginTiers.entries()) {
    const upper = asset.marginTiers[index + 1]?.lowerBound;
    const top = upper === undefined ? notional : minDecimal(notional, upper);
    if (compare(top, lowerBound) <= 0) break;
    const part = subtract(top, lowerBound);
    sum = add(sum, divideCut(part, decimalOf(2 * maxLeverage), 8));
  }
  return sum;
}

/** The leverage that a position of a size may have at most. */
export function maxLeverageAt(asset: Asset, notional: Decimal): number {
  let allowed = asset.maxLeverage;
  for (const { lowerBound, maxLeverage } of asset.marginTiers) {
    if (compare(notional, lowerBound) > 0) allowed = maxLeverage;
  }
  return allowed;
}

export function marginFor(value: Decimal, leverage: Leverage): Decimal {
  return divideCut(value, decimalOf(leverage.value), 8);
}

/** A part of an order that is about to be taken on. */
export type Exposure = Pick<OrderTerms, "asset" | "isBuy" | "price" | "size">;

/** Whether what adds to the position can be margined now. Resting orders reserve nothing. */
export function hasMargin(ledger: Ledger, account: Account, order: Exposure): boolean {
  const { asset } = order;
  const adding = addingSize(positionOf(account, asset.coin).size, order);
  if (signOf(adding) === 0) return true;
  const needed = marginFor(multiply(adding, order.price), leverageOf(account, asset));
  return compare(needed, freeMargin(marginOf(ledger, account, asset.market.dex))) <= 0;
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
