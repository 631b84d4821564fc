import type { Fill } from "@cloister/model";
import { readMids } from "./all-mids.codec.ts";
import { decodeClearinghouseState } from "./clearinghouse-state.codec.ts";
import { badField, type Decoded, decodeRows, ok, type Rows } from "./decoded.ts";
import { decodeExtraAgents } from "./extra-agents.codec.ts";
import { readFillRow } from "./fill-row.ts";
import { decodeHistoricalOrders } from "./historical-orders.codec.ts";
import type { InfoType, InfoValues } from "./info.ts";
import { isRecord } from "./json.ts";
import { readBook } from "./l2-book.codec.ts";
import { decodeMeta } from "./meta.codec.ts";
import { decodeOpenOrders } from "./open-orders.codec.ts";
import { decodeOrderStatus } from "./order-status.codec.ts";
import { decodePerpDexs } from "./perp-dexs.codec.ts";
import { decodeSpotClearinghouseState } from "./spot-clearinghouse-state.codec.ts";
import { decodeSpotMeta } from "./spot-meta.codec.ts";
import { decodeUserRateLimit } from "./user-rate-limit.codec.ts";
import { decodeUserRole } from "./user-role.codec.ts";

const DECODERS: { readonly [Type in InfoType]: (body: unknown) => Decoded<InfoValues[Type]> } = {
  orderStatus: decodeOrderStatus,
  openOrders: decodeOpenOrders,
  frontendOpenOrders: decodeOpenOrders,
  userFills: decodeFills,
  userFillsByTime: decodeFills,
  historicalOrders: decodeHistoricalOrders,
  userRole: decodeUserRole,
  extraAgents: decodeExtraAgents,
  userRateLimit: decodeUserRateLimit,
  clearinghouseState: decodeClearinghouseState,
  spotClearinghouseState: decodeSpotClearinghouseState,
  meta: decodeMeta,
  spotMeta: decodeSpotMeta,
  perpDexs: decodePerpDexs,
  l2Book: readBook,
  allMids: (body) => (isRecord(body) ? ok(readMids(body)) : badField("the body", body)),
};

/** Every info request that can be decoded. */
export const INFO_TYPES: ReadonlySet<string> = new Set(Object.keys(DECODERS));

/** What an info answer says. Never throws; the body is parsed JSON (protocol §8). */
export function decodeInfo<Type extends InfoType>(
  type: Type,
  body: unknown,
): Decoded<InfoValues[Type]> {
  return DECODERS[type](body);
}

export function isInfoType(type: unknown): type is InfoType {
  return typeof type === "string" && INFO_TYPES.has(type);
}

/** At most 2000 rows per answer; `userFills` newest first, by time oldest first (protocol §8.6). */
function decodeFills(body: unknown): Decoded<Rows<Fill>> {
  return decodeRows(body, readFillRow);
}
