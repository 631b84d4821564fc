import { type Address, type Decimal, signOf, ZERO } from "@cloister/model";
import { printDecimal, sideLetter } from "../print.ts";
import type { WireLiquidation } from "../market/fill.ts";
import type { Asset } from "../market/universe.ts";

/** Statuses that say that an order ended though its owner did not ask for it (protocol §5). */
export const CANCELED_BY_SYSTEM = [
  "marginCanceled",
  "vaultWithdrawalCanceled",
  "openInterestCapCanceled",
  "selfTradeCanceled",
  "reduceOnlyCanceled",
  "siblingFilledCanceled",
  "delistedCanceled",
  "liquidatedCanceled",
  "scheduledCancel",
  "outcomeSettledCanceled",
  "internalCancel",
] as const;

/** Statuses that say that an order never was taken. */
export const REJECTED = [
  "rejected",
  "tickRejected",
  "minTradeNtlRejected",
  "minTradeSpotNtlRejected",
  "perpMarginRejected",
  "reduceOnlyRejected",
  "badAloPxRejected",
  "iocCancelRejected",
  "badTriggerPxRejected",
  "marketOrderNoLiquidityRejected",
  "positionIncreaseAtOpenInterestCapRejected",
  "positionFlipAtOpenInterestCapRejected",
  "tooAggressiveAtOpenInterestCapRejected",
  "openInterestIncreaseRejected",
  "insufficientSpotBalanceRejected",
  "oracleRejected",
  "perpMaxPositionRejected",
  "tooManyOpenOrdersRejected",
] as const;

export type SystemCancel = (typeof CANCELED_BY_SYSTEM)[number];
export type Rejected = (typeof REJECTED)[number];

/** Every status word of protocol §5. */
export type OrderStatus = "open" | "triggered" | "filled" | "canceled" | SystemCancel | Rejected;

export type OrderTif = "Alo" | "Ioc" | "Gtc" | "FrontendMarket";

export type TriggerTerms = {
  readonly isMarket: boolean;
  readonly price: Decimal;
  readonly kind: "tp" | "sl";
};

/** What an order action asks for one order. */
export type OrderTerms = {
  readonly asset: Asset;
  readonly isBuy: boolean;
  readonly price: Decimal;
  /** Base size as asked. */
  readonly size: Decimal;
  readonly reduceOnly: boolean;
  readonly tif: OrderTif;
  readonly trigger?: TriggerTerms;
  readonly cloid?: string;
  readonly builder?: Builder;
  /** The TWAP it is a slice of. */
  readonly twapId?: number;
};

/** Who built the program that sends an order, and what is asked for it (protocol §6.2). */
export type Builder = {
  readonly address: Address;
  /** Tenths of a basis point, above zero. */
  readonly tenthBps: number;
};

/** One status an order went through, with the size that was left at that moment. */
export type StatusChange = {
  readonly status: OrderStatus;
  readonly atMs: number;
  readonly remaining: Decimal;
};

/** One order of the exchange: what was asked for good, and what became of it so far. */
export type Order = {
  readonly oid: number;
  readonly owner: Address;
  readonly terms: OrderTerms;
  readonly placedAtMs: number;
  /** Live size that is left. */
  remaining: Decimal;
  filled: Decimal;
  /** Waits for its mark price, outside of the book. */
  waits: boolean;
  /** Waits for its parent to fill: open, but neither in the book nor looking at the mark price. */
  dormant: boolean;
  /** In the book or waiting. */
  open: boolean;
  /** Shown as a limit order since its trigger fired. */
  plain?: true;
  /** How far from its limit it may trade: a market order whose trigger fired. */
  bound?: Decimal;
  /** The TP/SL orders it belongs to, as their parent or as one of them. */
  group?: Group;
  /** Set on the exchange's own orders that close what somebody could not carry. */
  readonly liquidation?: WireLiquidation;
  readonly statuses: StatusChange[];
};

/** TP/SL orders that were sent together, and what they protect (protocol §6.2). */
export type Group = {
  readonly protects: "order" | "position";
  /** The order that they wait for; absent when they stand for themselves. */
  parent?: Order;
  /** In the order of their action; ended ones too. */
  readonly children: Order[];
};

