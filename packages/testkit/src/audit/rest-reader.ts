import { type Decimal, parseDecimal, show, ZERO } from "@cloister/model";
import type { BookFill, Books } from "./books.ts";
import { filledByOid, type LegRecord, ordersOfLegs } from "./exchange-orders.ts";
import { bookFillOf } from "./wire-fill.ts";

type Leg = Omit<LegRecord, "filled">;

/** Asks an exchange's `/info`. Rejects when it cannot be read. */
export type AskInfo = (request: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What the venue returns at most of fills in one answer (protocol §8.6). */
const PAGE_MAX = 2_000;

/** An account's own books at the exchange, read over REST by code that shares nothing with the engine. */
export type RestReader = {
  /** Reads the records now known; the exchange forgets old ones, so this is called now and then. */
  collect(): Promise<void>;
  /** Everything since the first look, of orders that carry the mark. `known`: cloids to ask for one by one if missing. */
  books(known: readonly string[]): Promise<Books>;
};

/** @throws Error when the exchange cannot be read. */
export async function createRestReader(
  ask: AskInfo,
  terms: { readonly user: string; readonly mark: string },
): Promise<RestReader> {
  const { user } = terms;
  const legs = new Map<number, Leg>();
  const startMs = venueTime(await ask({ type: "clearinghouseState", user, dex: "" }));
  const isOurs = (leg: Leg): boolean => leg.cloid.startsWith(`0x${terms.mark}`);

  /** Oldest first, so that the newest status of an oid stays. */
  function keep(rows: readonly Leg[]): void {
    for (const leg of rows.toReversed()) if (isOurs(leg)) legs.set(leg.oid, leg);
  }

  async function collect(): Promise<void> {
    keep(rowsOf(await ask({ type: "historicalOrders", user })).map(readRecord));
  }

  async function askMissing(known: readonly string[]): Promise<void> {
    const have = new Set([...legs.values()].map(({ cloid }) => cloid));
    for (const cloid of known) {
      if (have.has(cloid)) continue;
      const answer = objectOf(await ask({ type: "orderStatus", user, oid: cloid }));
      if (answer["status"] === "order") keep([readRecord(answer["order"])]);
    }
  }

  return {
    collect,
    async books(known) {
      await collect();
      await askMissing(known);
      const all = await readFills(ask, { user, startMs });
      const fills = all.filter(({ oid }) => legs.has(oid));
      const filled = filledByOid(fills);
      const state = await ask({ type: "clearinghouseState", user, dex: "" });
      return {
        orders: ordersOfLegs(
          [...legs.values()].map((leg) => ({ ...leg, filled: filled.get(leg.oid) ?? ZERO })),
        ),
        fills,
        positions: readPositions(state),
      };
    },
  };
}

/** Pages by time; rows of one millisecond may straddle pages, so the overlap is read twice and kept once. */
async function readFills(
  ask: AskInfo,
  from: { readonly user: string; readonly startMs: number },
): Promise<readonly BookFill[]> {
  const fills = new Map<string, BookFill>();
  let startTime = from.startMs;
  for (;;) {
    const request = { type: "userFillsByTime", user: from.user, startTime, aggregateByTime: false };
    const rows = rowsOf(await ask(request));
    for (const row of rows) fills.set(JSON.stringify(row), readFill(row));
    const last = rows.map(readFill).at(-1);
    if (last === undefined || rows.length < PAGE_MAX || last.at === startTime) {
      return [...fills.values()];
    }
    startTime = last.at;
  }
}

function readRecord(row: unknown): Leg {
  const { order, status } = objectOf(row);
  const inner = objectOf(order);
  return {
    cloid: typeof inner["cloid"] === "string" ? inner["cloid"].toLowerCase() : "",
    oid: numberOf(inner["oid"]),
    status: textOf(status),
  };
}

function readFill(row: unknown): BookFill {
  const fill = objectOf(row);
  return bookFillOf({
    coin: textOf(fill["coin"]),
    side: textOf(fill["side"]),
    px: textOf(fill["px"]),
    sz: textOf(fill["sz"]),
    oid: numberOf(fill["oid"]),
    tid: numberOf(fill["tid"]),
    time: numberOf(fill["time"]),
    fee: textOf(fill["fee"]),
    feeToken: textOf(fill["feeToken"]),
  });
}

function readPositions(state: unknown): ReadonlyMap<string, Decimal> {
  const positions = new Map<string, Decimal>();
  for (const row of rowsOf(objectOf(state)["assetPositions"])) {
    const position = objectOf(objectOf(row)["position"]);
    const size = parseDecimal(position["szi"]);
    if (size !== ZERO) positions.set(textOf(position["coin"]), size);
  }
  return positions;
}

function venueTime(state: unknown): number {
  return numberOf(objectOf(state)["time"]);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw unreadable("an object", value);
  return Object.fromEntries(Object.entries(value));
}

function rowsOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable("a list", value);
  return value.map((row: unknown) => row);
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw unreadable("a text", value);
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw unreadable("a number", value);
  return value;
}

function unreadable(wanted: string, value: unknown): Error {
  return new Error(`the exchange sent ${show(value)} instead of ${wanted}`);
}
