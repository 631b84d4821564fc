import { badField, type Decoded, ok } from "./decoded.ts";
import type { InfoValues } from "./info.ts";
import { isRecord } from "./json.ts";
import { readStatusRow } from "./order-row.ts";

/** `unknownOid` proves nothing: old orders are forgotten, new ones not yet known (protocol §8.3, §8.4). */
export function decodeOrderStatus(body: unknown): Decoded<InfoValues["orderStatus"]> {
  if (!isRecord(body)) return badField("the body", body);
  if (body["status"] === "unknownOid") return ok({});
  if (body["status"] !== "order") return badField("status", body["status"]);
  const found = readStatusRow(body["order"]);
  return found.kind === "ok" ? ok({ found: found.value }) : found;
}
