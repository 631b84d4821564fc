import { type Cloid, readCloid, type Side, type Tif } from "@cloister/model";
import { isNone } from "./json.ts";

/** "B" or "A", everywhere (protocol, conventions). */
export function readSide(value: unknown): Side | undefined {
  return value === "B" ? "buy" : value === "A" ? "sell" : undefined;
}

/** Absent, null and a cloid are fine (protocol §13.36); `false` says that it is something else. */
export function readOptionalCloid(value: unknown): Cloid | undefined | false {
  return isNone(value) ? undefined : (readCloid(value) ?? false);
}

const TIFS: ReadonlyMap<unknown, Tif> = new Map<unknown, Tif>([
  ["Alo", "Alo"],
  ["Gtc", "Gtc"],
  ["Ioc", "Ioc"],
  // Market orders never rest: the venue has no other kind than an aggressive Ioc (protocol §6.2).
  ["FrontendMarket", "Ioc"],
  ["LiquidationMarket", "Ioc"],
]);

/** Trigger rows carry null, stream elements nothing. */
export function readTif(value: unknown): Tif | undefined {
  return TIFS.get(value);
}
