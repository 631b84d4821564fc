import {
  add,
  type Decimal,
  minDecimal,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { share } from "./fees.ts";
import { addCash, leverageOf, marginFor, paid } from "./funds.ts";
import { notePosition } from "./open-interest.ts";
import {
  absolute,
  executed,
  type Execution,
  type Position,
  type PositionChange,
} from "./position.ts";
import type { Asset } from "./universe.ts";

/** Moves a perpetual position and the money it costs. The fee is somebody else's business. */
export function settlePerp(
  ledger: Ledger,
  account: Account,
  move: Execution & { readonly asset: Asset },
): PositionChange {
  const { asset } = move;
  const before = positionOf(account, asset.coin);
  const change = executed(before, move);
  const money = isIsolated(account, asset, before)
    ? isolatedMoney(before, move, (value) => marginFor(value, leverageOf(account, asset)))
    : { free: paid(move.isBuy, multiply(move.price, move.size)) };
  const position = withOwnCash(change.position, money.own);
  account.positions.set(asset.coin, position);
  addCash(account, asset.market.dex, money.free);
  notePosition(ledger, account, { asset, before: before.size, after: position.size });
  return { ...change, position };
}

/** A position keeps the kind of margin it was opened with. */
function isIsolated(account: Account, asset: Asset, before: Position): boolean {
  return signOf(before.size) === 0
    ? !leverageOf(account, asset).isCross
    : before.ownCash !== undefined;
}

/** What goes to the free money of the account, and what the position then holds as its own. */
type Money = { readonly free: Decimal; readonly own?: Decimal };

/** Closing gives back its share of the position's own money; opening takes its margin from the free money. */
function isolatedMoney(
  before: Position,
  move: Execution,
  marginOf: (value: Decimal) => Decimal,
): Money {
  const held = absolute(before.size);
  const against = signOf(before.size) !== 0 && signOf(before.size) > 0 !== move.isBuy;
  const closing = against ? minDecimal(held, move.size) : ZERO;
  const opening = subtract(move.size, closing);
  const had = before.ownCash ?? ZERO;
  const kept = signOf(closing) === 0 ? had : share(had, subtract(held, closing), held);
  const closed = paid(move.isBuy, multiply(move.price, closing));
  const value = multiply(move.price, opening);
  const margin = marginOf(value);
  return {
    free: subtract(add(subtract(had, kept), closed), margin),
    own: add(kept, add(margin, paid(move.isBuy, value))),
  };
}

function withOwnCash(position: Position, own: Decimal | undefined): Position {
  const { ownCash: _before, ...rest } = position;
  return own === undefined || signOf(position.size) === 0 ? rest : { ...rest, ownCash: own };
}

/** What an isolated position is worth: its own money and what closing it at a price would bring. */
export function isolatedEquity(position: Position, mark: Decimal): Decimal {
  return add(position.ownCash ?? ZERO, multiply(position.size, mark));
}

/**
 * Moves money between an isolated position and the rest of the account; negative takes it out.
 * The caller has checked that there is enough on both sides.
 */
export function addOwnCash(
  ledger: Ledger,
  account: Account,
  move: { readonly asset: Asset; readonly amount: Decimal },
): void {
  const { asset, amount } = move;
  const position = positionOf(account, asset.coin);
  if (position.ownCash === undefined) return;
  account.positions.set(asset.coin, { ...position, ownCash: add(position.ownCash, amount) });
  addCash(account, asset.market.dex, negate(amount));
  ledger.market.movedMoney.add(account);
  ledger.news.users.add(account.address);
}
