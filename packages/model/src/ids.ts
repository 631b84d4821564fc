import type { Brand } from "./brand.ts";
import { invalidSpec } from "./errors.ts";

/** The venue's order id: one per leg, growing over time (protocol §4.1). */
export type Oid = Brand<number, "Oid">;
/** A trade id, unique only with coin, oid and time; 0 for dust (protocol §4.2). */
export type Tid = Brand<number, "Tid">;
/** A market's name as the venue spells it: "BTC", "PURR/USDC", "@107", "xyz:SILVER". */
export type Coin = Brand<string, "Coin">;
/** A 20 byte address, lower-case hex with 0x. */
export type Address = Brand<string, "Address">;

export function readOid(value: unknown): Oid | undefined {
  return isWhole(value) ? (value as Oid) : undefined;
}

export function readTid(value: unknown): Tid | undefined {
  return isWhole(value) ? (value as Tid) : undefined;
}

export function readCoin(value: unknown): Coin | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= 64
    ? (value as Coin)
    : undefined;
}

export function readAddress(value: unknown): Address | undefined {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(value)) return undefined;
  return value.toLowerCase() as Address;
}

/** @throws invalidSpec unless it is 0x and 40 hex digits, in any case. */
export function parseAddress(value: unknown, field = "address"): Address {
  const address = readAddress(value);
  if (address === undefined) throw invalidSpec(field, value, "must be 0x and 40 hex digits");
  return address;
}

/** @throws invalidSpec unless it is a name of 1 to 64 characters. */
export function parseCoin(value: unknown, field = "coin"): Coin {
  const coin = readCoin(value);
  if (coin === undefined) throw invalidSpec(field, value, "must be a coin's name");
  return coin;
}

/** @throws invalidSpec unless it is a safe whole number. */
export function parseOid(value: unknown, field = "oid"): Oid {
  const oid = readOid(value);
  if (oid === undefined) throw invalidSpec(field, value, "must be a safe whole number");
  return oid;
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
