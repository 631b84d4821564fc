import {
  type Cloid,
  type Decimal,
  readCloid,
  readDecimal,
  type Side,
  signOf,
  type Tif,
} from "@cloister/model";
import { isNone } from "./json.ts";

// Optional fields: null says that there is none, undefined that it is something else.

/** "B" or "A", everywhere (protocol, conventions). */
export function readSide(value: unknown): Side | undefined {
  return value === "B" ? "buy" : value === "A" ? "sell" : undefined;
}

/** A price or a size: the venue signs neither, and a negative one would undo what was booked. */
export function readAmount(value: unknown): Decimal | undefined {
  const amount = readDecimal(value);
  return amount === undefined || signOf(amount) < 0 ? undefined : amount;
}

export function readFlag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Absent and null are the same, by endpoint (protocol §13.36). */
export function readOptionalCloid(value: unknown): Cloid | null | undefined {
  return isNone(value) ? null : readCloid(value);
}

export function readOptionalDecimal(value: unknown): Decimal | null | undefined {
  return isNone(value) ? null : readDecimal(value);
}

export function readOptionalFlag(value: unknown): boolean | null | undefined {
  return isNone(value) ? null : readFlag(value);
}

const TIFS: ReadonlyMap<unknown, Tif> = new Map<unknown, Tif>([
  ["Alo", "Alo"],
  ["Gtc", "Gtc"],
  ["Ioc", "Ioc"],
  // Market orders never rest: the venue has no other kind than an aggressive Ioc (protocol §6.2).
  ["FrontendMarket", "Ioc"],
  ["LiquidationMarket", "Ioc"],
]);

/** Trigger rows carry null, stream elements nothing; a new word is no reason to lose the row. */
export function readTif(value: unknown): Tif | undefined {
  return TIFS.get(value);
}
