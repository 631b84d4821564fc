import { add, type Decimal, parseDecimal, ZERO } from "@cloister/model";
import type { TruthAccount, TruthOrder } from "@cloister/simulator";
import { fillName } from "../fill-name.ts";

/** Sizes that may still be bought and sold, base units. */
export type Working = { readonly buy: Decimal; readonly sell: Decimal };

/** One of the venue's fills, as far as the rules ask. */
export type VenueFill = { readonly px: Decimal; readonly sz: Decimal; readonly side: "B" | "A" };

/** The venue's own books of one account at one moment. */
export type VenueBooks = {
  readonly positions: ReadonlyMap<string, Decimal>;
  /** By coin, of the live orders that carry the mark. */
  readonly working: ReadonlyMap<string, Working>;
  /** Cloids of live orders. */
  readonly live: ReadonlySet<string>;
  readonly fills: ReadonlyMap<string, VenueFill>;
  /** Whether every order that ever was carries the mark: else positions move for reasons of others. */
  readonly onlyOurs: boolean;
};

export function venueBooksOf(account: TruthAccount, mark: string): VenueBooks {
  const isOurs = ({ cloid }: TruthOrder): boolean => cloid?.startsWith(`0x${mark}`) === true;
  const working = new Map<string, Working>();
  const live = new Set<string>();
  for (const order of account.orders) {
    if (!order.open || order.cloid === undefined || !isOurs(order)) continue;
    live.add(order.cloid);
    const known = working.get(order.coin) ?? { buy: ZERO, sell: ZERO };
    const size = add(known[order.side], parseDecimal(order.remaining));
    working.set(order.coin, { ...known, [order.side]: size });
  }
  return {
    positions: new Map(
      Object.entries(account.positions).map(([coin, size]) => [coin, parseDecimal(size)]),
    ),
    working,
    live,
    fills: new Map(
      account.fills.map((fill) => [
        fillName({ ...fill, at: fill.time }),
        { px: parseDecimal(fill.px), sz: parseDecimal(fill.sz), side: fill.side },
      ]),
    ),
    onlyOurs: account.orders.every(isOurs),
  };
}
