import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  multiply,
  parseDecimal,
  subtract,
  ZERO,
} from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import type { OrderTerms } from "../ledger/order.ts";
import type { PlaceStatus } from "./place.ts";

/** What a batch pays to go first: this many parts of 1e8 of what it trades or rests (protocol §6.2). */
type Bid = { readonly rate: number; readonly batch: readonly OrderTerms[] };

const PARTS = parseDecimal("100000000");
const STAKED = "HYPE";

/** The static text for a batch that may not bid, or cannot pay; what goes first among bids is not simulated. */
export function priorityRefusal(ledger: Ledger, account: Account, bid: Bid): string | undefined {
  const { batch } = bid;
  const immediate = batch.every(({ tif, trigger }) => tif === "Ioc" && trigger === undefined);
  const passive = batch.every(({ tif, reduceOnly }) => tif === "Alo" && !reduceOnly);
  if (!immediate && !passive) return "Invalid priority grouping.";
  const most = batch.reduce((sum, { price, size }) => add(sum, multiply(price, size)), ZERO);
  const cost = costOf(ledger, bid.rate, most);
  return cost === undefined || compare(cost, account.delegatable) > 0
    ? "Insufficient delegatable balance for priority order"
    : undefined;
}

/** Takes what an admitted batch owes: of an Ioc for what it filled, of an Alo for what it rests. */
export function chargePriority(
  ledger: Ledger,
  account: Account,
  done: Bid & { readonly statuses: readonly PlaceStatus[] },
): void {
  const value = done.statuses.reduce(
    (sum, status, index) => add(sum, valueOf(status, done.batch[index])),
    ZERO,
  );
  const cost = costOf(ledger, done.rate, value) ?? ZERO;
  account.delegatable = subtract(account.delegatable, cost);
}

function valueOf(status: PlaceStatus, terms: OrderTerms | undefined): Decimal {
  if (typeof status === "string" || terms === undefined) return ZERO;
  if ("resting" in status) return multiply(terms.price, terms.size);
  if (!("filled" in status)) return ZERO;
  return multiply(parseDecimal(status.filled.avgPx), parseDecimal(status.filled.totalSz));
}

/** In the staked token; undefined where it has no market. */
function costOf(ledger: Ledger, rate: number, value: Decimal): Decimal | undefined {
  if (rate === 0) return ZERO;
  const market = ledger.universe.assets.find(({ token }) => token?.name === STAKED);
  if (market === undefined) return undefined;
  return divideCut(multiply(value, decimalOf(rate)), multiply(PARTS, markOf(ledger, market)), 8);
}
