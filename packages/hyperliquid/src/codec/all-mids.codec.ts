import { type Decimal, readDecimal } from "@cloister/model";
import { badField, type Broken } from "./decoded.ts";
import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isRecord, type JsonRecord, textOf } from "./json.ts";
import type { Mids } from "./market-data.ts";

const CHANNEL = "allMids";

/** Middle prices by coin (protocol §4.5). */
export function decodeAllMids(data: unknown): Frame {
  const mids = isRecord(data) ? data["mids"] : undefined;
  if (!isRecord(mids)) return brokenFrame(CHANNEL, "mids is not an object");
  const { mids: read, broken } = readMids(mids);
  return { kind: "market", channel: CHANNEL, data: { kind: "mids", mids: read }, broken };
}

/** Also the bare answer of the info request. */
export function readMids(mids: JsonRecord): Mids & { readonly broken: readonly Broken[] } {
  const read = new Map<string, Decimal>();
  const broken: Broken[] = [];
  for (const [coin, text] of Object.entries(mids)) {
    const price = readDecimal(text);
    if (price === undefined) {
      broken.push({ reason: badField(coin, text).reason, text: textOf({ [coin]: text }) });
    } else read.set(coin, price);
  }
  return { kind: "mids", mids: read, broken };
}
