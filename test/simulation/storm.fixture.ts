import type { Engine, OrderHandle } from "@cloister/engine";
import {
  type Change,
  formatDecimal,
  isLive,
  type ManualClock,
  parseDecimal,
  type Random,
  roundPrice,
} from "@cloister/model";
import {
  type Exchange,
  type ExchangeOptions,
  type FaultPlan,
  readFaultPlan,
  type WireOptions,
} from "@cloister/simulator";
import { expect } from "vitest";
import { ACCOUNT, settle, world } from "./world.ts";

const COINS = ["BTC", "ETH"] as const;
const SIZES = { BTC: "0.001", ETH: "0.02" } as const;

/** The last word of the engine on every order it ever had. */
function ledgerOf(engine: Engine): Map<string, { state: string; filled: string }> {
  const orders = new Map<string, { state: string; filled: string }>();
  engine.ticks$.subscribe(({ changes }) => {
    for (const change of changes) keep(orders, change);
  });
  return orders;
}

function keep(orders: Map<string, { state: string; filled: string }>, change: Change): void {
  if (change.to === "reaped") return;
  orders.set(change.cloid, { state: change.to, filled: formatDecimal(change.filled) });
}

type Storm = {
  readonly engine: Engine;
  readonly exchange: Exchange;
  readonly random: Random;
  readonly handles: OrderHandle[];
};

/** One thing a strategy might do now. */
function act({ engine, exchange, random, handles }: Storm): void {
  const coin = COINS[random.next() < 0.5 ? 0 : 1];
  const dice = random.next();
  const working = handles.filter(({ cloid }) => engine.order(cloid) !== undefined);
  const one = working[Math.floor(random.next() * working.length)];
  if (dice < 0.6 || one === undefined) {
    const count = dice < 0.1 ? 3 : 1;
    const specs = Array.from({ length: count }, () => spec(engine, exchange, coin, random));
    handles.push(...engine.placeMany(specs));
  } else if (dice < 0.8) void one.cancel();
  else void one.modify({ price: priceNear(engine, exchange, one.view().coin, random) });
}

function spec(engine: Engine, exchange: Exchange, coin: (typeof COINS)[number], random: Random) {
  const tif = random.next() < 0.7 ? "Alo" : random.next() < 0.5 ? "Gtc" : "Ioc";
  const side = random.next() < 0.5 ? "buy" : "sell";
  return {
    coin,
    side,
    tif,
    size: SIZES[coin],
    price: priceNear(engine, exchange, coin, random),
  } as const;
}

function priceNear(engine: Engine, exchange: Exchange, coin: string, random: Random): string {
  const market = engine.market(coin);
  if (market === undefined) throw new Error(`${coin} is not listed`);
  const mark = Number(exchange.mark(coin));
  const price = mark * (1 + (random.next() - 0.5) * 0.004);
  return formatDecimal(roundPrice(market, parseDecimal(price.toFixed(6)), "down"));
}

/** What the exchange says became of each cloid: all its legs together. */
function truthOf(exchange: Exchange): Map<string, { open: boolean; filled: string }> {
  const orders = new Map<string, { open: boolean; filled: string }>();
  const account = exchange.truth(ACCOUNT).accounts[0];
  for (const { cloid, open, filled } of account?.orders ?? []) {
    if (cloid === undefined) continue;
    const known = orders.get(cloid) ?? { open: false, filled: "0" };
    const sum = (Number(known.filled) * 1e8 + Math.round(Number(filled) * 1e8)) / 1e8;
    orders.set(cloid, { open: known.open || open, filled: String(sum) });
  }
  return orders;
}

export type Season = {
  /** How many things the strategy does, four a second; default 60. */
  readonly steps?: number;
  readonly exchange?: Partial<ExchangeOptions>;
  readonly wire: (clock: ManualClock) => WireOptions;
  readonly begin: (clock: ManualClock) => void;
  readonly end: () => void;
};

/** Trades through a storm, waits in calm, and compares what both sides know. */
export async function tradeThrough(season: Season, random: Random): Promise<void> {
  const { steps = 60, exchange: options = {} } = season;
  const { clock, engine, exchange } = await world({ wire: season.wire, exchange: options });
  const ledger = ledgerOf(engine);
  const handles: OrderHandle[] = [];
  season.begin(clock);
  for (let step = 0; step < steps; step += 1) {
    act({ engine, exchange, random, handles });
    clock.advanceBy(250);
    await Promise.resolve();
  }
  season.end();
  clock.advanceBy(45_000);
  const swept = await settle(clock, engine.cancelAll({ withinMs: 30_000 }), 120_000);
  clock.advanceBy(10_000);

  expect(swept.unresolved).toEqual([]);
  expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0, inFlight: 0 });
  compareSides({ engine, exchange, handles }, ledger);
  await settle(clock, engine.close());
}

/** Every order ended or lives on both sides with the same fills, and positions are equal. */
function compareSides(
  { engine, exchange, handles }: Omit<Storm, "random">,
  ledger: ReturnType<typeof ledgerOf>,
): void {
  const truth = truthOf(exchange);
  for (const { cloid } of handles) {
    const told = ledger.get(cloid);
    const known = truth.get(cloid);
    expect({ cloid, live: isLive(stateOf(told)), filled: Number(told?.filled) }).toEqual({
      cloid,
      live: known?.open ?? false,
      filled: Number(known?.filled ?? 0),
    });
  }
  const positions = exchange.truth(ACCOUNT).accounts[0]?.positions ?? {};
  for (const { coin, size } of engine.positions) {
    expect(`${coin} ${Number(size)}`).toBe(`${coin} ${Number(positions[coin] ?? 0)}`);
  }
}

function stateOf(told: { state: string } | undefined): "pending" | "filled" {
  const live = ["pending", "untriggered", "resting", "partiallyFilled"];
  return told !== undefined && live.includes(told.state) ? "pending" : "filled";
}

/** The storm lasts from the second second of a plan to its seventeenth. */
export const STORM = { afterMs: 2_000, untilMs: 17_000 };

/** What a stream says is never lost on a connection that lives on: a half-open one outlasts the engine's patience. */
export function stormPlan(seed: number): FaultPlan {
  const when = (chance: number) => ({ ...STORM, chance });
  return readFaultPlan({
    seed,
    faults: [
      { what: "loseAction", when: when(0.04) },
      { what: "holdAction", blocks: 20, when: when(0.05) },
      { what: "loseAnswer", when: when(0.06) },
      { what: "delayAnswer", ms: 4_000, when: when(0.06) },
      { what: "httpStatus", status: 502, body: "html", executed: true, when: when(0.03) },
      { what: "httpStatus", status: 429, body: "null", when: when(0.03) },
      { what: "disconnect", when: when(0.006) },
      { what: "disconnect", code: 1000, when: when(0.004) },
      { what: "halfOpen", ms: 600_000, when: when(0.003), times: 1 },
      { what: "splitArray", when: when(0.3) },
      { what: "duplicateFrame", when: when(0.05) },
      { what: "reorderFrames", to: { channel: "userFills" }, when: when(0.3) },
      { what: "delayFrame", ms: 600, to: { channel: "userFills" }, when: when(0.2) },
      { what: "delayFrame", ms: 600, to: { channel: "orderUpdates" }, when: when(0.1) },
    ],
  });
}
