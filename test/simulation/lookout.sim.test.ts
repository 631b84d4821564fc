import type { Engine } from "@cloister/engine";
import { type Alarm, type Certificate, seededRandom, type Tick } from "@cloister/model";
import { type FaultPlan, faultsOf, readFaultPlan } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle, type World, world } from "./world.ts";

/** A world without a crowd, in which a plan of faults is at work for the account's engine. */
async function planned(faults: FaultPlan["faults"] | readonly object[], more: object = {}) {
  const plan = readFaultPlan({ seed: 1, faults });
  const all = await world({
    exchange: { crowd: false },
    wire: (clock) => ({ latencyMs: 5, faults: faultsOf(plan, { clock }) }),
    engine: more,
  });
  return { ...all, ...watched(all.engine) };
}

function watched(engine: Engine) {
  const alarms: Alarm[] = [];
  const certificates: Certificate[] = [];
  engine.alarms$.subscribe((alarm) => alarms.push(alarm));
  engine.onTick((tick: Tick) => certificates.push(...(tick.certificates ?? [])));
  return { alarms, certificates, alarmed: () => alarms.map(({ name }) => name) };
}

const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;
const HIT = { ...BID, side: "sell", size: "0.0005", tif: "Ioc" } as const;

async function rested({ clock, engine }: World) {
  const order = engine.place(BID);
  await settle(clock, order.acknowledged);
  return order;
}

describe("in calm weather", () => {
  it("looks again and again, finds nothing, and alarms nobody", async () => {
    const { clock, engine, engineFor } = await world({ exchange: { crowd: false } });
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    const [mine, theirs] = [watched(engine), watched(other)];
    for (let round = 0; round < 20; round += 1) {
      const coin = round % 2 === 0 ? "BTC" : "PURR/USDC";
      const at = coin === "BTC" ? { price: "50000", size: "0.002" } : { price: "2", size: "10" };
      const bid = engine.place({ coin, side: round % 4 < 2 ? "buy" : "sell", tif: "Gtc", ...at });
      await settle(clock, bid.acknowledged);
      const hit = { coin, ...at, size: coin === "BTC" ? "0.0005" : "5", tif: "Ioc" } as const;
      await settle(clock, other.place({ ...hit, side: round % 4 < 2 ? "sell" : "buy" }).closed);
      if (round % 3 === 0) await settle(clock, bid.modify({ leaves: at.size }));
      if (round % 3 === 1) await settle(clock, bid.cancel());
      clock.advanceBy(9_000);
    }
    await settle(clock, engine.cancelAll());
    clock.advanceBy(60_000);
    expect(mine.alarmed()).toEqual([]);
    expect(theirs.alarmed()).toEqual([]);
    const certificate = await settle(clock, engine.reconcile());
    expect(certificate).toMatchObject({ complete: true, cause: "command", unresolved: [] });
  });
});

describe("reads that lag", () => {
  it("situation 95: end no order that lives, revive none that ended, and undo no fill", async () => {
    const all = await planned([{ what: "lagReads", ms: 6_000 }], { onRevived: "keep" });
    const { clock, engine, engineFor, alarmed } = all;
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    const orders = [];
    for (let round = 0; round < 25; round += 1) {
      const order = engine.place({ ...BID, price: String(50_000 + round) });
      orders.push(order);
      await settle(clock, order.acknowledged);
      if (round % 3 === 0) await settle(clock, order.cancel());
      if (round % 3 === 1) await settle(clock, other.place({ ...HIT, size: "0.002" }).closed);
      clock.advanceBy(3_500);
    }
    const states = orders.map((order) => engine.order(order.cloid)?.view().state ?? "gone");
    expect(states.filter((_, index) => index % 3 === 2)).toEqual(Array(8).fill("resting"));
    clock.advanceBy(60_000);
    const live = orders.filter((order) => engine.order(order.cloid)?.view().state === "resting");
    expect(live).toHaveLength(8);
    expect(alarmed()).toEqual([]);
    await settle(clock, engine.cancelAll());
  });
});

