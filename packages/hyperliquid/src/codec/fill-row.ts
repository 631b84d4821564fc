import { type Fill, readCoin, readDecimal, readOid, readTid } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import { brokenField, isComplete } from "./fields.ts";
import { isNone, isRecord, readWhole } from "./json.ts";
import {
  readAmount,
  readFlag,
  readOptionalCloid,
  readOptionalDecimal,
  readSide,
  readText,
} from "./scalars.ts";

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** One execution, as `userFills`, `user` and the fills reads spell it (protocol §4.2). */
export function readFillRow(row: unknown): Decoded<Fill> {
  if (!isRecord(row)) return badField("the fill", row);
  const fields = {
    coin: readCoin(row["coin"]),
    oid: readOid(row["oid"]),
    tid: readTid(row["tid"]),
    side: readSide(row["side"]),
    px: readAmount(row["px"]),
    sz: readAmount(row["sz"]),
    time: readWhole(row["time"]),
    startPosition: readDecimal(row["startPosition"]),
    fee: readDecimal(row["fee"]),
    feeToken: readText(row["feeToken"]),
    closedPnl: readDecimal(row["closedPnl"]),
    crossed: readFlag(row["crossed"]),
    cloid: readOptionalCloid(row["cloid"]),
    builderFee: readOptionalDecimal(row["builderFee"]),
  };
  if (!isComplete(fields)) return brokenField(fields, row);
  const fill: Draft<Fill> = {
    coin: fields.coin,
    oid: fields.oid,
    tid: fields.tid,
    side: fields.side,
    price: fields.px,
    size: fields.sz,
    at: fields.time,
    startPosition: fields.startPosition,
    fee: fields.fee,
    feeToken: fields.feeToken,
    closedPnl: fields.closedPnl,
    taker: fields.crossed,
    direction: shownText(row["dir"]),
    hash: shownText(row["hash"]),
  };
  if (fields.cloid !== null) fill.cloid = fields.cloid;
  if (fields.builderFee !== null) fill.builderFee = fields.builderFee;
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
