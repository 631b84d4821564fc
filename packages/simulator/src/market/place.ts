import { type Decimal, divideCut, minDecimal, signOf } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import { type Seat, takeSeat, waitsForParent } from "../ledger/group.ts";
import {
  awaitMark,
  bookOf,
  endOrder,
  forgetOrder,
  type Ledger,
  leaveBooks,
  recordOrder,
  tellStatus,
} from "../ledger/ledger.ts";
import {
  crosses,
  endExecuted,
  type Executed,
  matchOrder,
  nextMaker,
  reducibleSize,
} from "./match.ts";
import type { Order, OrderTerms } from "../ledger/order.ts";
import { printDecimal } from "../print.ts";
import type { Refusal } from "./refusal.ts";
import { postOnlyText, runtimeRefusal } from "./rules.ts";

/** One status of an order answer (protocol §7.1). */
export type PlaceStatus =
  | { readonly resting: { readonly oid: number; readonly cloid?: string } }
  | {
      readonly filled: {
        readonly totalSz: string;
        readonly avgPx: string;
        readonly oid: number;
        readonly cloid?: string;
      };
    }
  | "waitingForFill"
  | "waitingForTrigger"
  | { readonly error: string };

/** Runs between an order's `open` and its executions: a modify says there that the old leg ended. */
export type Opened = () => void;

type Entry = { readonly order: Order; readonly opened?: Opened };

/** Runs one order: refused, executed, resting, or both of the last. */
export function placeOrder(
  ledger: Ledger,
  account: Account,
  asked: { terms: OrderTerms; opened?: Opened; seat?: Seat | undefined },
): PlaceStatus {
  const order = takeIn(ledger, account, asked.terms);
  if (typeof order === "string") return { error: order };
  if (asked.seat !== undefined) takeSeat(order, asked.seat);
  return runOrder(ledger, account, { ...asked, order });
}

/** Puts an order on record, without a status yet; or gives the text that refuses its cloid. */
export function takeIn(ledger: Ledger, account: Account, terms: OrderTerms): Order | string {
  const former = openNamesake(account, terms);
  const { reusedCloid } = ledger.rules;
  if (former !== undefined && reusedCloid === "reject") return cloidTaken(terms);
  if (former !== undefined && reusedCloid === "replace") endOrder(ledger, former, "canceled");
  return recordOrder(ledger, account, terms);
}

/** Runs an order that is on record. */
export function runOrder(ledger: Ledger, account: Account, entry: Entry): PlaceStatus {
  const { order } = entry;
  const { terms } = order;
  const refusal = runtimeRefusal(ledger, account, { terms, order });
  if (refusal !== undefined) return refuse(ledger, order, refusal);
  if (terms.trigger !== undefined) return wait(ledger, account, entry);
  if (terms.reduceOnly) order.remaining = minDecimal(terms.size, reducibleSize(account, terms));
  return enter(ledger, account, entry);
}

/** The open order that has the same cloid (protocol §16.4). */
export function openNamesake(account: Account, { cloid }: OrderTerms): Order | undefined {
  const latest = cloid === undefined ? undefined : account.byCloid.get(cloid);
  return latest?.open === true ? latest : undefined;
}

/** No text of the venue is known for it. */
function cloidTaken({ asset }: OrderTerms): string {
  return `Client order id is already in use. asset=${asset.id}`;
}

/** Brings an order to the market: also one whose trigger fired, under its same oid. */
export function enter(ledger: Ledger, account: Account, entry: Entry): PlaceStatus {
  const { order, opened } = entry;
  const refusal = bookRefusal(ledger, order);
  if (refusal !== undefined) return refuse(ledger, order, refusal);
  if (order.statuses.length === 0) tellStatus(ledger, order, "open");
  opened?.();
  const executed = matchOrder(ledger, order);
  if (signOf(order.remaining) === 0) tellStatus(ledger, order, "filled");
  else if (isImmediate(order.terms)) endExecuted(ledger, order);
  else {
    rest(ledger, account, order);
    const tells = ledger.rules.partlyFilledGtc === "filled" && signOf(executed.total) > 0;
    if (!tells) return { resting: identity(order) };
  }
  return {
    filled: {
      totalSz: printDecimal(executed.total),
      avgPx: averagePrice(order, executed),
      ...identity(order),
    },
  };
}

/** Whether an order never rests. */
function isImmediate(terms: OrderTerms): boolean {
  return terms.tif === "Ioc" || terms.tif === "FrontendMarket" || terms.trigger?.isMarket === true;
}

/** What the book itself forbids: crossing for a post-only order, not crossing for an immediate one. */
function bookRefusal(ledger: Ledger, order: Order): Refusal | undefined {
  const { terms } = order;
  if (terms.tif === "Alo" && terms.trigger === undefined) {
    const best = bookOf(ledger, terms.asset).bestPrice(!terms.isBuy);
    if (best === undefined || !crosses(terms, best)) return undefined;
    return { status: "badAloPxRejected", text: postOnlyText(ledger, terms) };
  }
  if (!isImmediate(terms) || nextMaker(ledger, order) !== undefined) return undefined;
  const suffix = ` asset=${terms.asset.id}`;
  return terms.tif === "Ioc" && terms.trigger === undefined
    ? {
        status: "iocCancelRejected",
        text: `Order could not immediately match against any resting orders.${suffix}`,
      }
    : {
        status: "marketOrderNoLiquidityRejected",
        text: `No liquidity available for market order.${suffix}`,
      };
}

/** Gives an order a reject for its last status, and the answer. */
export function refuse(ledger: Ledger, order: Order, refusal: Refusal): PlaceStatus {
  leaveBooks(ledger, order);
  const isNew = order.statuses.length === 0;
  // A reject shows the size as it was asked, also where reduce-only had shrunk it (protocol §4.1).
  if (isNew) order.remaining = order.terms.size;
  tellStatus(ledger, order, refusal.status);
  const account = ledger.accounts.get(order.owner);
  if (isNew && account !== undefined && ledger.rules.rejectedRecords === "forgotten") {
    forgetOrder(account, order);
  }
  return { error: refusal.text };
}

function rest(ledger: Ledger, account: Account, order: Order): void {
  order.open = true;
  account.open.set(order.oid, order);
  if (order.terms.reduceOnly) account.reducing.set(order.oid, order);
  bookOf(ledger, order.terms.asset).add(order);
  ledger.news.books.add(order.terms.asset.coin);
}

function wait(ledger: Ledger, account: Account, entry: Entry): PlaceStatus {
  const { order, opened } = entry;
  if (waitsForParent(order)) {
    awaitParent(account, order);
    opened?.();
    return "waitingForFill";
  }
  awaitMark(ledger, order);
  opened?.();
  const named = order.group === undefined && ledger.rules.triggerAnswer === "resting";
  return named ? { resting: identity(order) } : "waitingForTrigger";
}

/** A child is open at once, but nothing is told of it until its parent fills (protocol §16.9). */
export function awaitParent(account: Account, order: Order): void {
  order.open = true;
  order.dormant = true;
  account.open.set(order.oid, order);
}

function identity(order: Order): { oid: number; cloid?: string } {
  const { cloid } = order.terms;
  return cloid === undefined ? { oid: order.oid } : { oid: order.oid, cloid };
}

/** Average price, cut to the digits a price of the market may have. */
function averagePrice(order: Order, executed: Executed): string {
  const average: Decimal = divideCut(
    executed.value,
    executed.total,
    order.terms.asset.market.priceDecimals,
  );
  return printDecimal(average);
}
