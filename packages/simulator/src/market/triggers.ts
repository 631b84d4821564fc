import { minDecimal, signOf } from "@cloister/model";
import { endOrder, type Ledger, leaveBooks, markOf, tellStatus } from "../ledger/ledger.ts";
import { reducibleSize } from "./match.ts";
import type { Order } from "../ledger/order.ts";
import { enter } from "./place.ts";
import { fundsRefusal, isTriggered } from "./rules.ts";

/** Fires every waiting order whose mark price was reached (protocol §4.1: same oid, `triggered`, then what follows). */
export function fireTriggers(ledger: Ledger): void {
  for (const order of ledger.waiting.values()) {
    if (isTriggered(order.terms, markOf(ledger, order.terms.asset))) fire(ledger, order);
  }
}

function fire(ledger: Ledger, order: Order): void {
  const account = ledger.accounts.get(order.owner);
  if (account === undefined) return;
  leaveBooks(ledger, order);
  tellStatus(ledger, order, "triggered");
  if (order.terms.reduceOnly) {
    const reducible = reducibleSize(account, order.terms);
    if (signOf(reducible) === 0) {
      endOrder(ledger, order, "reduceOnlyCanceled");
      return;
    }
    order.remaining = minDecimal(order.remaining, reducible);
  }
  const refusal = fundsRefusal(ledger, account, { terms: order.terms });
  if (refusal !== undefined) {
    tellStatus(ledger, order, refusal.status);
    return;
  }
  ledger.transactions += 1;
  enter(ledger, account, { order });
}
