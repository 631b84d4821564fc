import { endOrder } from "../ledger/ledger.ts";
import type { CancelAsk } from "./action.ts";
import { findOrder, type Work } from "./work.ts";

/** Ends one order and those that hang on it (protocol §7.1). */
export function cancelOne(work: Work, ask: CancelAsk, fast: boolean): unknown {
  const order = findOrder(work.account, ask.key);
  const suffix = ` asset=${ask.assetId}`;
  if (order === undefined || !order.open || order.terms.asset.id !== ask.assetId) {
    return { error: `Order was never placed, already canceled, or filled.${suffix}` };
  }
  // One that fired is an order like others; no text of the venue is known (protocol §6.2).
  if (fast && (order.waits || order.dormant)) {
    return { error: `Fast cancel is invalid for trigger orders.${suffix}` };
  }
  endOrder(work.ledger, order, "canceled");
  return "success";
}