/** Whether an order is as large as the position, whatever that is: a TP/SL that was asked with size 0. */
export function takesWhole({ size }: OrderTerms): boolean {
  return signOf(size) === 0;
}

/** The last status; an order has one from its birth on. */
export function lastChange(order: Order): StatusChange {
  return (
    order.statuses.at(-1) ?? { status: "open", atMs: order.placedAtMs, remaining: order.remaining }
  );
}

/** An order of `orderUpdates`, with the size of one status (protocol §4.1). */
export function updateElement(order: Order, change: StatusChange): object {
  const { terms } = order;
  return {
    order: {
      coin: terms.asset.coin,
      side: sideLetter(terms.isBuy),
      limitPx: printDecimal(terms.price),
      sz: printDecimal(change.remaining),
      oid: order.oid,
      timestamp: order.placedAtMs,
      origSz: printDecimal(terms.size),
      ...(terms.cloid === undefined ? {} : { cloid: terms.cloid }),
      ...(terms.reduceOnly ? { reduceOnly: true } : {}),
    },
    status: change.status,
    statusTimestamp: change.atMs,
  };
}

/** A row of `openOrders` over REST: it hides what is a trigger (protocol §8.2). */
export function plainRow(order: Order): object {
  const { terms } = order;
  return {
    coin: terms.asset.coin,
    side: sideLetter(terms.isBuy),
    limitPx: printDecimal(terms.price),
    sz: printDecimal(order.remaining),
    oid: order.oid,
    timestamp: order.placedAtMs,
    origSz: printDecimal(terms.size),
    ...(terms.cloid === undefined ? {} : { cloid: terms.cloid }),
    ...(terms.reduceOnly ? { reduceOnly: true } : {}),
  };
}

/** The full row of `frontendOpenOrders`, of records and of the pushed list, with the given size. */
export function fullRow(order: Order, remaining: Decimal): object {
  const terms = order.plain === true ? withoutTrigger(order.terms) : order.terms;
  return {
    coin: terms.asset.coin,
    side: sideLetter(terms.isBuy),
    limitPx: printDecimal(terms.price),
    sz: printDecimal(remaining),
    oid: order.oid,
    timestamp: order.placedAtMs,
    triggerCondition: triggerCondition(terms),
    isTrigger: terms.trigger !== undefined,
    triggerPx: printDecimal(terms.trigger?.price ?? ZERO),
    children: waitingChildren(order).map((child) => fullRow(child, child.remaining)),
    isPositionTpsl: order.group?.protects === "position",
    reduceOnly: terms.reduceOnly,
    orderType: orderType(terms),
    origSz: printDecimal(terms.size),
    tif: terms.trigger === undefined ? terms.tif : terms.trigger.isMarket ? null : "Gtc",
    cloid: terms.cloid ?? null,
  };
}

function withoutTrigger({ trigger: _fired, ...terms }: OrderTerms): OrderTerms {
  return terms;
}

/** The TP/SL orders that nest in their parent until it fills; they stand at top level too (protocol §8.2). */
function waitingChildren(order: Order): Order[] {
  const { group } = order;
  return group?.parent === order ? group.children.filter(({ dormant }) => dormant) : [];
}

/** Whether the trigger waits for a rising mark price. */
export function firesAbove(terms: OrderTerms): boolean {
  return (terms.trigger?.kind === "tp") !== terms.isBuy;
}

function triggerCondition(terms: OrderTerms): string {
  if (terms.trigger === undefined) return "N/A";
  return `Price ${firesAbove(terms) ? "above" : "below"} ${printPlain(terms.trigger.price)}`;
}

function printPlain(price: Decimal): string {
  return printDecimal(price).replace(/\.0$/, "");
}

function orderType(terms: OrderTerms): string {
  if (terms.twapId !== undefined) return "Twap Slice";
  if (terms.trigger === undefined) return terms.tif === "FrontendMarket" ? "Market" : "Limit";
  const kind = terms.trigger.kind === "tp" ? "Take Profit" : "Stop";
  return `${kind} ${terms.trigger.isMarket ? "Market" : "Limit"}`;
}
