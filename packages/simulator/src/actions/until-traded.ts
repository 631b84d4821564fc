import { type Decimal, divideCut, formatDecimal, ONE } from "@cloister/model";
import type { Account } from "../ledger/account.ts";

/** How the venue ends a refusal that more trading lifts; what was traded in whole cents (protocol §7.5). */
export function untilTraded({ volume }: Account, required: Decimal): string {
  const traded = formatDecimal(divideCut(volume, ONE, 2));
  return `until enough volume traded. Required: $${formatDecimal(required)}. Traded: $${traded}.`;
}
