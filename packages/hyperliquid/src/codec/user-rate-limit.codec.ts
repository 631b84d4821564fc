import { readDecimal } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import type { UserRateLimit } from "./info.ts";
import { isRecord, readWhole } from "./json.ts";

/** How much of the address budget is used (protocol §8.7, §12.2). */
export function decodeUserRateLimit(body: unknown): Decoded<UserRateLimit> {
  if (!isRecord(body)) return badField("the body", body);
  const used = readWhole(body["nRequestsUsed"]);
  if (used === undefined) return badField("nRequestsUsed", body["nRequestsUsed"]);
  const cap = readWhole(body["nRequestsCap"]);
  if (cap === undefined) return badField("nRequestsCap", body["nRequestsCap"]);
  // Older answers do not have it.
  const surplus = readWhole(body["nRequestsSurplus"] ?? 0);
  if (surplus === undefined) return badField("nRequestsSurplus", body["nRequestsSurplus"]);
  const volume = readDecimal(body["cumVlm"]);
  return volume === undefined
    ? badField("cumVlm", body["cumVlm"])
    : ok({ used, cap, surplus, volume });
}
