import { type OrderReport, type OrderWord, readCoin, readOid } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import { brokenField, isComplete } from "./fields.ts";
import { isRecord, readWhole } from "./json.ts";
import { orderWord } from "./order-words.ts";
import { readAmount, readOptionalCloid, readOptionalFlag, readSide, readTif } from "./scalars.ts";

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

/** What every order object of the venue has. A field that is computed with is refused when its type is wrong. */
function readOrder(order: unknown, { word, raw, at }: Stated): Decoded<OrderReport> {
  if (!isRecord(order)) return badField("order", order);
  const fields = {
    coin: readCoin(order["coin"]),
    oid: readOid(order["oid"]),
    side: readSide(order["side"]),
    limitPx: readAmount(order["limitPx"]),
    sz: readAmount(order["sz"]),
    origSz: readAmount(order["origSz"]),
    timestamp: readWhole(order["timestamp"]),
    cloid: readOptionalCloid(order["cloid"]),
    reduceOnly: readOptionalFlag(order["reduceOnly"]),
    isTrigger: readOptionalFlag(order["isTrigger"]),
  };
  if (!isComplete(fields)) return brokenField(fields, order);
  const {
    coin,
    oid,
    side,
    limitPx: price,
    sz: remaining,
    origSz: size,
    timestamp: placedAt,
  } = fields;
  const report: Draft<OrderReport> = {
    coin,
    oid,
    side,
    price,
    remaining,
    size,
    placedAt,
    word,
    raw,
    at,
  };
  if (fields.cloid !== null) report.cloid = fields.cloid;
  if (fields.reduceOnly !== null) report.reduceOnly = fields.reduceOnly;
  const tif = readTif(order["tif"]);
  if (tif !== undefined) report.tif = tif;
  const waits = waitsForTrigger(fields.isTrigger, word);
  if (waits !== undefined) report.waitsForTrigger = waits;
  // Only shown: an odd one is no reason to lose the row.
  const triggerPrice = fields.isTrigger === true ? readAmount(order["triggerPx"]) : undefined;
  if (triggerPrice !== undefined) report.triggerPrice = triggerPrice;
  const terms = fields.isTrigger === true ? triggerTerms(order["orderType"]) : undefined;
  if (terms !== undefined) report.triggerTerms = terms;
  return ok<OrderReport>(report);
}

/** An open trigger order has not fired. Of an ended one nobody says whether it had. */
function waitsForTrigger(isTrigger: boolean | null, word: OrderWord): boolean | undefined {
  if (isTrigger === null) return undefined;
  if (!isTrigger || word.kind === "triggered") return false;
  return word.kind === "open" ? true : undefined;
}

const TRIGGER_TYPES = new Map<unknown, NonNullable<OrderReport["triggerTerms"]>>([
  ["Take Profit Market", { kind: "tp", market: true }],
  ["Take Profit Limit", { kind: "tp", market: false }],
  ["Stop Market", { kind: "sl", market: true }],
  ["Stop Limit", { kind: "sl", market: false }],
]);

function triggerTerms(orderType: unknown): OrderReport["triggerTerms"] {
  return TRIGGER_TYPES.get(orderType);
}
