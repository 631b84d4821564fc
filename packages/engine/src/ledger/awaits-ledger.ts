import { isModifyOpen, ledgerOf, liveLegs } from "@cloister/machines";
import { isLive } from "@cloister/model";
import type { TrackedOrder } from "../registry/tracked-order.ts";

/**
 * Whether nothing of the order can fill any more, and it is not known yet what has: an ended order, and an Ioc
 * or trigger that the venue called filled, which lives until its quantity is known.
 */
export function awaitsLedger(order: TrackedOrder): boolean {
  const { facts, state, terms } = order;
  if (state === "reaped") return false;
  if (isLive(state)) {
    if (terms.tif !== "Ioc" && terms.trigger === undefined) return false;
    if (isModifyOpen(facts) || liveLegs(facts).length > 0) return false;
  }
  return ledgerOf(facts) === "open";
}
