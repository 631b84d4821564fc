import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  minDecimal,
  multiply,
  parseDecimal,
  roundPrice,
  roundSize,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import { tradeId } from "../ledger/ids.ts";
import { keepTail, type Ledger, markOf } from "../ledger/ledger.ts";
import { type Twap, twapRow, type TwapStatus, twapState, type TwapTerms } from "../ledger/twap.ts";
import type { WireFill } from "./fill.ts";
import { placeOrder } from "./place.ts";

/** Time between two slices, ms. */
const SLICE_MS = 30_000;
const SLICES_PER_MINUTE = 2;
/** A slice that catches up is at most so many usual slices. */
const CATCH_UP = decimalOf(3);
/** How far from the mark price a slice may go, as a fraction of it. */
const REACH = parseDecimal("0.03");
/** A randomized slice is between 80 and 120 % of a usual one. */
const LEAST_PERCENT = 80;
const SPREAD_PERCENT = 41;
const FILLS_KEPT = 2_000;
const TWAPS_KEPT = 500;

/** Begins a TWAP; its first slice comes with the next block. */
export function startTwap(ledger: Ledger, account: Account, terms: TwapTerms): Twap {
  ledger.lastTwapId += 1;
  const twap: Twap = {
    id: ledger.lastTwapId,
    owner: account.address,
    terms,
    startedAtMs: ledger.news.atMs,
    slices: 0,
    executedSize: ZERO,
    executedValue: ZERO,
    fills: [],
    changes: [],
    running: true,
  };
  keepTail(account.twaps, twap, TWAPS_KEPT);
  ledger.twaps.set(twap.id, twap);
  note(ledger, twap, { status: "activated" });
  return twap;
}

/** Ends one: it has no further slice. */
export function endTwap(ledger: Ledger, twap: Twap, status: TwapStatus): void {
  twap.running = false;
  ledger.twaps.delete(twap.id);
  note(ledger, twap, status);
}

/** Sends the slices that are due, one of each TWAP at most. */
export function runTwaps(ledger: Ledger): void {
  for (const twap of ledger.twaps.values()) {
    const account = ledger.accounts.get(twap.owner);
    const due = slicesDue(ledger, twap);
    if (account === undefined || due <= twap.slices) continue;
    twap.slices = due;
    const failure = sendSlice(ledger, account, twap);
    if (failure !== undefined) endTwap(ledger, twap, { status: "error", description: failure });
    else if (isDone(twap)) endTwap(ledger, twap, { status: "finished" });
  }
}

function slicesDue(ledger: Ledger, twap: Twap): number {
  const begun = Math.floor((ledger.news.atMs - twap.startedAtMs) / SLICE_MS) + 1;
  return Math.min(slicesOf(twap), begun);
}

/** One at the beginning, one at each half minute, one at the end. */
function slicesOf({ terms }: Twap): number {
  return terms.minutes * SLICES_PER_MINUTE + 1;
}

function isDone(twap: Twap): boolean {
  return twap.slices >= slicesOf(twap) || compare(twap.executedSize, twap.terms.size) >= 0;
}

/** The text that ends the TWAP, if the slice was refused for a lasting reason. */
function sendSlice(ledger: Ledger, account: Account, twap: Twap): string | undefined {
  const size = sliceSize(twap);
  if (signOf(size) <= 0) return undefined;
  const { asset, isBuy, reduceOnly } = twap.terms;
  const mark = markOf(ledger, asset);
  const away = multiply(mark, REACH);
  const price = roundPrice(
    asset.market,
    isBuy ? add(mark, away) : subtract(mark, away),
    isBuy ? "down" : "up",
  );
  const terms = { asset, isBuy, price, size, reduceOnly, tif: "Ioc", twapId: twap.id } as const;
  const status = placeOrder(ledger, account, { terms });
  if (typeof status !== "object") return undefined;
  if ("error" in status) return lasting(status.error);
  const { oid } = "filled" in status ? status.filled : status.resting;
  for (const fill of fillsOf(account, oid)) book(ledger, twap, fill);
  return undefined;
}

/** A slice that finds nobody to trade with is caught up later; one that may not be taken never will be. */
function lasting(text: string): string | undefined {
  return /margin|balance|increase position|delisted/i.test(text) ? text : undefined;
}

/** What is behind schedule, within reason, in whole lots. */
function sliceSize(twap: Twap): Decimal {
  const { terms } = twap;
  const count = decimalOf(slicesOf(twap));
  const usual = divideCut(terms.size, count, 8);
  const target = divideCut(multiply(terms.size, decimalOf(twap.slices)), count, 8);
  const behind = subtract(target, twap.executedSize);
  const wanted = minDecimal(behind, multiply(usual, CATCH_UP));
  const last = twap.slices >= slicesOf(twap);
  const varied = terms.randomize && !last ? vary(twap, wanted) : wanted;
  const left = subtract(terms.size, twap.executedSize);
  return roundSize(terms.asset.market, minDecimal(varied, left), "down");
}

/** The chance is the ids': the same run has the same slices. */
function vary(twap: Twap, size: Decimal): Decimal {
  const percent = LEAST_PERCENT + (tradeId(twap.id, twap.slices) % SPREAD_PERCENT);
  return divideCut(multiply(size, decimalOf(percent)), decimalOf(100), 8);
}

function book(ledger: Ledger, twap: Twap, fill: WireFill): void {
  const size = parseDecimal(fill.sz);
  twap.executedSize = add(twap.executedSize, size);
  twap.executedValue = add(twap.executedValue, multiply(size, parseDecimal(fill.px)));
  keepTail(twap.fills, fill, FILLS_KEPT);
  ledger.news.tellTwapFill(twap.owner, { fill, twapId: twap.id });
}

/** The latest fills of an account, as far as they belong to an order. */
function fillsOf(account: Account, oid: number): readonly WireFill[] {
  const fills: WireFill[] = [];
  for (let at = account.fills.length - 1; at >= 0; at -= 1) {
    const fill = account.fills[at];
    if (fill === undefined || fill.oid !== oid) break;
    fills.unshift(fill);
  }
  return fills;
}

function note(ledger: Ledger, twap: Twap, status: TwapStatus): void {
  const change = { atMs: ledger.news.atMs, state: twapState(twap), status };
  twap.changes.push(change);
  ledger.news.tellTwapChange(twap.owner, twapRow(twap, change));
}
