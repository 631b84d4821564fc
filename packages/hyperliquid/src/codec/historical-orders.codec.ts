import type { OrderReport } from "@cloister/model";
import { type Decoded, decodeRows, type Rows } from "./decoded.ts";
import { readStatusRow } from "./order-row.ts";

/** Records, newest first; one oid may stand there twice, and rows may be missing (protocol §8.5). */
export function decodeHistoricalOrders(body: unknown): Decoded<Rows<OrderReport>> {
  return decodeRows(body, readStatusRow);
}