describe("what the streams did not tell", () => {
  it("situation 91: what happened while the socket was down is found, once, and certified", async () => {
    const all = await planned([
      { what: "disconnect", to: { channel: "pong" }, when: { afterMs: 10_000 }, times: 1 },
    ]);
    const { clock, engine, engineFor, certificates } = all;
    const order = await rested(all);
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    const fills: number[] = [];
    engine.fills$.subscribe(({ tid }) => fills.push(tid));
    expect(certificates).toEqual([]);
    expect(engine.certificate).toMatchObject({ cause: "start", complete: true });
    while (engine.status.barrier === "open") clock.advanceBy(50);
    await settle(clock, other.place(HIT).closed);
    clock.advanceBy(30_000);
    expect(engine.status.barrier).toBe("open");
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(new Set(fills).size).toBe(fills.length);
    expect(certificates.at(-1)).toMatchObject({ cause: "reconnect", complete: true });
    expect(engine.certificate).toEqual(certificates.at(-1));
    expect(engine.status.recovery).toMatchObject({ complete: true, unresolved: 0 });
  });

  it("a private stream that is connected and silent is found out and given up", async () => {
    const ms = 600_000;
    const when = { afterMs: 3_000 };
    const all = await planned([
      { what: "staleChannel", ms, to: { channel: "userFills", account: ACCOUNT }, when, times: 1 },
      {
        what: "staleChannel",
        ms,
        to: { channel: "orderUpdates", account: ACCOUNT },
        when,
        times: 1,
      },
    ]);
    const { clock, engineFor, alarmed, certificates } = all;
    const order = await rested(all);
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    clock.advanceBy(5_000);
    await settle(clock, other.place({ ...HIT, size: "0.002" }).closed);
    clock.advanceBy(40_000);
    expect(alarmed()).toContain("streamSilent");
    expect(certificates.some(({ cause }) => cause === "reconnect")).toBe(true);
    expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(alarmed()).not.toContain("positionDiffers");
  });

  it("situation 48: a fill that the stream lost breaks the chain, and is read at once", async () => {
    const all = await planned([
      {
        what: "loseFrame",
        to: { channel: "userFills", account: ACCOUNT },
        when: { afterMs: 3_000 },
        times: 1,
      },
    ]);
    const { clock, engine, engineFor, alarmed } = all;
    const order = await rested(all);
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    clock.advanceBy(3_000);
    await settle(clock, other.place(HIT).closed);
    expect(order.view().filled).toBe("0");
    await settle(clock, other.place(HIT).closed);
    clock.advanceBy(1_000);
    expect(order.view().filled).toBe("0.001");
    clock.advanceBy(60_000);
    expect(alarmed()).not.toContain("positionGap");
    expect(alarmed()).not.toContain("positionDiffers");
    expect(engine.positions).toContainEqual({ coin: "BTC", size: "0.001" });
  });

  it("situation 96: while every read fails nothing ends and nothing opens; then it is certified", async () => {
    const when = { afterMs: 10_000, untilMs: 40_000 };
    const all = await planned([
      { what: "httpStatus", status: 502, body: "html", to: { path: "/info" }, when },
      { what: "disconnect", to: { channel: "pong" }, when, times: 1 },
    ]);
    const { clock, engine, certificates } = all;
    const order = await rested(all);
    clock.advanceBy(20_000);
    expect(engine.status).toMatchObject({ barrier: "recovering", gate: { place: false } });
    expect(order.view().state).toBe("resting");
    expect(certificates.every(({ complete }) => !complete)).toBe(true);
    expect(certificates.at(-1)?.unresolved).toContainEqual(
      expect.objectContaining({ kind: "read", query: "openOrders" }),
    );
    clock.advanceBy(40_000);
    expect(engine.status.barrier).toBe("open");
    expect(certificates.at(-1)).toMatchObject({ complete: true, unresolved: [] });
    expect(order.view().state).toBe("resting");
  });
});

describe("orders that are not in the book", () => {
  it("situation 107, 117: orders of another process on the account are watched, never ours", async () => {
    const all = await world({ exchange: { crowd: false } });
    const { clock, engine, engineFor } = all;
    const { alarmed } = watched(engine);
    const twin = await engineFor(ACCOUNT, { random: seededRandom(9) });
    const theirs = twin.place(BID);
    await settle(clock, theirs.acknowledged);
    clock.advanceBy(30_000);
    expect(engine.orders).toEqual([]);
    expect(await settle(clock, engine.reconcile())).toMatchObject({ found: { adopted: [] } });
    await settle(clock, engine.cancelAll());
    clock.advanceBy(5_000);
    expect(theirs.view().state).toBe("resting");
    expect(alarmed()).toEqual([]);
  });

  it("situation 107: with strangers adopted, an order placed by hand is taken in and may be canceled", async () => {
    const all = await world({ exchange: { crowd: false } });
    const { clock, engineFor } = all;
    const twin = await engineFor(ACCOUNT, { random: seededRandom(9) });
    const other = await engineFor(OTHER, { random: seededRandom(3) });
    const theirs = twin.place(BID);
    await settle(clock, theirs.acknowledged);
    await settle(clock, other.place(HIT).closed);
    const owner = await engineFor(ACCOUNT, { random: seededRandom(11), strangers: "adopt" });
    clock.advanceBy(1_000);
    const adopted = owner.order(theirs.cloid);
    expect(adopted?.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(owner.certificate?.found.adopted).toEqual([theirs.cloid]);
    expect(owner.exposure).toContainEqual(expect.objectContaining({ coin: "BTC", max: "0.002" }));
    await settle(clock, owner.cancelAll());
    clock.advanceBy(1_000);
    expect(theirs.view().state).toBe("canceled");
  });
});
