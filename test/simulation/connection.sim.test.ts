import type { Engine, EngineOptions } from "@cloister/engine";
import { type ManualClock, seededRandom } from "@cloister/model";
import { faultsOf, readFaultPlan } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle, type World, world } from "./world.ts";

const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;
const HIT = { ...BID, side: "sell", size: "0.0005", tif: "Ioc" } as const;

/** A resting order, somebody to trade with it, and all that the engine told of fills and alarms. */
async function meeting(
  faults: readonly object[] = [],
  more: (clock: ManualClock) => Partial<EngineOptions> = () => ({}),
) {
  const all = await world({
    engine: more,
    exchange: { crowd: false },
    wire: (clock) => ({
      latencyMs: 5,
      faults: faultsOf(readFaultPlan({ seed: 1, faults }), { clock }),
    }),
  });
  const { clock, engine, engineFor } = all;
  const fills: number[] = [];
  const alarms: string[] = [];
  engine.fills$.subscribe(({ tid }) => fills.push(tid));
  engine.alarms$.subscribe(({ name }) => alarms.push(name));
  const other = await engineFor(OTHER, { random: seededRandom(3), clock });
  const order = engine.place(BID);
  await settle(clock, order.acknowledged);
  const hit = (): Promise<unknown> => settle(clock, other.place(HIT).closed);
  return { ...all, order, hit, fills, alarms };
}

/** Steps on until it holds, for a minute at most. */
function until(clock: ManualClock, holds: () => boolean): void {
  for (let passed = 0; !holds() && passed < 60_000; passed += 20) clock.advanceBy(20);
  expect(holds()).toBe(true);
}

function isOpen({ engine }: { readonly engine: Engine }): boolean {
  return engine.status.barrier === "open";
}

/** Nothing differs between what the engine and the exchange know of the position. */
function expectTruth({ engine, exchange }: World): void {
  const truth = exchange.truth(ACCOUNT).accounts[0]?.positions["BTC"];
  const known = engine.positions.find(({ coin }) => coin === "BTC")?.size;
  expect(Number(known ?? 0)).toBe(Number(truth ?? 0));
}

