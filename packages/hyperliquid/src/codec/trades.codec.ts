import { readCoin } from "@cloister/model";
import { badField, type Decoded, ok, readRows } from "./decoded.ts";
import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isRecord, readWhole } from "./json.ts";
import type { Trade } from "./market-data.ts";
import { readAmount, readSide } from "./scalars.ts";

const CHANNEL = "trades";

/** Public trades; `side` is the aggressor's. The first frame repeats recent ones (protocol §2.6, §4.5). */
export function decodeTrades(data: unknown): Frame {
  if (!Array.isArray(data)) return brokenFrame(CHANNEL, "data is not an array");
  const { rows, broken } = readRows(data, readTrade);
  return { kind: "market", channel: CHANNEL, data: { kind: "trades", trades: rows }, broken };
}

function readTrade(element: unknown): Decoded<Trade> {
  if (!isRecord(element)) return badField("the trade", element);
  const coin = readCoin(element["coin"]);
  if (coin === undefined) return badField("coin", element["coin"]);
  const side = readSide(element["side"]);
  if (side === undefined) return badField("side", element["side"]);
  const price = readAmount(element["px"]);
  if (price === undefined) return badField("px", element["px"]);
  const size = readAmount(element["sz"]);
  if (size === undefined) return badField("sz", element["sz"]);
  const at = readWhole(element["time"]);
  if (at === undefined) return badField("time", element["time"]);
  const tid = readWhole(element["tid"]);
  return tid === undefined
    ? badField("tid", element["tid"])
    : ok({ coin, side, price, size, at, tid });
}
