import type {
  ActiveAssetCtxEvent,
  ActiveSpotAssetCtxEvent,
  AllMidsEvent,
  BboEvent,
  ClearinghouseStateEvent,
  L2BookEvent,
  OpenOrdersEvent,
  OrderUpdatesEvent,
  TradesEvent,
  UserEventsEvent,
  UserFillsEvent,
} from "@nktkas/hyperliquid/api/subscription";
import * as v from "valibot";
import {
  ALL_MIDS,
  CLEARINGHOUSE,
  FILLS,
  FULL_ORDERS,
  hex,
  L2_BOOK,
  level,
  perpContext,
  plainOrder,
  spotContext,
  status,
  TRADES,
  whole,
} from "./independent-client-answers.fixture.ts";

/** The client's event types as runtime schemas, as strict as those of the answers. */
type Event<Data> = v.GenericSchema<unknown, Data>;

export const ORDER_UPDATES: Event<OrderUpdatesEvent> = v.pipe(
  v.array(v.strictObject({ order: plainOrder, status, statusTimestamp: whole })),
  v.minLength(1),
);

export const USER_FILLS: Event<UserFillsEvent> = v.strictObject({
  user: hex,
  fills: FILLS,
  isSnapshot: v.exactOptional(v.literal(true)),
});

export const USER_EVENTS: Event<UserEventsEvent> = v.strictObject({ fills: FILLS });

export const OPEN_ORDERS_EVENT: Event<OpenOrdersEvent> = v.strictObject({
  dex: v.string(),
  user: hex,
  orders: FULL_ORDERS,
});

export const CLEARINGHOUSE_EVENT: Event<ClearinghouseStateEvent> = v.strictObject({
  dex: v.string(),
  user: hex,
  clearinghouseState: CLEARINGHOUSE,
});

export const L2_BOOK_EVENT: Event<L2BookEvent> = v.nonNullable(L2_BOOK);

export const TRADES_EVENT: Event<TradesEvent> = TRADES;

export const ALL_MIDS_EVENT: Event<AllMidsEvent> = v.strictObject({
  mids: ALL_MIDS,
  dex: v.exactOptional(v.string()),
});

/** Both sides filled; an empty one is null on the wire (protocol §4.5), which the client's type does not say. */
export const BBO_EVENT: Event<BboEvent> = v.strictObject({
  coin: v.string(),
  time: whole,
  bbo: v.strictTuple([level, level]),
});

export const PERP_CONTEXT_EVENT: Event<ActiveAssetCtxEvent> = v.strictObject({
  coin: v.string(),
  ctx: perpContext,
});

export const SPOT_CONTEXT_EVENT: Event<ActiveSpotAssetCtxEvent> = v.strictObject({
  coin: v.string(),
  ctx: spotContext,
});
