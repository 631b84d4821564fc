import { decodeAllMids } from "./all-mids.codec.ts";
import { decodeBbo } from "./bbo.codec.ts";
import { decodeClearinghouseFrame } from "./clearinghouse-state.codec.ts";
import { decodeError } from "./error.codec.ts";
import type { Frame } from "./frame.ts";
import { decodeL2Book } from "./l2-book.codec.ts";
import { decodeOpenOrdersFrame } from "./open-orders.codec.ts";
import { decodeOrderUpdates } from "./order-updates.codec.ts";
import { decodePost } from "./post.codec.ts";
import { decodeSubscriptionResponse } from "./subscription-response.codec.ts";
import { decodeTrades } from "./trades.codec.ts";
import { decodeUserEvents } from "./user-events.codec.ts";
import { decodeUserFills } from "./user-fills.codec.ts";

type ChannelDecoder = (data: unknown) => Frame;

/** One decoder per channel (protocol §4). A map: a channel may be called anything, also `constructor`. */
const DECODERS: ReadonlyMap<string, ChannelDecoder> = new Map<string, ChannelDecoder>([
  ["orderUpdates", decodeOrderUpdates],
  ["userFills", decodeUserFills],
  ["user", decodeUserEvents],
  ["openOrders", decodeOpenOrdersFrame],
  ["clearinghouseState", decodeClearinghouseFrame],
  ["post", decodePost],
  ["subscriptionResponse", decodeSubscriptionResponse],
  ["error", decodeError],
  ["pong", () => ({ kind: "pong" })],
  ["bbo", decodeBbo],
  ["l2Book", decodeL2Book],
  ["trades", decodeTrades],
  ["allMids", decodeAllMids],
]);

/** Channels of protocol §4 that carry nothing an order engine needs. */
const IGNORED: ReadonlySet<string> = new Set([
  "webData2",
  "webData3",
  "notification",
  "spotState",
  "activeAssetData",
  "activeAssetCtx",
  "activeSpotAssetCtx",
  "candle",
  "userHistoricalOrders",
  "userFundings",
  "userNonFundingLedgerUpdates",
  "userTwapSliceFills",
  "userTwapHistory",
  "twapStates",
]);

/** Channels that have a decoder of their own. */
export const CHANNELS: readonly string[] = [...DECODERS.keys()];

export function channelDecoder(channel: string): ChannelDecoder {
  const known = DECODERS.get(channel);
  if (known !== undefined) return known;
  if (IGNORED.has(channel)) return () => ignored(channel);
  return () => ({ kind: "unrecognized", channel, reason: "unknown channel" });
}

function ignored(channel: string): Frame {
  return {
    kind: "facts",
    channel,
    facts: [{ type: "ignored", what: channel, reason: "the engine keeps no such state" }],
    snapshot: false,
  };
}