describe("a connection", () => {
  it("situation 92: a reconnect replays old fills: none is booked or told twice", async () => {
    const all = await meeting();
    const { clock, cable, hit, fills, alarms, order } = all;
    await hit();
    await hit();
    cable.disconnect();
    until(clock, () => !isOpen(all));
    until(clock, () => isOpen(all));
    clock.advanceBy(5_000);
    expect(fills).toHaveLength(2);
    expect(order.view().filled).toBe("0.001");
    expect(alarms).toEqual([]);
    expectTruth(all);
  });

  it("situation 93: a half-open socket is noticed by its silence, and what it kept is read", async () => {
    const all = await meeting();
    const { clock, cable, hit, order, engine } = all;
    cable.mute(true);
    await hit();
    expect(order.view().filled).toBe("0");
    until(clock, () => !isOpen(all));
    expect(engine.status.gate.place).toBe(false);
    cable.mute(false);
    until(clock, () => isOpen(all));
    clock.advanceBy(3_000);
    expect(order.view().filled).toBe("0.0005");
    expectTruth(all);
  });

  it("situation 94: frames that come twice are heard once", async () => {
    const all = await meeting([{ what: "duplicateFrame", to: { account: ACCOUNT } }]);
    const { hit, fills, order, alarms } = all;
    await hit();
    await hit();
    expect(fills).toHaveLength(2);
    expect(order.view().filled).toBe("0.001");
    expect(alarms).toEqual([]);
  });

  it("situation 95: a fill and an end that come while the recovery reads are not undone by it", async () => {
    const when = { afterMs: 4_000 };
    const all = await meeting([
      {
        what: "delayAnswer",
        ms: 4_000,
        to: { type: "frontendOpenOrders", account: ACCOUNT },
        when,
      },
    ]);
    const { clock, cable, hit, order, engine } = all;
    clock.advanceTo(5_000);
    cable.disconnect();
    until(clock, () => !isOpen(all));
    clock.advanceBy(2_000);
    await hit();
    void order.cancel();
    until(clock, () => isOpen(all));
    clock.advanceBy(15_000);
    expect(engine.certificate).toMatchObject({ cause: "reconnect", complete: true });
    expect((await settle(clock, order.closed)).filled).toBe("0.0005");
    expectTruth(all);
  });

  it("situation 97: a cancel that leaves while the socket is down suppresses no fill that is recovered", async () => {
    const all = await meeting();
    const { clock, cable, hit, order } = all;
    cable.disconnect();
    until(clock, () => !isOpen(all));
    await hit();
    const canceled = order.cancel();
    expect(await settle(clock, canceled)).toMatchObject({ state: "canceled" });
    expect(await settle(clock, order.closed)).toMatchObject({
      filled: "0.0005",
      ledger: "complete",
    });
    expectTruth(all);
  });

  it("situation 98: five minutes without the venue end nothing; then everything is known", async () => {
    const all = await meeting();
    const { clock, cable, hit, order, engine } = all;
    cable.refuse(true);
    cable.disconnect();
    await hit();
    clock.advanceBy(300_000);
    expect(engine.status.barrier).toBe("recovering");
    expect(order.view()).toMatchObject({ state: "resting", filled: "0" });
    cable.refuse(false);
    until(clock, () => isOpen(all));
    clock.advanceBy(3_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expectTruth(all);
  });

  it("situation 99: frames that nobody understands are counted, and the stream goes on", async () => {
    const all = await meeting();
    const { clock, cable, hit, order, engine, alarms } = all;
    for (const text of [
      "<html>",
      "{",
      '{"channel":"brandNew","data":1}',
      '{"channel":"orderUpdates"}',
    ]) {
      cable.say(text);
    }
    clock.advanceBy(100);
    expect(engine.counters.unrecognized).toBeGreaterThan(1);
    expect(alarms).toContain("frameUnrecognized");
    await hit();
    expect(order.view().filled).toBe("0.0005");
    expect(isOpen(all)).toBe(true);
  });

  it("situation 100: a wall clock that steps an hour either way moves no verdict", async () => {
    let skewMs = 0;
    const all = await meeting([], (clock) => ({
      clock: {
        wallMs: () => clock.wallMs() + skewMs,
        monotonicMs: () => clock.monotonicMs(),
        after: (delayMs, callback) => clock.after(delayMs, callback),
      },
    }));
    const { clock, hit, order, engine } = all;
    for (const stepMs of [3_600_000, -3_600_000]) {
      skewMs = stepMs;
      clock.advanceBy(12_000);
      await hit();
      expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0 });
    }
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.001" });
    expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
    expectTruth(all);
  });

  it("situation 101: words and fills out of their order come to the same end", async () => {
    const all = await meeting([
      { what: "reorderFrames", to: { channel: "userFills", account: ACCOUNT } },
      { what: "reorderArray", to: { channel: "orderUpdates", account: ACCOUNT } },
      { what: "splitArray", to: { account: ACCOUNT } },
    ]);
    const { clock, hit, order, alarms } = all;
    for (let time = 0; time < 4; time += 1) await hit();
    clock.advanceBy(10_000);
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(alarms).toEqual([]);
    expectTruth(all);
  });

  it("situation 102: a slow subscriber is cut off with a gap it can name; nobody else loses a fill", async () => {
    const all = await meeting([], () => ({ limits: { slowTicks: 8 } }));
    const { clock, engine, hit, fills } = all;
    const from = engine.snapshot().sequence;
    const gaps: unknown[] = [];
    const seen: number[] = [];
    await hit();
    clock.advanceBy(120_000);
    engine.ticksFrom(from).subscribe({ error: (error) => gaps.push(error) });
    expect(gaps).toMatchObject([{ code: "ticksGap", details: { from: from + 1 } }]);
    const kept = engine.snapshot().sequence - 8;
    engine.ticksFrom(kept).subscribe(({ sequence }) => seen.push(sequence));
    await hit();
    expect(seen).toEqual(seen.map((_, index) => kept + 1 + index));
    expect(fills).toHaveLength(2);
  });

  it("situation 103: a socket that drops every second costs few recoveries and loses nothing", async () => {
    const all = await meeting([
      { what: "disconnect", when: { afterMs: 5_000, untilMs: 65_000, everyMs: 1_000 } },
    ]);
    const { clock, engine, hit, order } = all;
    let recoveries = 0;
    engine.onTick(({ certificates = [] }) => {
      recoveries += certificates.length;
    });
    clock.advanceTo(30_000);
    await hit();
    clock.advanceTo(66_000);
    expect(recoveries).toBeLessThanOrEqual(13);
    until(clock, () => isOpen(all));
    clock.advanceBy(5_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expectTruth(all);
  });
});
