import { type Decimal, parseDecimal } from "@cloister/model";
import type { Ledger } from "../ledger/ledger.ts";
import type { Conditions } from "./market-state.ts";
import type { Asset } from "./universe.ts";

/** How far from the oracle an order may be where nothing else was decided. */
const ORACLE_BAND = parseDecimal("0.95");

export function conditionsOf(ledger: Ledger, asset: Asset): Conditions {
  const known = ledger.market.conditions.get(asset.id);
  if (known !== undefined) return known;
  const fresh: Conditions = {};
  ledger.market.conditions.set(asset.id, fresh);
  return fresh;
}

export function oracleBandOf(ledger: Ledger, asset: Asset): Decimal {
  return ledger.market.conditions.get(asset.id)?.oracleBand ?? ORACLE_BAND;
}
