import type { ProbedId } from "@cloister/hyperliquid";
import type { Probe } from "./probe.ts";
import { MODIFY_PROBES } from "./probes/modifies.probes.ts";
import { NONCE_PROBES } from "./probes/nonces.probes.ts";
import { RECORD_PROBES } from "./probes/records.probes.ts";
import { TRADE_PROBES } from "./probes/trades.probes.ts";
import { WIRE_PROBES } from "./probes/wire.probes.ts";

/** A probe for each assumption whose row says that it is measured, and for no other. */
export const PROBES: Readonly<Record<ProbedId, Probe>> = {
  ...WIRE_PROBES,
  ...NONCE_PROBES,
  ...RECORD_PROBES,
  ...MODIFY_PROBES,
  ...TRADE_PROBES,
};

/** By its id. */
export function probeOf(id: string): Probe | undefined {
  return new Map<string, Probe>(Object.entries(PROBES)).get(id);
}
