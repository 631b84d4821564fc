import { type Decimal, parseDecimal } from "@cloister/model";
import type { Ledger } from "../ledger/ledger.ts";
import type { Conditions } from "./market-state.ts";
import type { Asset } from "./universe.ts";

/** How far from the oracle an order may be where nothing else was decided. */
const ORACLE_BAND = parseDecimal("0.95");

/** What is decided from now on; undefined decides no more. */
export function decide(ledger: Ledger, asset: Asset, change: Conditions): void {
  const { conditions } = ledger.market;
  conditions.set(asset.id, { ...conditions.get(asset.id), ...change });
}

export function oracleBandOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.market.conditions.get(asset.id)?.oracleBand ?? ORACLE_BAND;
}
