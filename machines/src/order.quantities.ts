import {
  compare,
  type Decimal,
  maxDecimal,
  type OrderTerms,
  subtract,
  ZERO,
} from "@cloister/model";
import { isGivenUp, isSearched, type Leg } from "./order.legs.ts";

/** A leg with its full size (undefined while unknown) and the terms of its order. */
export type Sized = {
  readonly leg: Leg;
  readonly size: Decimal | undefined;
  readonly terms: OrderTerms;
};

/** Takes what crosses when it executes and drops the rest: an Ioc, or a trigger that fires as a market order. */
export function takesOnly(terms: OrderTerms): boolean {
  return terms.trigger === undefined ? terms.tif === "Ioc" : terms.trigger.market;
}

/**
 * Executed size as the venue stated it. A reduce-only leg shrinks without fills,
 * so what was left of it says nothing (protocol §5).
 */
export function statedOf({ leg, size, terms }: Sized): Decimal | undefined {
  const ending = leg.ending;
  if (ending === undefined) return undefined;
  const { total, left } = ending;
  if (left === undefined || size === undefined || terms.reduceOnly) return total;
  const executed = subtract(size, left);
  return total === undefined ? executed : maxDecimal(total, executed);
}

/** Σ fills or what was stated, whichever is more. */
export function executedOf(sized: Sized): Decimal {
  const stated = statedOf(sized);
  return stated === undefined ? sized.leg.filled : maxDecimal(sized.leg.filled, stated);
}

export function isWhole(sized: Sized): boolean {
  return sized.size !== undefined && compare(executedOf(sized), sized.size) >= 0;
}

export function isOverfilled({ leg, size }: Sized): boolean {
  return size !== undefined && compare(leg.filled, size) > 0;
}

/** What the fills of an ended leg must come to; undefined when nothing says so. */
export function owedOf(sized: Sized): Decimal | undefined {
  const stated = statedOf(sized);
  const { leg, size, terms } = sized;
  const saysAll = leg.ending?.word === "filled" && !takesOnly(terms) && !terms.reduceOnly;
  if (!saysAll || size === undefined) return stated;
  return stated === undefined ? size : maxDecimal(stated, size);
}

/** What is owed and has not come. */
export function missingOfLeg(sized: Sized): Decimal {
  const owed = owedOf(sized);
  return owed === undefined ? ZERO : rest(owed, sized.leg.filled);
}

/** The ledger of a leg that is over. A read that found nothing more does not outvote a stated total. */
export function ledgerOfLeg(sized: Sized): "complete" | "open" | "incomplete" {
  const { leg, size } = sized;
  if (size !== undefined && compare(leg.filled, size) >= 0) return "complete";
  const owed = owedOf(sized);
  const caughtUp = owed === undefined ? isSearched(leg) : compare(leg.filled, owed) >= 0;
  if (caughtUp) return "complete";
  return isGivenUp(leg) ? "incomplete" : "open";
}

/** How much a leg that is over may have executed without our having heard of it. */
export function unheardOf(sized: Sized): Decimal {
  if (ledgerOfLeg(sized) === "complete") return ZERO;
  const most = owedOf(sized) ?? sized.size;
  return most === undefined ? ZERO : rest(most, sized.leg.filled);
}

/** a − b, never below zero. */
export function rest(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) > 0 ? subtract(a, b) : ZERO;
}
