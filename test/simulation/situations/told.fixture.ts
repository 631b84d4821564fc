import type { Engine, FillView } from "@cloister/engine";
import {
  add,
  type Alarm,
  type Certificate,
  type Decimal,
  type DoubtEnded,
  formatDecimal,
  type ManualClock,
  parseDecimal,
  subtract,
  ZERO,
} from "@cloister/model";
import {
  type ExchangeOptions,
  type Faults,
  faultsOf,
  readFaultPlan,
  type TruthAccount,
  type TruthOrder,
} from "@cloister/simulator";
import {
  bookFillOf,
  type Books,
  compareBooks,
  ordersOfLegs,
  recordEngine,
} from "@cloister/testkit";
import { expect } from "vitest";
import { ACCOUNT, type World, world } from "../world.ts";

/** All that one engine told since it was listened to, and what its exchange knows of the same account. */
export type Told = {
  readonly alarms: readonly Alarm[];
  readonly alarmed: () => readonly string[];
  readonly doubts: readonly DoubtEnded[];
  readonly certificates: readonly Certificate[];
  readonly fills: readonly FillView[];
  /** Every state an order was in until it was reaped, without repetitions. */
  readonly path: (order: { readonly cloid: string }) => readonly string[];
  /** The exchange's books of the account. */
  readonly truth: () => TruthAccount;
  /** Actions that reached the exchange, by type, oldest first. */
  readonly sent: () => readonly string[];
  /**
   * After a while of calm weather every order, fill, position and bound that the engine states is the exchange's own,
   * and nothing is doubtful or on its way. Spot pairs have no position there: what they move are balances.
   */
  readonly expectBooksAgree: () => void;
};

/** One question to the exchange over HTTP, at which ms. */
export type Read = { readonly atMs: number; readonly body: string };

/** `reads`: of all engines of the story. */
export type Story = World & Told & { readonly reads: readonly Read[] };

type Terms = Omit<NonNullable<Parameters<typeof world>[0]>, "wire" | "exchange"> & {
  readonly exchange?: Partial<ExchangeOptions>;
  /** Misbehaviour as data. */
  readonly faults?: readonly object[];
  /** Misbehaviour as code; what it leaves alone is the plan's. */
  readonly meddle?: Pick<Faults, "frame" | "answer">;
  readonly latencyMs?: number;
};

/** A world without a crowd, on a wire of 5 ms behind a plan of faults, of which every word is kept. */
export async function story(terms: Terms = {}): Promise<Story> {
  const { faults = [], meddle, latencyMs = 5, exchange, ...more } = terms;
  const plan = readFaultPlan({ seed: 1, faults });
  const reads: Read[] = [];
  const all = await world({
    ...more,
    exchange: { crowd: false, ...exchange },
    wire: (clock) => {
      const planned = faultsOf(plan, { clock });
      return {
        latencyMs,
        faults: {
          ...planned,
          request: (seen) => {
            if (seen.path === "/info") reads.push({ atMs: clock.monotonicMs(), body: seen.body });
            return planned.request?.(seen) ?? "pass";
          },
          frame: (seen) => firstOf(meddle?.frame?.(seen), () => planned.frame?.(seen)),
          answer: (seen) => firstOf(meddle?.answer?.(seen), () => planned.answer?.(seen)),
        },
      };
    },
  });
  return { ...all, ...listen(all), reads };
}

function firstOf<Fate>(fate: Fate | undefined, planned: () => Fate | undefined): Fate | "deliver" {
  return fate === undefined || fate === "deliver" ? (planned() ?? "deliver") : fate;
}

/** Long enough for ledgers to be decided and for one look at the venue. */
const CALM_MS = 15_000;

