import { type Decimal, formatDecimal, ZERO } from "@cloister/model";
import { fillName } from "../fill-name.ts";
import type { BookFill, BookOrder, Books } from "./books.ts";
import { type Line, sumsOf } from "./sums.ts";

/** One fact on which the two sides do not agree. */
export type Difference = {
  readonly of: "order" | "fill" | "position";
  /** The order's cloid, the fill's key or the coin. */
  readonly key: string;
  readonly field: string;
  readonly engine: string;
  readonly exchange: string;
};

/** How many of a kind each side has, how many pairs were compared, and how many of them differ. */
export type Tally = {
  readonly engine: number;
  readonly exchange: number;
  readonly compared: number;
  readonly differences: number;
};

export type Audit = {
  readonly agrees: boolean;
  readonly orders: Tally;
  readonly fills: Tally;
  readonly positions: Tally;
  /** What both sides add up to. */
  readonly lines: readonly Line[];
  readonly differences: readonly Difference[];
};

const ABSENT = "absent";

/** Compares every order, fill and position of the engine with the exchange's own. Pure. */
export function compareBooks(engine: Books, exchange: Books): Audit {
  const orders = compareOrders(engine, exchange);
  const fills = compareFills(engine, exchange);
  const positions = comparePositions(engine, exchange);
  const differences = [...orders.differences, ...fills.differences, ...positions.differences];
  return {
    agrees: differences.length === 0,
    orders: orders.tally,
    fills: fills.tally,
    positions: positions.tally,
    lines: sumsOf(engine, exchange),
    differences,
  };
}

/** Books in which nothing happened agree, and prove nothing. */
export function hasTraded({ orders, fills }: Audit): boolean {
  return orders.engine > 0 && fills.engine > 0;
}

type Compared = { readonly tally: Tally; readonly differences: readonly Difference[] };

function compareOrders(engine: Books, exchange: Books): Compared {
  const ours = groupBy(engine.orders, ({ cloid }) => cloid);
  const theirs = groupBy(exchange.orders, ({ cloid }) => cloid);
  return comparePairs("order", { ours, theirs }, (mine, other) => {
    if (mine === undefined) return [["state", ABSENT, other?.state ?? ABSENT]];
    if (other === undefined) return isTraceless(mine) ? [] : [["state", mine.state, ABSENT]];
    return [
      ["state", mine.state, other.state],
      ["filled", formatDecimal(mine.filled), formatDecimal(other.filled)],
      ["oids", oidsOf(mine, other), numbers(other.oids)],
    ];
  });
}

/** Refused before it had an oid: the exchange keeps no record of such an order (protocol §7.4). */
function isTraceless({ state, oids, filled }: BookOrder): boolean {
  return state !== "live" && state !== "filled" && oids.length === 0 && filled === ZERO;
}

/** A refusal without an oid in its answer leaves the engine without the oid of the exchange's record. */
function oidsOf(mine: BookOrder, other: BookOrder): string {
  const untold = mine.state === "rejected" && mine.oids.length === 0;
  return numbers(untold ? other.oids : mine.oids);
}

function compareFills(engine: Books, exchange: Books): Compared {
  const ours = groupBy(engine.fills, fillName);
  const theirs = groupBy(exchange.fills, fillName);
  return comparePairs("fill", { ours, theirs }, (mine, other) => {
    if (mine === undefined || other === undefined) {
      return [["presence", presence(mine), presence(other)]];
    }
    return [
      ["side", mine.side, other.side],
      ["price", formatDecimal(mine.price), formatDecimal(other.price)],
      ["size", formatDecimal(mine.size), formatDecimal(other.size)],
      ["fee", feeOf(mine), feeOf(other)],
    ];
  });
}

function comparePositions(engine: Books, exchange: Books): Compared {
  const coins = [...new Set([...engine.positions.keys(), ...exchange.positions.keys()])];
  const side = (books: Books): Grouped<Decimal> =>
    new Map(coins.map((coin) => [coin, [books.positions.get(coin) ?? ZERO]]));
  return comparePairs("position", { ours: side(engine), theirs: side(exchange) }, (mine, other) => [
    ["size", formatDecimal(mine ?? ZERO), formatDecimal(other ?? ZERO)],
  ]);
}

type Grouped<T> = ReadonlyMap<string, readonly T[]>;
type Facts = readonly (readonly [field: string, engine: string, exchange: string])[];

/** Pairs both sides by key; a key that one side has more often is a difference of its own. */
function comparePairs<T>(
  of: Difference["of"],
  sides: { readonly ours: Grouped<T>; readonly theirs: Grouped<T> },
  facts: (mine: T | undefined, other: T | undefined) => Facts,
): Compared {
  const differences: Difference[] = [];
  const wrong = new Set<string>();
  const keys = new Set([...sides.ours.keys(), ...sides.theirs.keys()]);
  for (const key of keys) {
    const mine = sides.ours.get(key) ?? [];
    const other = sides.theirs.get(key) ?? [];
    const times: Facts =
      mine.length > 1 || other.length > 1
        ? [["times", String(mine.length), String(other.length)]]
        : [];
    for (const [field, engine, exchange] of [...facts(mine[0], other[0]), ...times]) {
      if (engine === exchange) continue;
      differences.push({ of, key, field, engine, exchange });
      wrong.add(key);
    }
  }
  const tally: Tally = {
    engine: total(sides.ours),
    exchange: total(sides.theirs),
    compared: keys.size,
    differences: wrong.size,
  };
  return { tally, differences };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Grouped<T> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function total(grouped: Grouped<unknown>): number {
  let count = 0;
  for (const group of grouped.values()) count += group.length;
  return count;
}

function presence(fill: BookFill | undefined): string {
  if (fill === undefined) return ABSENT;
  return `${fill.side} ${formatDecimal(fill.size)} @ ${formatDecimal(fill.price)}`;
}

function feeOf({ fee, feeToken }: BookFill): string {
  return `${formatDecimal(fee)} ${feeToken}`;
}

function numbers(oids: readonly number[]): string {
  return oids.toSorted((a, b) => a - b).join(",");
}
