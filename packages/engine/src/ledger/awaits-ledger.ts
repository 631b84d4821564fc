import { hasUndecidedLeg, ledgerOf } from "@cloister/machines";
import { isLive } from "@cloister/model";
import type { TrackedOrder } from "../registry/tracked-order.ts";

/**
 * Whether something of the order has ended and it is not known yet what was filled: an ended order, a leg that a
 * modify replaced, an Ioc or trigger that the venue called filled, which lives until its quantity is known.
 */
export function awaitsLedger({ facts, state }: TrackedOrder): boolean {
  if (state === "reaped") return false;
  return isLive(state) ? hasUndecidedLeg(facts) : ledgerOf(facts) === "open";
}
