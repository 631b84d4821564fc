import { add, compare, type Decimal, multiply, ONE, signOf, subtract, ZERO } from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { bookOf, endOrder, type Ledger, markOf, oracleOf } from "../ledger/ledger.ts";
import type { OrderTerms } from "../ledger/order.ts";
import { leverageOf, maxLeverageAt } from "./funds.ts";
import { oracleBandOf } from "./conditions.ts";
import { addingSize, openInterestOf } from "./open-interest.ts";
import { crosses } from "./match.ts";
import { absolute } from "./position.ts";
import type { Refusal } from "./refusal.ts";
import type { Asset } from "./universe.ts";

/** What a perpetual's oracle, its open interest and its margin tiers forbid (protocol §7.2). */
export function capRefusal(
  ledger: Ledger,
  account: Account,
  terms: OrderTerms,
): Refusal | undefined {
  const { asset } = terms;
  if (asset.token !== undefined) return undefined;
  const suffix = ` asset=${asset.id}`;
  if (isFarFromOracle(ledger, terms)) {
    return { status: "oracleRejected", text: `Price too far from oracle${suffix}` };
  }
  const held = positionOf(account, asset.coin).size;
  const adding = addingSize(held, terms);
  if (terms.reduceOnly || signOf(adding) === 0) return undefined;
  const interest = interestRefusal(ledger, terms, { held, adding });
  if (interest !== undefined) return { ...interest, text: `${interest.text}${suffix}` };
  const after = signOf(held) > 0 === terms.isBuy ? add(absolute(held), terms.size) : adding;
  const most = maxLeverageAt(asset, multiply(after, markOf(ledger, asset)));
  if (leverageOf(account, asset).value <= most) return undefined;
  return {
    status: "perpMaxPositionRejected",
    text: `Order would cause position to exceed margin tier limit at current leverage${suffix}`,
  };
}

/** What adds to a position: nothing that trades at the cap, nothing that would draw the price away from the oracle. */
function interestRefusal(
  ledger: Ledger,
  terms: OrderTerms,
  size: { held: Decimal; adding: Decimal },
): Refusal | undefined {
  const { asset } = terms;
  const best = bookOf(ledger, asset).bestPrice(!terms.isBuy);
  const trades = best !== undefined && crosses(terms, best);
  if (isAtCap(ledger, asset)) {
    if (trades) {
      const flips = signOf(size.held) !== 0 && signOf(size.held) > 0 !== terms.isBuy;
      return {
        status: `position${flips ? "Flip" : "Increase"}AtOpenInterestCapRejected`,
        text: "Order would increase open interest while open interest is capped",
      };
    }
    if (isAggressive(ledger, terms)) {
      return {
        status: "tooAggressiveAtOpenInterestCapRejected",
        text: "Order rejected due to price more aggressive than oracle while at open interest cap",
      };
    }
  }
  const growth = ledger.market.conditions.get(asset.id)?.openInterestGrowth;
  if (!trades || growth === undefined) return undefined;
  const grown = add(ledger.news.opened.get(asset.id) ?? ZERO, size.adding);
  if (compare(multiply(grown, markOf(ledger, asset)), growth) <= 0) return undefined;
  return {
    status: "openInterestIncreaseRejected",
    text: "Order would increase open interest too quickly",
  };
}

/** Cancels what rests at a capped market at a price more aggressive than the oracle, and would add to a position. */
export function cancelAtCaps(ledger: Ledger): void {
  for (const [id, { openInterestCap }] of ledger.market.conditions) {
    const asset = openInterestCap === undefined ? undefined : ledger.universe.byId(id);
    if (asset === undefined || !isAtCap(ledger, asset)) continue;
    for (const isBuy of [true, false]) {
      for (const order of bookOf(ledger, asset).beyond(isBuy, oracleOf(ledger, asset))) {
        const account = ledger.accounts.get(order.owner);
        if (account === undefined || order.terms.reduceOnly) continue;
        const { size } = positionOf(account, asset.coin);
        if (signOf(addingSize(size, { isBuy, size: order.remaining })) === 0) continue;
        endOrder(ledger, order, "openInterestCapCanceled");
      }
    }
  }
}

/** Whether the value of all open positions has reached what it may be. */
function isAtCap(ledger: Ledger, asset: Asset): boolean {
  const cap = ledger.market.conditions.get(asset.id)?.openInterestCap;
  if (cap === undefined) return false;
  return compare(multiply(openInterestOf(ledger, asset), markOf(ledger, asset)), cap) >= 0;
}

function isAggressive(ledger: Ledger, { asset, isBuy, price }: OrderTerms): boolean {
  const difference = compare(price, oracleOf(ledger, asset));
  return isBuy ? difference > 0 : difference < 0;
}

function isFarFromOracle(ledger: Ledger, { asset, price }: OrderTerms): boolean {
  const oracle = oracleOf(ledger, asset);
  const band = oracleBandOf(ledger, asset);
  return (
    compare(price, multiply(oracle, add(ONE, band))) > 0 ||
    compare(price, multiply(oracle, subtract(ONE, band))) < 0
  );
}
