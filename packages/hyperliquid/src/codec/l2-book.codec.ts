import { readCoin } from "@cloister/model";
import { readLevel } from "./book-level.ts";
import { badField, type Decoded, ok, readRows, unrecognized } from "./decoded.ts";
import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isRecord, readWhole } from "./json.ts";
import type { Book, BookLevel } from "./market-data.ts";

const CHANNEL = "l2Book";

/** The whole visible book: bids, then asks, best first; no deltas (protocol §4.5). */
export function decodeL2Book(data: unknown): Frame {
  const book = readBook(data);
  return book.kind === "ok"
    ? { kind: "market", channel: CHANNEL, data: book.value, broken: [] }
    : brokenFrame(CHANNEL, book.reason);
}

/** Also the answer of the info request, which is null for an unknown coin. A book with a hole is no book. */
export function readBook(data: unknown): Decoded<Book> {
  if (!isRecord(data)) return badField("data", data);
  const coin = readCoin(data["coin"]);
  if (coin === undefined) return badField("coin", data["coin"]);
  const at = readWhole(data["time"]);
  if (at === undefined) return badField("time", data["time"]);
  const levels = data["levels"];
  if (!Array.isArray(levels) || levels.length !== 2) return badField("levels", levels);
  const bids = readSteps(levels[0]);
  if (bids.kind === "unrecognized") return bids;
  const asks = readSteps(levels[1]);
  if (asks.kind === "unrecognized") return asks;
  return ok<Book>({ kind: "book", coin, at, bids: bids.value, asks: asks.value });
}

function readSteps(side: unknown): Decoded<readonly BookLevel[]> {
  if (!Array.isArray(side)) return badField("a side of levels", side);
  const { rows, broken } = readRows(side, readLevel);
  return broken[0] === undefined ? ok(rows) : unrecognized(`levels: ${broken[0].reason}`);
}