export function listen(
  { clock, engine, exchange }: Pick<World, "clock" | "engine" | "exchange">,
  account = ACCOUNT,
): Told {
  const alarms: Alarm[] = [];
  const doubts: DoubtEnded[] = [];
  const certificates: Certificate[] = [];
  const fills: FillView[] = [];
  const paths = new Map<string, string[]>();
  const record = recordEngine(engine);
  engine.alarms$.subscribe((alarm) => alarms.push(alarm));
  engine.doubts$.subscribe((doubt) => doubts.push(doubt));
  engine.fills$.subscribe((fill) => fills.push(fill));
  engine.ticks$.subscribe((tick) => {
    certificates.push(...(tick.certificates ?? []));
    for (const { cloid, to } of tick.changes) {
      const path = paths.get(cloid) ?? [];
      if (path.at(-1) !== to && to !== "reaped") path.push(to);
      paths.set(cloid, path);
    }
  });
  const truth = (): TruthAccount => {
    const [books] = exchange.truth(account).accounts;
    if (books === undefined) throw new Error(`the exchange has no account ${account}`);
    return books;
  };
  return {
    alarms,
    alarmed: () => alarms.map(({ name }) => name),
    doubts,
    certificates,
    fills,
    path: ({ cloid }) => paths.get(cloid) ?? [],
    truth,
    sent: () => truth().requests.map(({ type }) => type),
    expectBooksAgree: () => {
      clock.advanceBy(CALM_MS);
      expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0, inFlight: 0, queued: 0 });
      const own = truth();
      const ours = record.books();
      const known = new Set<string>(ours.orders.map(({ cloid }) => cloid));
      const isOurs = ({ cloid = "" }: TruthOrder): boolean =>
        known.has(cloid) || cloid.startsWith(`0x${engine.mark}`);
      const isPerp = (coin: string): boolean => engine.market(coin)?.kind === "perp";
      const positions = new Map([...ours.positions].filter(([coin]) => isPerp(coin)));
      const audit = compareBooks({ ...ours, positions }, booksOf(own, isOurs));
      expect(audit.differences).toEqual([]);
      expect(boundsTold(engine, isPerp)).toEqual(
        boundsOf(own, (one) => isPerp(one.coin) && isOurs(one)),
      );
    },
  };
}

function booksOf(truth: TruthAccount, isOurs: (order: TruthOrder) => boolean): Books {
  return {
    orders: ordersOfLegs(
      truth.orders.filter(isOurs).map((order) => ({
        cloid: order.cloid ?? "",
        oid: order.oid,
        status: statusOf(order),
        filled: parseDecimal(order.filled),
      })),
    ),
    fills: truth.fills.map(bookFillOf),
    positions: positionsOf(truth),
  };
}

/** What executes at once and only in part is called filled there, and was canceled in our words (design §3). */
function statusOf({ statuses, tif, trigger, filled, size }: TruthOrder): string {
  const status = statuses.at(-1)?.status ?? "open";
  const isPart = (tif === "Ioc" || trigger) && parseDecimal(filled) !== parseDecimal(size);
  return status === "filled" && isPart ? "canceled" : status;
}

function positionsOf({ positions }: TruthAccount): ReadonlyMap<string, Decimal> {
  return new Map(Object.entries(positions).map(([coin, size]) => [coin, parseDecimal(size)]));
}

type Bounds = Readonly<Record<string, { readonly min: string; readonly max: string }>>;

function boundsTold({ exposure }: Engine, isPerp: (coin: string) => boolean): Bounds {
  const open = exposure.filter(
    ({ coin, min, max }) => isPerp(coin) && (min !== "0" || max !== "0"),
  );
  return Object.fromEntries(open.map(({ coin, min, max }) => [coin, { min, max }]));
}

/** The position, and what the books could still fill of our orders. */
function boundsOf(truth: TruthAccount, isOurs: (order: TruthOrder) => boolean): Bounds {
  const bounds = new Map<string, { min: Decimal; max: Decimal }>();
  for (const [coin, size] of positionsOf(truth)) bounds.set(coin, { min: size, max: size });
  for (const order of truth.orders) {
    if (!order.open || !isOurs(order)) continue;
    const { min, max } = bounds.get(order.coin) ?? { min: ZERO, max: ZERO };
    const left = parseDecimal(order.remaining);
    bounds.set(
      order.coin,
      order.side === "buy" ? { min, max: add(max, left) } : { min: subtract(min, left), max },
    );
  }
  return Object.fromEntries(
    [...bounds].map(([coin, { min, max }]) => [
      coin,
      { min: formatDecimal(min), max: formatDecimal(max) },
    ]),
  );
}

/** Steps on until it holds, for a minute at most. */
export function until(clock: ManualClock, holds: () => boolean, withinMs = 60_000): void {
  for (let passed = 0; !holds() && passed < withinMs; passed += 10) clock.advanceBy(10);
  expect(holds()).toBe(true);
}

/** By protocol §12.1, without what is paid by rows. */
export function weightOf(reads: readonly Read[]): number {
  return reads.reduce((sum, { body }) => {
    const isLight = LIGHT.some((type) => body.includes(`"${type}"`));
    return sum + (isLight ? 2 : body.includes('"userRole"') ? 60 : 20);
  }, 0);
}

const LIGHT = ["orderStatus", "clearinghouseState", "spotClearinghouseState", "exchangeStatus"];
