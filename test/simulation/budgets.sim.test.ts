import type { BudgetView } from "@cloister/engine";
import { type ManualClock, seededRandom } from "@cloister/model";
import {
  DEFAULT_UNIVERSE,
  type Exchange,
  type ExchangeOptions,
  faultsOf,
  readFaultPlan,
} from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { BID } from "./story.fixture.ts";
import { ACCOUNT, OTHER, settle, type World, world } from "./world.ts";

type Limits = NonNullable<ExchangeOptions["limits"]>;

/** One coin, slow blocks: cheap to run. */
const SMALL = {
  crowd: false,
  universe: {
    ...DEFAULT_UNIVERSE,
    perps: DEFAULT_UNIVERSE.perps.slice(0, 1),
    dexes: [],
    pairs: [],
  },
  blockMs: 200,
} as const;

/** An account with a budget of few requests, on a wire of 5 ms. */
async function poor(limits: Limits, engine = {}, faults: readonly object[] = []): Promise<World> {
  const plan = readFaultPlan({ seed: 1, faults });
  const all = await world({
    exchange: { ...SMALL, limits },
    wire: (clock) => ({ latencyMs: 5, faults: faultsOf(plan, { clock }) }),
    engine: { limits: { budgetEveryMs: 3_600_000, ...engine } },
  });
  all.clock.advanceBy(1_000);
  return all;
}

function address({ engine }: World): BudgetView | undefined {
  return engine.budgets.find(({ name }) => name === "address");
}

/** What the venue counts, asked past the engine. */
function counted(
  exchange: Exchange,
  clock: ManualClock,
): { nRequestsUsed: number; nRequestsCap: number } {
  const bodies: string[] = [];
  const body = JSON.stringify({ type: "userRateLimit", user: ACCOUNT });
  exchange.wire().request({ path: "/info", body, timeoutMs: 1_000 }, (answer) => {
    if (answer.kind === "answered") bodies.push(answer.body);
  });
  clock.advanceBy(100);
  const told: { nRequestsUsed: number; nRequestsCap: number } = JSON.parse(bodies[0] ?? "null");
  return told;
}

