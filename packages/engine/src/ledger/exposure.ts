import { worstOf } from "@cloister/machines";
import {
  add,
  type Coin,
  type Decimal,
  type ExposureView,
  formatDecimal,
  type Side,
  subtract,
  ZERO,
} from "@cloister/model";
import type { Ledger } from "./ledger.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

/** What may still be added to the position on either side, base units. */
export type Pending = { buy: Decimal; sell: Decimal };

/** Adds what an order could still fill to its coin's sums. */
export function addPending(
  sums: Map<Coin, Pending>,
  { coin, side }: { readonly coin: Coin; readonly side: Side },
  size: Decimal,
): void {
  if (size === ZERO) return;
  const sum = sums.get(coin) ?? { buy: ZERO, sell: ZERO };
  sum[side] = add(sum[side], size);
  sums.set(coin, sum);
}

/** The same sums by counting every order: for who checks those that are kept up to date. */
export function pendingOf(
  orders: Iterable<TrackedOrder>,
  more: (sums: Map<Coin, Pending>) => void,
): Map<Coin, Pending> {
  const sums = new Map<Coin, Pending>();
  for (const { terms, facts } of orders) addPending(sums, terms, worstOf(facts));
  more(sums);
  return sums;
}

/**
 * The bounds of each coin's position once all that could still fill has filled: open, pending, doubtful,
 * both legs of a modify, and what reaped orders left unproved (design rule 4).
 */
export function exposureOf(
  ledger: Ledger,
  sums: ReadonlyMap<Coin, Pending>,
): readonly ExposureView[] {
  const coins = new Set([...ledger.coins(), ...sums.keys()]);
  return [...coins].map((coin) => {
    const position = ledger.position(coin);
    const { buy, sell } = sums.get(coin) ?? { buy: ZERO, sell: ZERO };
    return {
      coin,
      position: formatDecimal(position),
      min: formatDecimal(subtract(position, sell)),
      max: formatDecimal(add(position, buy)),
    };
  });
}
