import { readAddress } from "@cloister/model";
import { badField, type Decoded, decodeRows, ok, type Rows } from "./decoded.ts";
import type { ExtraAgent } from "./info.ts";
import { isRecord, readWhole } from "./json.ts";

/** The named API wallets of an account and until when they may sign (protocol §8, §10.4). */
export function decodeExtraAgents(body: unknown): Decoded<Rows<ExtraAgent>> {
  return decodeRows(body, readAgent);
}

function readAgent(row: unknown): Decoded<ExtraAgent> {
  if (!isRecord(row)) return badField("the agent", row);
  const address = readAddress(row["address"]);
  if (address === undefined) return badField("address", row["address"]);
  const validUntil = readWhole(row["validUntil"]);
  if (validUntil === undefined) return badField("validUntil", row["validUntil"]);
  const name = typeof row["name"] === "string" ? row["name"] : "";
  return ok({ name, address, validUntil });
}
