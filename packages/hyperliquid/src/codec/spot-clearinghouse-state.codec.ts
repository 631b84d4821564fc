import { readDecimal } from "@cloister/model";
import { badField, type Decoded, decodeRows, ok, type Rows } from "./decoded.ts";
import type { SpotBalance } from "./info.ts";
import { isRecord } from "./json.ts";

/** Balances by token; `hold` is what resting orders lock (protocol §8.7). */
export function decodeSpotClearinghouseState(body: unknown): Decoded<Rows<SpotBalance>> {
  return isRecord(body) ? decodeRows(body["balances"], readBalance) : badField("the body", body);
}

function readBalance(row: unknown): Decoded<SpotBalance> {
  if (!isRecord(row)) return badField("the balance", row);
  const token = row["coin"];
  if (typeof token !== "string") return badField("coin", token);
  const total = readDecimal(row["total"]);
  if (total === undefined) return badField("total", row["total"]);
  const hold = readDecimal(row["hold"]);
  return hold === undefined ? badField("hold", row["hold"]) : ok({ token, total, hold });
}
