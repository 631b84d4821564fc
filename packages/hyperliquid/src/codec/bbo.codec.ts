import { readCoin } from "@cloister/model";
import { readLevel } from "./book-level.ts";
import { badField, type Decoded, ok } from "./decoded.ts";
import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isNone, isRecord, readWhole } from "./json.ts";
import type { Bbo, BookLevel } from "./market-data.ts";

const CHANNEL = "bbo";

/** The best bid and ask; null where a side is empty (protocol §4.5). A price that is not understood spoils the frame. */
export function decodeBbo(data: unknown): Frame {
  const bbo = readBbo(data);
  return bbo.kind === "ok"
    ? { kind: "market", channel: CHANNEL, data: bbo.value, broken: [] }
    : brokenFrame(CHANNEL, bbo.reason);
}

function readBbo(data: unknown): Decoded<Bbo> {
  if (!isRecord(data)) return badField("data", data);
  const coin = readCoin(data["coin"]);
  if (coin === undefined) return badField("coin", data["coin"]);
  const at = readWhole(data["time"]);
  if (at === undefined) return badField("time", data["time"]);
  const pair = data["bbo"];
  if (!Array.isArray(pair) || pair.length !== 2) return badField("bbo", pair);
  const bid = readSideOf(pair[0]);
  if (bid.kind === "unrecognized") return bid;
  const ask = readSideOf(pair[1]);
  if (ask.kind === "unrecognized") return ask;
  return ok<Bbo>({
    kind: "bbo",
    coin,
    at,
    ...(bid.value === undefined ? {} : { bid: bid.value }),
    ...(ask.value === undefined ? {} : { ask: ask.value }),
  });
}

function readSideOf(value: unknown): Decoded<BookLevel | undefined> {
  return isNone(value) ? ok(undefined) : readLevel(value);
}
