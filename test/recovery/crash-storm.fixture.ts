import type { Engine, OrderHandle } from "@cloister/engine";
import {
  type Cloid,
  formatDecimal,
  isLive,
  type Journal,
  type ManualClock,
  parseDecimal,
  type Random,
  roundPrice,
  seededRandom,
  type Tick,
} from "@cloister/model";
import type { Exchange, WireOptions } from "@cloister/simulator";
import { expect } from "vitest";
import { ACCOUNT, settle } from "../simulation/world.ts";
import { type Life, lives, type Lives } from "./lives.fixture.ts";
import type { Boundary } from "./mortal.fixture.ts";

const COINS = ["BTC", "ETH"] as const;
const SIZES = { BTC: "0.001", ETH: "0.02" } as const;

/** The last word on every order of ours, whichever life said it. */
type Ledger = Map<Cloid, { readonly live: boolean; readonly filled: string }>;

export type CrashTerms = {
  readonly seed: number;
  /** How often the process dies. */
  readonly deaths: number;
  /** It dies at such a boundary only; by default at any. */
  readonly only?: Boundary;
  readonly wire?: (clock: ManualClock) => WireOptions;
  /** By default one in memory. */
  readonly journal?: Journal;
};

/** Trades, dies and lives again; in the calm at the end both sides must know the same. */
export async function liveAndDie({ seed, deaths, only, ...where }: CrashTerms): Promise<void> {
  const random = seededRandom(seed);
  const at = lives({ exchange: { crowd: {}, random }, ...where });
  const ledger: Ledger = new Map();
  for (let death = 0; death < deaths; death += 1) {
    const left = 1 + Math.floor(random.next() * (only === undefined ? 120 : 12));
    let met = 0;
    const dies = (boundary: Boundary): boolean => {
      if (only === undefined || boundary === only) met += 1;
      return met === left;
    };
    await trade(at, { random, ledger, life: await begun(at, ledger, dies) });
    // Nobody lives for a while.
    at.clock.advanceBy(Math.floor(random.next() ** 3 * 30_000));
  }
  await endInCalm(at, ledger);
}

/** A process that dies while it begins is followed by another one. */
async function begun(
  at: Lives,
  ledger: Ledger,
  dies: (boundary: Boundary) => boolean,
): Promise<Life> {
  const life = await at.begin({ dies }).catch(() => at.begin());
  for (const tick of life.ticks) note(ledger, tick);
  life.engine.ticks$.subscribe((tick) => {
    if (!life.fate.isDead) note(ledger, tick);
  });
  return life;
}

function note(ledger: Ledger, { changes }: Tick): void {
  for (const { cloid, to, filled } of changes) {
    if (to === "reaped") continue;
    ledger.set(cloid, { live: isLive(to), filled: formatDecimal(filled) });
  }
}

type Trading = { readonly random: Random; readonly life: Life; readonly ledger: Ledger };

/** Until it dies, or for ten seconds. */
async function trade({ clock, exchange }: Lives, { random, life }: Trading): Promise<void> {
  const { engine, fate } = life;
  const handles: OrderHandle[] = engine.orders.flatMap(({ cloid }) => engine.order(cloid) ?? []);
  for (let step = 0; step < 40 && !fate.isDead; step += 1) {
    act({ engine, exchange, random, handles });
    clock.advanceBy(250);
    await Promise.resolve();
  }
  fate.kill();
}

type Hand = {
  readonly engine: Engine;
  readonly exchange: Exchange;
  readonly random: Random;
  readonly handles: OrderHandle[];
};

/** One thing a strategy might do now. */
function act({ engine, exchange, random, handles }: Hand): void {
  const coin = COINS[random.next() < 0.5 ? 0 : 1];
  const dice = random.next();
  const working = handles.filter(({ cloid }) => engine.order(cloid) !== undefined);
  const one = working[Math.floor(random.next() * working.length)];
  if (dice < 0.6 || one === undefined) {
    const side = random.next() < 0.5 ? "buy" : "sell";
    const tif = random.next() < 0.7 ? "Alo" : random.next() < 0.5 ? "Gtc" : "Ioc";
    const price = priceNear({ engine, exchange, random }, coin);
    handles.push(engine.place({ coin, side, tif, size: SIZES[coin], price }));
  } else if (dice < 0.8) void one.cancel();
  else void one.modify({ price: priceNear({ engine, exchange, random }, one.view().coin) });
}

function priceNear({ engine, exchange, random }: Omit<Hand, "handles">, coin: string): string {
  const market = engine.market(coin);
  if (market === undefined) throw new Error(`${coin} is not listed`);
  const price = Number(exchange.mark(coin)) * (1 + (random.next() - 0.5) * 0.004);
  return formatDecimal(roundPrice(market, parseDecimal(price.toFixed(6)), "down"));
}

/** No order lost, none doubled, every fill booked once. */
async function endInCalm(at: Lives, ledger: Ledger): Promise<void> {
  const { clock, exchange } = at;
  const { engine } = await begun(at, ledger, () => false);
  clock.advanceBy(15_000);
  const swept = await settle(clock, engine.cancelAll({ withinMs: 30_000 }), 120_000);
  clock.advanceBy(15_000);
  expect(swept.unresolved).toEqual([]);
  expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0, inFlight: 0 });
  const account = exchange.truth(ACCOUNT).accounts[0];
  const legs = account?.orders ?? [];
  for (const { cloid = "" } of legs) {
    expect([...ledger.keys()]).toContain(cloid);
  }
  for (const [cloid, { live, filled }] of ledger) {
    const ours = legs.filter((leg) => leg.cloid === cloid);
    const theirs = ours.reduce((sum, leg) => sum + Math.round(Number(leg.filled) * 1e8), 0);
    const open = ours.some((leg) => leg.open);
    expect({ cloid, live, filled: Number(filled) }).toEqual({
      cloid,
      live: open,
      filled: theirs / 1e8,
    });
  }
  for (const { coin, size } of engine.positions) {
    expect(`${coin} ${Number(size)}`).toBe(`${coin} ${Number(account?.positions[coin] ?? 0)}`);
  }
  await settle(clock, engine.close());
}
