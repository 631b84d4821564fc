import { type OrderReport, type OrderWord, readCoin, readDecimal, readOid } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import { isNone, isRecord, readWhole } from "./json.ts";
import { orderWord } from "./order-words.ts";
import { readOptionalCloid, readSide, readTif } from "./scalars.ts";

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };
type Stated = { readonly word: OrderWord; readonly raw: string; readonly at: number };

/** `{ order, status, statusTimestamp }`: an element of `orderUpdates`, or a record of a read (protocol §4.1, §8.3). */
export function readStatusRow(row: unknown): Decoded<OrderReport> {
  if (!isRecord(row)) return badField("the row", row);
  const raw = row["status"];
  if (typeof raw !== "string") return badField("status", raw);
  const at = readWhole(row["statusTimestamp"]);
  if (at === undefined) return badField("statusTimestamp", row["statusTimestamp"]);
  return readOrder(row["order"], { word: orderWord(raw), raw, at });
}

/** A row of an open-order read: it says no more than that the order is open (protocol §8.2). */
export function readOpenRow(row: unknown): Decoded<OrderReport> {
  if (!isRecord(row)) return badField("the row", row);
  const at = readWhole(row["timestamp"]);
  if (at === undefined) return badField("timestamp", row["timestamp"]);
  return readOrder(row, { word: { kind: "open" }, raw: "open", at });
}

/** The fields that every order object of the venue has. What we compute with is refused when its type is wrong. */
function readOrder(order: unknown, { word, raw, at }: Stated): Decoded<OrderReport> {
  if (!isRecord(order)) return badField("order", order);
  const coin = readCoin(order["coin"]);
  if (coin === undefined) return badField("coin", order["coin"]);
  const oid = readOid(order["oid"]);
  if (oid === undefined) return badField("oid", order["oid"]);
  const side = readSide(order["side"]);
  if (side === undefined) return badField("side", order["side"]);
  const price = readDecimal(order["limitPx"]);
  if (price === undefined) return badField("limitPx", order["limitPx"]);
  const remaining = readDecimal(order["sz"]);
  if (remaining === undefined) return badField("sz", order["sz"]);
  const size = readDecimal(order["origSz"]);
  if (size === undefined) return badField("origSz", order["origSz"]);
  const placedAt = readWhole(order["timestamp"]);
  if (placedAt === undefined) return badField("timestamp", order["timestamp"]);
  const cloid = readOptionalCloid(order["cloid"]);
  if (cloid === false) return badField("cloid", order["cloid"]);
  const reduceOnly = order["reduceOnly"];
  if (!isNone(reduceOnly) && typeof reduceOnly !== "boolean") return badField("reduceOnly", reduceOnly);
  const isTrigger = order["isTrigger"];
  if (!isNone(isTrigger) && typeof isTrigger !== "boolean") return badField("isTrigger", isTrigger);

  const report: Draft<OrderReport> = { coin, oid, side, price, remaining, size, placedAt, word, raw, at };
  if (cloid !== undefined) report.cloid = cloid;
  const tif = readTif(order["tif"]);
  if (tif !== undefined) report.tif = tif;
  if (typeof reduceOnly === "boolean") report.reduceOnly = reduceOnly;
  const waits = waitsForTrigger(isTrigger, word);
  if (waits !== undefined) report.waitsForTrigger = waits;
  return ok<OrderReport>(report);
}

/** An open trigger order has not fired. Of an ended one nobody says whether it had. */
function waitsForTrigger(isTrigger: unknown, word: OrderWord): boolean | undefined {
  if (isTrigger === false || (isTrigger === true && word.kind === "triggered")) return false;
  return isTrigger === true && word.kind === "open" ? true : undefined;
}
