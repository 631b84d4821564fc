import {
  add,
  compare,
  type Decimal,
  minDecimal,
  multiply,
  negate,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { cut, share } from "./fees.ts";

/** A perpetual position. */
export type Position = {
  /** Signed, base units. */
  readonly size: Decimal;
  /** What its open part cost, unsigned, quote units. */
  readonly entryValue: Decimal;
  /** The money of an isolated position; what the venue calls its raw USD (protocol §8.7). */
  readonly ownCash?: Decimal;
  readonly funding: FundingPaid;
};

/** What was paid for holding it, quote units; negative was earned. */
export type FundingPaid = {
  readonly allTime: Decimal;
  readonly sinceOpen: Decimal;
  readonly sinceChange: Decimal;
};

const NO_FUNDING: FundingPaid = { allTime: ZERO, sinceOpen: ZERO, sinceChange: ZERO };

export const FLAT: Position = { size: ZERO, entryValue: ZERO, funding: NO_FUNDING };

export type PositionChange = {
  readonly position: Position;
  /** Display text of protocol §4.2. */
  readonly dir: string;
  /** Realised by the part that closed, without the fee. */
  readonly closedPnl: Decimal;
};

export type Execution = {
  readonly isBuy: boolean;
  readonly size: Decimal;
  readonly price: Decimal;
};

/** What one execution makes of a position. */
export function executed(before: Position, execution: Execution): PositionChange {
  const signed = execution.isBuy ? execution.size : negate(execution.size);
  const size = add(before.size, signed);
  if (signOf(before.size) === 0 || signOf(before.size) === signOf(signed)) {
    const entryValue = add(before.entryValue, multiply(execution.price, execution.size));
    return {
      position: { ...before, size, entryValue, funding: fundingAfter(before, size) },
      dir: execution.isBuy ? "Open Long" : "Open Short",
      closedPnl: ZERO,
    };
  }
  const held = absolute(before.size);
  const closing = minDecimal(held, execution.size);
  const cost = share(before.entryValue, closing, held);
  const worth = multiply(execution.price, closing);
  const gain = execution.isBuy ? subtract(cost, worth) : subtract(worth, cost);
  const flips = compare(execution.size, held) > 0;
  const entryValue = flips
    ? multiply(execution.price, subtract(execution.size, held))
    : compare(execution.size, held) === 0
      ? ZERO
      : subtract(before.entryValue, cost);
  return {
    position: { ...before, size, entryValue, funding: fundingAfter(before, size) },
    dir: closingText(execution.isBuy, flips),
    closedPnl: cut(gain, 6),
  };
}

/** Every change begins a new count, and so does every opening. */
function fundingAfter(before: Position, size: Decimal): FundingPaid {
  const opens = signOf(before.size) !== signOf(size);
  const { allTime, sinceOpen } = before.funding;
  return { allTime, sinceOpen: opens ? ZERO : sinceOpen, sinceChange: ZERO };
}

export function absolute(value: Decimal): Decimal {
  return signOf(value) < 0 ? negate(value) : value;
}

function closingText(isBuy: boolean, flips: boolean): string {
  if (flips) return isBuy ? "Short > Long" : "Long > Short";
  return isBuy ? "Close Short" : "Close Long";
}
