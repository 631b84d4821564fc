import { createMarketMaker, type MarketMaker } from "@cloister/market-maker";
import { add, compare, formatDecimal, negate, parseDecimal, seededRandom } from "@cloister/model";
import type { ActionFate, ActionSeen, Exchange, Faults } from "@cloister/simulator";
import { BehaviorSubject } from "rxjs";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle, type World, world } from "./world.ts";

const LEVELS = 5;
/** How often prices come, and the exchange's own books are looked at. */
const LOOK_MS = 100;

type Quoting = World & {
  readonly maker: MarketMaker;
  /** Lets time pass, and never the limit. */
  readonly pass: (ms: number) => Promise<void>;
};

/** A maker on BTC that follows the exchange's mark price. */
async function quoting(faults: Faults = {}, positionMax = "0.01"): Promise<Quoting> {
  const made = await world({ wire: { latencyMs: 5, faults } });
  const { clock, engine, exchange } = made;
  const fair$ = new BehaviorSubject(exchange.mark("BTC"));
  const maker = createMarketMaker({
    engine,
    clock,
    cycleMs: 200,
    stopMs: 60_000,
    coins: [
      {
        coin: "BTC",
        fairPrice$: fair$,
        levels: LEVELS,
        halfSpread: "20",
        spacing: "10",
        size: "0.0006",
        positionMax,
      },
    ],
  });
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      clock.advanceBy(20);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      if (passed % LOOK_MS !== 0) continue;
      fair$.next(exchange.mark("BTC"));
      expect(worstCase(exchange, positionMax)).toBe("within the limit");
    }
  }
  return { ...made, maker, pass };
}

function truthOf(exchange: Exchange) {
  const [account] = exchange.truth(ACCOUNT).accounts;
  if (account === undefined) throw new Error("no account");
  return account;
}

/** What the venue's own books could still make of the position. */
function worstCase(exchange: Exchange, positionMax: string): string {
  const { positions, orders } = truthOf(exchange);
  let min = parseDecimal(positions["BTC"] ?? "0");
  let max = min;
  for (const { side, open, remaining } of orders) {
    if (!open) continue;
    if (side === "buy") max = add(max, parseDecimal(remaining));
    else min = add(min, negate(parseDecimal(remaining)));
  }
  const limit = parseDecimal(positionMax);
  const within = compare(max, limit) <= 0 && compare(min, negate(limit)) >= 0;
  return within ? "within the limit" : `from ${formatDecimal(min)} to ${formatDecimal(max)}`;
}

function openAt(exchange: Exchange): { readonly buy: number; readonly sell: number } {
  const open = truthOf(exchange).orders.filter((order) => order.open);
  const buy = open.filter(({ side }) => side === "buy").length;
  return { buy, sell: open.length - buy };
}

/** Whether all levels stand at some moment: takers bite holes into a ladder all the time. */
async function isWholeWithin(rig: Quoting, ms: number): Promise<boolean> {
  for (let passed = 0; passed < ms; passed += 100) {
    await rig.pass(100);
    const { buy, sell } = openAt(rig.exchange);
    if (buy >= LEVELS && sell >= LEVELS) return true;
  }
  return false;
}

/** The engine's position against the exchange's, once nothing is open. */
function finalPositions({ engine, exchange }: World): {
  readonly engine: string;
  readonly exchange: string;
} {
  const mine = engine.positions.find(({ coin }) => coin === "BTC")?.size ?? "0";
  return {
    engine: mine,
    exchange: formatDecimal(parseDecimal(truthOf(exchange).positions["BTC"] ?? "0")),
  };
}

async function stopped(rig: Quoting): Promise<void> {
  await settle(rig.clock, rig.maker.stop(), 120_000);
  expect(openAt(rig.exchange)).toEqual({ buy: 0, sell: 0 });
  await rig.pass(1_000);
  const { engine, exchange } = finalPositions(rig);
  expect(engine).toBe(exchange);
  await settle(rig.clock, rig.engine.close());
}

/** Loses half of all placements until it is told to be calm. */
function losing(): {
  readonly faults: Faults;
  readonly count: () => number;
  readonly calm: () => void;
} {
  const random = seededRandom(9);
  let isCalm = false;
  let lost = 0;
  const action = ({ type }: ActionSeen): ActionFate => {
    if (type !== "order" || isCalm || random.next() < 0.5) return "execute";
    lost += 1;
    return "lose";
  };
  return {
    faults: { action },
    count: () => lost,
    calm: () => {
      isCalm = true;
    },
  };
}

describe("a market maker on the engine, over the real wire in memory", () => {
  it("keeps its ladder, trades, never passes its limit, and leaves nothing open", async () => {
    const rig = await quoting();
    await rig.pass(5_000);
    expect(truthOf(rig.exchange).fills.length).toBeGreaterThan(20);
    expect(await isWholeWithin(rig, 5_000)).toBe(true);
    await stopped(rig);
  });

  it("never passes a limit that is smaller than its ladder", async () => {
    const rig = await quoting({}, "0.002");
    await rig.pass(5_000);
    expect(truthOf(rig.exchange).fills.length).toBeGreaterThan(10);
    expect(rig.maker.stats().heldByLimit).toBeGreaterThan(0);
    await stopped(rig);
  });

  it("places anew what was lost on the way, once that is proved: the ladder does not freeze", async () => {
    const weather = losing();
    const rig = await quoting(weather.faults);
    let doubtfulMost = 0;
    for (let second = 0; second < 10; second += 1) {
      await rig.pass(1_000);
      doubtfulMost = Math.max(doubtfulMost, rig.engine.status.doubtful);
    }
    expect(weather.count()).toBeGreaterThan(5);
    expect(doubtfulMost).toBeGreaterThan(0);
    weather.calm();
    await rig.pass(15_000);
    expect(rig.engine.status.doubtful).toBe(0);
    expect(await isWholeWithin(rig, 5_000)).toBe(true);
    await stopped(rig);
  });
});
