import {
  add,
  type Decimal,
  minDecimal,
  multiply,
  ONE,
  parseDecimal,
  signOf,
  subtract,
} from "@cloister/model";
import { endOrder, type Ledger, leaveBooks, markOf, tellStatus } from "../ledger/ledger.ts";
import { type Order, type OrderTerms, takesWhole } from "../ledger/order.ts";
import { reducibleSize } from "./match.ts";
import { enter, refuse } from "./place.ts";
import { firingRefusal, isTriggered } from "./rules.ts";

/** How far from the mark price a market order may trade once its trigger fired (protocol §6.2). */
const SLIPPAGE = parseDecimal("0.1");

/**
 * Fires every waiting order whose mark price was reached (protocol §4.1: same oid, `triggered`, then what follows).
 * One that fills takes its siblings out of the loop; one that is refused does not.
 */
export function fireTriggers(ledger: Ledger): void {
  // Those that come to wait while others fire have their turn with the next block.
  for (const order of Array.from(ledger.waiting.values())) {
    const mark = markOf(ledger, order.terms.asset);
    if (order.waits && isTriggered(order.terms, mark)) fire(ledger, order, mark);
  }
}

function fire(ledger: Ledger, order: Order, mark: Decimal): void {
  const account = ledger.accounts.get(order.owner);
  if (account === undefined) return;
  const { terms } = order;
  const reducible = reducibleSize(account, terms);
  leaveBooks(ledger, order);
  if (takesWhole(terms)) order.remaining = reducible;
  tellStatus(ledger, order, "triggered");
  if (signOf(reducible) === 0) {
    endOrder(ledger, order, "reduceOnlyCanceled");
    return;
  }
  order.remaining = minDecimal(order.remaining, reducible);
  const refusal = firingRefusal(ledger, account, order);
  if (refusal !== undefined) {
    refuse(ledger, order, refusal);
    return;
  }
  if (terms.trigger?.isMarket === true) order.bound = slippageBound(terms, mark);
  else if (ledger.rules.firedTrigger === "dropped") order.plain = true;
  ledger.transactions += 1;
  enter(ledger, account, { order });
}

function slippageBound({ isBuy }: OrderTerms, mark: Decimal): Decimal {
  return multiply(mark, isBuy ? add(ONE, SLIPPAGE) : subtract(ONE, SLIPPAGE));
}
