import {
  brokenPriceRule,
  brokenSizeRule,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  formatDecimal,
  multiply,
  parseDecimal,
  signOf,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { capRefusal } from "./caps.ts";
import type { Refusal } from "./refusal.ts";
import { hasAnyBalance, hasBalance, hasMargin } from "./funds.ts";
import { bookOf, type Ledger, markOf } from "../ledger/ledger.ts";
import type { Limits } from "../limits/limits.ts";
import { crosses, reducibleSize } from "./match.ts";
import { entryPrice } from "../ledger/group.ts";
import { firesAbove, type Order, type OrderTerms, takesWhole } from "../ledger/order.ts";
import { absolute } from "./position.ts";
import { printDecimal } from "../print.ts";

const MAX_VALUE = parseDecimal("5000000");
const VOLUME_PER_OPEN_ORDER = parseDecimal("5000000");
const BAND_LOW = parseDecimal("0.05");
const BAND_HIGH = parseDecimal("1.95");
const SPOT_LOW = parseDecimal("0.2");
const SPOT_HIGH = decimalOf(5);

/**
 * The static text for a whole batch (protocol §7.4): no oid, no record, no update.
 * A TP/SL of a position may have size 0: then it is as large as the position.
 */
export function staticRefusal(
  ledger: Ledger,
  terms: OrderTerms,
  ofPosition = false,
): string | undefined {
  const { asset } = terms;
  if (ledger.market.postOnly && !isPostOnly(terms)) {
    return "Only post-only orders allowed immediately after network upgrade";
  }
  const malformed = malformation(terms, ofPosition);
  if (malformed !== undefined) return malformed;
  const spot = asset.market.kind === "spot";
  const mark = markOf(ledger, asset);
  if (spot ? outsideSpotBand(terms.price, mark) : outsidePerpBand(terms.price, mark)) {
    return `Order price cannot be more than ${spot ? "80" : "95"}% away from the reference price`;
  }
  if (ledger.rules.offTickPrice === "static" && isOffTick(terms)) {
    return "Price must be divisible by tick size.";
  }
  if (compare(multiply(terms.price, terms.size), MAX_VALUE) > 0) {
    return "Order value too large. Max is $5000000.";
  }
  return undefined;
}

/** What is wrong with an order's own numbers and flags. */
function malformation(terms: OrderTerms, ofPosition: boolean): string | undefined {
  const { asset, trigger } = terms;
  if (signOf(terms.price) <= 0) return "Order has invalid price.";
  if (trigger !== undefined && !terms.reduceOnly) return "TP/SL orders must be reduce-only.";
  if (takesWhole(terms)) {
    return ofPosition && trigger !== undefined ? undefined : "Order has zero size.";
  }
  if (brokenSizeRule(asset.market, terms.size) !== undefined) return "Order has invalid size.";
  const spot = asset.market.kind === "spot";
  return spot && terms.reduceOnly ? "Reduce-only is invalid for spot trading." : undefined;
}

/** An order to judge, on record or not yet; a modify names the leg that frees what it holds. */
export type Asked = {
  readonly terms: OrderTerms;
  readonly order?: Order;
  readonly replacing?: Order;
};

/** Why an order is refused before it may look at the book; undefined when it may. */
export function runtimeRefusal(
  ledger: Ledger,
  account: Account,
  asked: Asked,
): Refusal | undefined {
  const { terms } = asked;
  const refusal = marketRefusal(account, asked) ?? ceilingRefusal(ledger, account, asked);
  if (refusal !== undefined) return refusal;
  if (terms.asset.token !== undefined && terms.tif === "Ioc") {
    return spotIocRefusal(ledger, account, asked);
  }
  if (belowMinimum(ledger, account, terms)) return tooSmall(terms);
  if (terms.trigger !== undefined) return triggerRefusal(ledger, asked);
  return capRefusal(ledger, account, terms) ?? fundsRefusal(ledger, account, asked);
}

/** Why an order whose trigger fired is refused after all: the rules as they are now. */
export function firingRefusal(ledger: Ledger, account: Account, order: Order): Refusal | undefined {
  const { terms } = order;
  const small = belowMinimum(ledger, account, terms) ? tooSmall(terms) : undefined;
  return marketRefusal(account, { terms, order }) ?? small;
}

/** In the order of protocol §11.2: nothing to meet, nothing to pay with, too little at the first price it meets. */
function spotIocRefusal(ledger: Ledger, account: Account, asked: Asked): Refusal | undefined {
  const { terms } = asked;
  const met = bookOf(ledger, terms.asset).firstNotOf(account.address, !terms.isBuy);
  // The book itself refuses what meets nothing.
  if (met === undefined || !crosses(terms, met.terms.price)) return undefined;
  if (!hasAnyBalance(account, terms)) return fundsRefusal(ledger, account, asked);
  const value = multiply(met.terms.price, terms.size);
  if (compare(value, terms.asset.market.minNotional) < 0) return tooSmall(terms);
  return fundsRefusal(ledger, account, asked);
}

/** What the market's own rules forbid. */
function marketRefusal(account: Account, { terms, order }: Asked): Refusal | undefined {
  const { market, id } = terms.asset;
  const suffix = ` asset=${id}`;
  if (market.delisted) {
    return { status: "rejected", text: `Trading is disabled for delisted assets.${suffix}` };
  }
  if (isOffTick(terms)) {
    return { status: "tickRejected", text: `Price must be divisible by tick size.${suffix}` };
  }
  const mayWait = terms.trigger !== undefined && order?.group?.protects !== "position";
  if (terms.reduceOnly && !mayWait && signOf(reducibleSize(account, terms)) === 0) {
    return {
      status: "reduceOnlyRejected",
      text: `Reduce only order would increase position.${suffix}`,
    };
  }
  return undefined;
}

/**
 * More open orders than an account may have (protocol §12.3). One that cannot rest never adds to them;
 * reduce-only and trigger orders are refused from the base on, whatever the volume.
 */
function ceilingRefusal(ledger: Ledger, account: Account, asked: Asked): Refusal | undefined {
  if (account.background) return undefined;
  const { terms, replacing } = asked;
  const open = account.open.size - (replacing?.open === true ? 1 : 0);
  const { openOrders } = ledger.limits;
  if (open < openOrders) return undefined;
  const narrow = terms.reduceOnly || terms.trigger !== undefined;
  const rests = terms.tif === "Gtc" || terms.tif === "Alo";
  if (!narrow && (!rests || open < openOrdersCap(account, ledger.limits))) return undefined;
  return {
    status: "tooManyOpenOrdersRejected",
    text: `Too many open orders. asset=${terms.asset.id}`,
  };
}

/** Open orders by volume: one more per five million (protocol §12.3). */
function openOrdersCap(account: Account, limits: Limits): number {
  const earned = Number(formatDecimal(divideCut(account.volume, VOLUME_PER_OPEN_ORDER, 0)));
  return Math.min(limits.openOrders + earned, limits.openOrdersMax);
}

function isPostOnly({ tif, trigger }: OrderTerms): boolean {
  return tif === "Alo" && trigger === undefined;
}

function isOffTick({ asset, price }: OrderTerms): boolean {
  return brokenPriceRule(asset.market, price) !== undefined;
}

function tooSmall({ asset }: OrderTerms): Refusal {
  const least = asset.market.kind === "spot" ? "10 USDC" : "$10";
  return {
    status: "minTradeNtlRejected",
    text: `Order must have minimum value of ${least}. asset=${asset.id}`,
  };
}

/** What the account cannot pay for. Background accounts may owe. */
function fundsRefusal(ledger: Ledger, account: Account, asked: Asked): Refusal | undefined {
  const { terms } = asked;
  if (account.background || terms.reduceOnly) return undefined;
  const suffix = ` asset=${terms.asset.id}`;
  if (terms.asset.market.kind === "spot") {
    if (hasBalance(account, asked)) return undefined;
    return {
      status: "insufficientSpotBalanceRejected",
      text: `Insufficient spot balance${suffix}`,
    };
  }
  if (hasMargin(ledger, account, terms)) return undefined;
  return { status: "perpMarginRejected", text: `Insufficient margin to place order.${suffix}` };
}

/** The text of a post-only order that would cross; it names the best bid and ask. */
export function postOnlyText(ledger: Ledger, terms: OrderTerms): string {
  const book = bookOf(ledger, terms.asset);
  const print = ledger.rules.bboNumbers === "bare" ? formatDecimal : printDecimal;
  const [bid, ask] = [book.bestPrice(true), book.bestPrice(false)].map((price) =>
    price === undefined ? "None" : print(price),
  );
  return `Post only order would have immediately matched, bbo was ${bid}@${ask}. asset=${terms.asset.id}`;
}

/** Whether a trigger's condition holds at a mark price. */
export function isTriggered(terms: OrderTerms, mark: Decimal): boolean {
  if (terms.trigger === undefined) return false;
  const difference = compare(mark, terms.trigger.price);
  return firesAbove(terms) ? difference >= 0 : difference <= 0;
}

function triggerRefusal(ledger: Ledger, { terms, order }: Asked): Refusal | undefined {
  const { asset, trigger } = terms;
  const broken =
    trigger === undefined || brokenPriceRule(asset.market, trigger.price) !== undefined;
  const mark = markOf(ledger, asset);
  const now = order === undefined ? mark : entryPrice(order, mark);
  if (!broken && !isTriggered(terms, now)) return undefined;
  return { status: "badTriggerPxRejected", text: `Invalid TP/SL price. asset=${asset.id}` };
}

/** Below $10 unless it closes the whole position (protocol §11.2). */
function belowMinimum(ledger: Ledger, account: Account, terms: OrderTerms): boolean {
  // Slices of a TWAP have no minimum of their own.
  if (takesWhole(terms) || terms.twapId !== undefined) return false;
  const { market, token } = terms.asset;
  const atMark = ledger.rules.minimumValue === "mark" && token === undefined;
  const price = atMark ? markOf(ledger, terms.asset) : terms.price;
  if (compare(multiply(price, terms.size), market.minNotional) >= 0) return false;
  const { size } = positionOf(account, terms.asset.coin);
  const against = terms.isBuy ? signOf(size) < 0 : signOf(size) > 0;
  if (!against) return true;
  const rest = compare(terms.size, absolute(size));
  return terms.reduceOnly ? rest < 0 : rest !== 0;
}

function outsidePerpBand(price: Decimal, mark: Decimal): boolean {
  return (
    compare(price, multiply(mark, BAND_LOW)) < 0 || compare(price, multiply(mark, BAND_HIGH)) > 0
  );
}

/** 0.2 × reference < price <= 5 × reference (protocol §11.2). */
function outsideSpotBand(price: Decimal, mark: Decimal): boolean {
  return (
    compare(price, multiply(mark, SPOT_LOW)) <= 0 || compare(price, multiply(mark, SPOT_HIGH)) > 0
  );
}
