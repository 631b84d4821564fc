import { type Fill, readCoin, readDecimal, readOid, readTid } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import { isNone, isRecord, readWhole } from "./json.ts";
import { readOptionalCloid, readSide } from "./scalars.ts";

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** One execution, as `userFills`, `user` and the fills reads spell it (protocol §4.2). */
export function readFillRow(row: unknown): Decoded<Fill> {
  if (!isRecord(row)) return badField("the fill", row);
  const coin = readCoin(row["coin"]);
  if (coin === undefined) return badField("coin", row["coin"]);
  const oid = readOid(row["oid"]);
  if (oid === undefined) return badField("oid", row["oid"]);
  const tid = readTid(row["tid"]);
  if (tid === undefined) return badField("tid", row["tid"]);
  const side = readSide(row["side"]);
  if (side === undefined) return badField("side", row["side"]);
  const price = readDecimal(row["px"]);
  if (price === undefined) return badField("px", row["px"]);
  const size = readDecimal(row["sz"]);
  if (size === undefined) return badField("sz", row["sz"]);
  const at = readWhole(row["time"]);
  if (at === undefined) return badField("time", row["time"]);
  const startPosition = readDecimal(row["startPosition"]);
  if (startPosition === undefined) return badField("startPosition", row["startPosition"]);
  const fee = readDecimal(row["fee"]);
  if (fee === undefined) return badField("fee", row["fee"]);
  const feeToken = row["feeToken"];
  if (typeof feeToken !== "string") return badField("feeToken", feeToken);
  const closedPnl = readDecimal(row["closedPnl"]);
  if (closedPnl === undefined) return badField("closedPnl", row["closedPnl"]);
  const taker = row["crossed"];
  if (typeof taker !== "boolean") return badField("crossed", taker);
  const cloid = readOptionalCloid(row["cloid"]);
  if (cloid === false) return badField("cloid", row["cloid"]);
  const builderFee = isNone(row["builderFee"]) ? undefined : readDecimal(row["builderFee"]);
  if (builderFee === undefined && !isNone(row["builderFee"])) return badField("builderFee", row["builderFee"]);

  const fill: Draft<Fill> = {
    coin, oid, tid, side, price, size, at, startPosition, fee, feeToken, closedPnl, taker,
    direction: shownText(row["dir"]),
    hash: shownText(row["hash"]),
  };
  if (cloid !== undefined) fill.cloid = cloid;
  if (builderFee !== undefined) fill.builderFee = builderFee;
  const liquidation = row["liquidation"];
  if (!isNone(liquidation)) fill.liquidation = readLiquidation(liquidation);
  return ok<Fill>(fill);
}

/** Texts that are only shown: nothing is computed with them, so a fill is never lost for their sake. */
function shownText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** That there is one matters; how it is spelled is only shown. */
function readLiquidation(value: unknown): NonNullable<Fill["liquidation"]> {
  const record = isRecord(value) ? value : {};
  const method = shownText(record["method"]);
  const liquidatedUser = record["liquidatedUser"];
  return typeof liquidatedUser === "string" ? { method, liquidatedUser } : { method };
}