describe("the budget of requests, against an exchange that counts them", () => {
  it("situation 119: what we count is what the venue counts, whatever was sent", async () => {
    const all = await poor({ addressRequests: 500 });
    const { clock, engine, exchange } = all;
    const orders = engine.placeMany(Array.from({ length: 7 }, () => BID));
    clock.advanceBy(500);
    const [first, second, ...rest] = orders;
    void first?.modify({ price: "49000" });
    void second?.cancel();
    clock.advanceBy(500);
    void engine.cancelMany(rest.map(({ cloid }) => cloid));
    engine.place({ ...BID, tif: "Ioc" });
    clock.advanceBy(500);
    expect(address(all)).toMatchObject({ used: 15, limit: 500 });
    expect(counted(exchange, clock)).toMatchObject({ nRequestsUsed: 15, nRequestsCap: 500 });
  });

  it("situation 29: an order that came too late costs five times as much, there and here", async () => {
    const late = { what: "holdAction", blocks: 15, to: { type: "order" }, times: 1 };
    const all = await poor({ addressRequests: 500 }, { expiresAfterMs: 500 }, [late]);
    const { clock, engine, exchange } = all;
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "refused" });
    clock.advanceBy(10_000);
    const venue = counted(exchange, clock).nRequestsUsed;
    expect(venue).toBeGreaterThanOrEqual(5);
    expect(address(all)?.used).toBe(venue);
  });

  it("situation 119: when it runs out submits stop first, cancels continue, and the alarm came before", async () => {
    const all = await poor({ addressRequests: 40 });
    const { clock, engine, exchange } = all;
    const told: string[] = [];
    let firstRefusalMs: number | undefined;
    let alarmMs: number | undefined;
    engine.alarms$.subscribe(({ name, text }) => {
      if (name !== "budgetLow") return;
      alarmMs ??= clock.monotonicMs();
      told.push(text);
    });
    const handles = [];
    for (let second = 0; second < 60; second += 1) {
      const order = engine.place(BID);
      handles.push(order);
      clock.advanceBy(1_000);
      if (order.view().cause === "budget") firstRefusalMs ??= clock.monotonicMs();
    }
    expect(told[0]).toMatch(/address: \d+ of 40 left.*runs out in \d+ s.*taker/);
    expect(alarmMs).toBeLessThan((firstRefusalMs ?? 0) - 5_000);
    const causes = new Set(handles.map((order) => order.view().cause));
    expect(causes, "none was refused by the venue").toEqual(new Set([undefined, "budget"]));
    const resting = handles.filter((order) => order.view().state === "resting");
    expect(resting.length).toBeGreaterThanOrEqual(36);
    const result = await settle(clock, engine.cancelAll());
    expect(result).toMatchObject({ unresolved: [], verified: true });
    expect(result.canceled).toHaveLength(resting.length);
    expect(counted(exchange, clock).nRequestsUsed).toBe(address(all)?.used);
  });

  it("situation 119: the venue grants less than it told: a refusal corrects us, and nothing is lost by it", async () => {
    const less = { what: "limits", limits: { addressRequests: 20 }, when: { afterMs: 2_000 } };
    const all = await poor({ addressRequests: 500 }, {}, [less]);
    const { clock, engine } = all;
    const orders = [];
    for (let count = 0; count < 40; count += 1) {
      orders.push(engine.place(BID));
      clock.advanceBy(500);
    }
    const causes = orders.map((order) => order.view().cause);
    expect(causes.filter((cause) => cause === "addressBudget").length).toBeLessThanOrEqual(2);
    expect(causes.filter((cause) => cause === "budget").length).toBeGreaterThan(10);
    expect(await settle(clock, engine.cancelAll())).toMatchObject({
      unresolved: [],
      verified: true,
    });
  });

  it("situation 119: a taker's trades free requests, which are used at once", async () => {
    const all = await poor({ addressRequests: 20 }, { queueMs: 20_000, expiresAfterMs: 60_000 });
    const { clock, engine, engineFor } = all;
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    await settle(clock, other.place({ ...BID, size: "0.02" }).acknowledged);
    for (let count = 0; count < 18; count += 1) {
      engine.place({ ...BID, price: "40000" });
      clock.advanceBy(200);
    }
    const sell = engine.place({ ...BID, side: "sell", tif: "Ioc", size: "0.01" });
    const waits = engine.place({ ...BID, price: "41000" });
    expect(sell.view().requests).toMatchObject([{ state: "queued" }]);
    expect(await settle(clock, sell.closed)).toMatchObject({ state: "filled" });
    expect(address(all)?.limit).toBe(520);
    clock.advanceBy(1_500);
    expect(waits.view().state).toBe("resting");
  });

  it("situation 120: reduce-only and trigger orders beyond the open-order limit never reach the venue", async () => {
    const limits = { openOrdersBase: 4, openOrdersMax: 6 };
    const all = await poor({ openOrders: 4, openOrdersMax: 6 }, limits);
    const { clock, engine, exchange } = all;
    for (let count = 0; count < 4; count += 1) {
      const order = engine.place({ ...BID, price: `4000${count}` });
      expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    }
    const trigger = { price: "30000", kind: "sl", market: true } as const;
    const stop = engine.place({ ...BID, side: "sell", price: "29000", reduceOnly: true, trigger });
    expect(stop.view()).toMatchObject({ state: "rejected", cause: "tooManyOpenOrders" });
    const fifth = engine.place({ ...BID, price: "40009" });
    expect(fifth.view()).toMatchObject({ cause: "tooManyOpenOrders" });
    expect(exchange.truth(ACCOUNT).accounts[0]?.orders).toHaveLength(4);
  });

  it("situation 23: HTTP 429 on reads slows the looks down; orders are placed and canceled all the same", async () => {
    const all = await poor({ restWeight: 400 }, { restWeight: 400, reconcileOrdersMs: 1_000 });
    const { clock, engine } = all;
    const alarms: string[] = [];
    engine.alarms$.subscribe(({ name }) => alarms.push(name));
    for (let count = 0; count < 30; count += 1) {
      const order = engine.place(BID);
      expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
      expect(await settle(clock, order.cancel())).toMatchObject({ kind: "settled" });
      clock.advanceBy(2_000);
    }
    const weight = engine.budgets.find(({ name }) => name === "restWeight");
    expect(weight?.left).toBeGreaterThan(0);
    // So small a budget is low; nothing else is wrong.
    expect(alarms.filter((name) => name !== "budgetLow")).toEqual([]);
  });
});

