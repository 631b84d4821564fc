import {
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  minDecimal,
  multiply,
  negate,
  roundPrice,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import { leverageOf, marginOf } from "./funds.ts";
import { absolute } from "./position.ts";
import { isolatedEquity } from "./settle.ts";
import { settleSystemDeal } from "./system-fill.ts";
import type { Asset } from "./universe.ts";

const CALLED = "Auto-Deleveraging";

/**
 * Closes a position against those who earned most on the other side, at the price at which its account is left with
 * nothing: they give up what the account owes.
 */
export function deleverage(ledger: Ledger, account: Account, asset: Asset): void {
  const price = bankruptPrice(ledger, account, asset);
  for (const counterparty of rankedAgainst(ledger, account, asset)) {
    const held = positionOf(account, asset.coin).size;
    if (signOf(held) === 0) return;
    const size = minDecimal(absolute(held), absolute(positionOf(counterparty, asset.coin).size));
    closeBetween(ledger, { asset, price, size, account, counterparty });
  }
}

/** Closes a part of two opposite positions against each other. */
export function closeBetween(
  ledger: Ledger,
  terms: {
    readonly asset: Asset;
    readonly price: Decimal;
    readonly size: Decimal;
    readonly account: Account;
    readonly counterparty: Account;
  },
): void {
  const { asset, price, size, account, counterparty } = terms;
  const long = signOf(positionOf(account, asset.coin).size) > 0;
  const [buyer, seller] = long ? [counterparty, account] : [account, counterparty];
  settleSystemDeal(ledger, {
    asset,
    price,
    size,
    buyer: { account: buyer, dir: CALLED },
    seller: { account: seller, dir: CALLED },
  });
}

/** Mark less equity per unit, on the grid of prices: never zero or below. */
function bankruptPrice(ledger: Ledger, account: Account, asset: Asset): Decimal {
  const position = positionOf(account, asset.coin);
  const mark = markOf(ledger, asset);
  const equity =
    position.ownCash === undefined
      ? marginOf(ledger, account, asset.market.dex).cross.accountValue
      : isolatedEquity(position, mark);
  const exact = subtract(mark, divideCut(equity, position.size, 8));
  const price = roundPrice(asset.market, exact, signOf(position.size) > 0 ? "up" : "down");
  return compare(price, ZERO) > 0 ? price : mark;
}

/** Everybody on the other side: who gained most for what he put in comes first, the background last. */
function rankedAgainst(ledger: Ledger, account: Account, asset: Asset): Account[] {
  const side = signOf(positionOf(account, asset.coin).size);
  return [...ledger.accounts.values()]
    .filter((other) => signOf(positionOf(other, asset.coin).size) === -side)
    .map((other) => ({ other, gain: gainOf(ledger, other, asset) }))
    .toSorted(
      (a, b) => Number(a.other.background) - Number(b.other.background) || compare(b.gain, a.gain),
    )
    .map(({ other }) => other);
}

/** Profit as a fraction of the margin it was made with. */
function gainOf(ledger: Ledger, account: Account, asset: Asset): Decimal {
  const { size, entryValue } = positionOf(account, asset.coin);
  if (signOf(entryValue) === 0) return ZERO;
  const worth = absolute(multiply(size, markOf(ledger, asset)));
  const profit = subtract(worth, entryValue);
  const signed = signOf(size) > 0 ? profit : negate(profit);
  const { value } = leverageOf(account, asset);
  return divideCut(multiply(signed, decimalOf(value)), entryValue, 8);
}