describe("limits of ours, against an exchange whose books tell the truth", () => {
  it("situation 124: whatever fills, whatever is doubtful, the position stays within its limit", async () => {
    const to = { type: "order", account: ACCOUNT };
    const faults = [
      { what: "loseAnswer", to, when: { chance: 0.3 } },
      { what: "loseAction", to, when: { chance: 0.1 } },
    ];
    const plan = readFaultPlan({ seed: 4, faults });
    const all = await world({
      exchange: SMALL,
      wire: (clock) => ({ latencyMs: 5, faults: faultsOf(plan, { clock }) }),
      engine: { risk: { maxPosition: { BTC: "0.01" } } },
    });
    const { clock, engine, engineFor, exchange } = all;
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    const random = seededRandom(8);
    const causes = new Set<string | undefined>();
    for (let step = 0; step < 60; step += 1) {
      const order = engine.place({ ...BID, side: random.next() < 0.6 ? "buy" : "sell" });
      clock.advanceBy(Math.floor(random.next() * 700));
      causes.add(order.view().cause);
      if (random.next() < 0.3) void order.modify({ leaves: "0.004" });
      if (random.next() < 0.3) void order.cancel();
      if (random.next() < 0.5) {
        other.place({
          ...BID,
          side: random.next() < 0.5 ? "buy" : "sell",
          tif: "Ioc",
          size: "0.003",
        });
      }
      const size = Number(exchange.truth(ACCOUNT).accounts[0]?.positions["BTC"] ?? 0);
      expect(Math.abs(size)).toBeLessThanOrEqual(0.01);
      for (const { min, max } of engine.exposure) {
        expect(Number(max)).toBeLessThanOrEqual(0.01);
        expect(Number(min)).toBeGreaterThanOrEqual(-0.01);
      }
    }
    expect(causes).toContain("position");
  });
});

describe("a clock that is wrong", () => {
  it("situation 100: places wait while the clocks are apart, and go when they are together again", async () => {
    const skew = { what: "skewClock", ms: 5_000, when: { afterMs: 6_000, untilMs: 12_000 } };
    const limits = { queueMs: 60_000, expiresAfterMs: 60_000, reconcileAccountMs: 2_000 };
    const all = await poor({}, limits, [skew]);
    const { clock, engine } = all;
    const alarms: string[] = [];
    engine.alarms$.subscribe(({ name, text }) => name === "clockSkew" && alarms.push(text));
    const before = engine.place(BID);
    expect(await settle(clock, before.acknowledged)).toMatchObject({ kind: "accepted" });
    while (alarms.length === 0 && clock.monotonicMs() < 60_000) clock.advanceBy(50);
    expect(alarms).toEqual([expect.stringMatching(/the local clock is \d+ ms behind the venue's/)]);
    expect(engine.status.gate).toMatchObject({ place: false, cancel: true });
    const held = engine.place(BID);
    clock.advanceBy(500);
    expect(held.view().requests).toMatchObject([{ state: "queued" }]);
    expect(await settle(clock, before.cancel())).toMatchObject({ kind: "settled" });
    clock.advanceBy(20_000);
    expect(engine.status.gate.place).toBe(true);
    expect(held.view().state).toBe("resting");
    expect(alarms).toHaveLength(1);
  });
});
