import type { Engine, OrderHandle } from "@cloister/engine";
import type { PlaceSpec } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle, type World, world } from "./world.ts";

type Stage = World & { readonly other: Engine; readonly alarmed: readonly string[] };

async function stage(): Promise<Stage> {
  const opened = await world({ exchange: { crowd: false } });
  const alarmed: string[] = [];
  opened.engine.alarms$.subscribe(({ name }) => alarmed.push(name));
  return { ...opened, alarmed, other: await opened.engineFor(OTHER) };
}

const LONG = { coin: "BTC", side: "buy", price: "63000", size: "0.002", tif: "Gtc" } as const;
const CLOSING = { ...LONG, side: "sell", price: "60000", reduceOnly: true } as const;
const TAKE: PlaceSpec = { ...CLOSING, trigger: { price: "65000", kind: "tp", market: true } };
const STOP: PlaceSpec = { ...CLOSING, trigger: { price: "62000", kind: "sl", market: true } };

async function trade({ clock, other }: Stage, terms: Partial<PlaceSpec>): Promise<void> {
  await settle(clock, other.place({ ...LONG, ...terms }).acknowledged);
  clock.advanceBy(300);
}

/** ACCOUNT holds 0.002 BTC. */
async function held(): Promise<Stage> {
  const at = await stage();
  const entry = at.engine.place(LONG);
  await settle(at.clock, entry.acknowledged);
  await trade(at, { side: "sell" });
  expect(entry.view().state).toBe("filled");
  return at;
}

function moveMark({ clock, exchange }: Stage, price: string): void {
  exchange.setMark("BTC", price);
  clock.advanceBy(500);
}

async function group(
  { clock, engine }: Stage,
  specs: readonly PlaceSpec[],
  grouping: "normalTpsl" | "positionTpsl",
): Promise<readonly OrderHandle[]> {
  const orders = engine.placeMany(specs, { grouping });
  for (const order of orders) await settle(clock, order.acknowledged);
  clock.advanceBy(200);
  return orders;
}

describe("trigger orders over the real wire", () => {
  it("situation 85: one that waits is untriggered: no liquidity, but exposure", async () => {
    const at = await held();
    const stop = at.engine.place(STOP);
    expect(await settle(at.clock, stop.acknowledged)).toMatchObject({ kind: "accepted" });
    at.clock.advanceBy(11_000);
    expect(stop.view()).toMatchObject({ state: "untriggered", waitsFor: "trigger" });
    await trade(at, { price: "61000", size: "0.001" });
    expect(stop.view()).toMatchObject({ state: "untriggered", filled: "0" });
    const refused = { kind: "refused", by: "local", reason: "notModifiable" };
    expect(await settle(at.clock, stop.modify({ price: "61000" }))).toEqual(refused);
    expect(await settle(at.clock, stop.cancel())).toMatchObject({ state: "canceled" });
    expect(at.alarmed).toEqual([]);
  });

  it("situation 86: it fires under the same oid and executes; nothing is counted twice", async () => {
    const at = await held();
    const stop = at.engine.place(STOP);
    await settle(at.clock, stop.acknowledged);
    await trade(at, { price: "61900", size: "0.002" });
    moveMark(at, "61950");
    expect(await settle(at.clock, stop.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(stop.view().oids).toHaveLength(1);
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
    expect(at.alarmed).toEqual([]);
  });

  it("situation 86: a stop with a limit fires, rests, and is an order like others", async () => {
    const at = await held();
    const trigger = { price: "62000", kind: "sl", market: false } as const;
    const stop = at.engine.place({ ...CLOSING, price: "61900", trigger });
    await settle(at.clock, stop.acknowledged);
    moveMark(at, "61950");
    expect(stop.view()).toMatchObject({ state: "resting" });
    await trade(at, { price: "61900", size: "0.0005" });
    expect(stop.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(await settle(at.clock, stop.cancel())).toMatchObject({
      state: "canceled",
      filled: "0.0005",
    });
  });

  it("situation 87: of a position's TP/SL one fills and the other ends, with its word", async () => {
    const at = await held();
    const [take, stop] = await group(at, [TAKE, STOP], "positionTpsl");
    expect([take, stop].map((order) => order?.view().waitsFor)).toEqual(["trigger", "trigger"]);
    await trade(at, { price: "64900", size: "0.002" });
    moveMark(at, "65100");
    expect(await settle(at.clock, at.engine.cancelAll())).toMatchObject({ unresolved: [] });
    expect(take?.view()).toMatchObject({ state: "filled" });
    expect(stop?.view()).toMatchObject({ state: "canceled", cause: "siblingFilled" });
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
  });

  it("situation 89: a parent that fills in part and is canceled takes its children along; the engine sizes none", async () => {
    const at = await stage();
    const [entry, take, stop] = await group(at, [LONG, TAKE, STOP], "normalTpsl");
    if (entry === undefined || take === undefined || stop === undefined) throw new Error("none");
    await trade(at, { side: "sell", size: "0.0005" });
    expect(entry.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect([take, stop].map((order) => order.view())).toMatchObject([
      { state: "untriggered", waitsFor: "parent", size: "0.002" },
      { state: "untriggered", waitsFor: "parent", size: "0.002" },
    ]);
    expect(await settle(at.clock, entry.cancel())).toMatchObject({ state: "canceled" });
    expect(await settle(at.clock, take.closed)).toMatchObject({ state: "canceled", filled: "0" });
    expect(await settle(at.clock, stop.closed)).toMatchObject({ state: "canceled", filled: "0" });
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
    const truth = at.exchange.truth(ACCOUNT).accounts[0];
    expect(truth?.orders.filter(({ open }) => open)).toEqual([]);
    expect(at.alarmed).toEqual([]);
  });

  it("situation 88: a child is canceled alone, and the others of its group live on", async () => {
    const at = await stage();
    const [entry, take, stop] = await group(at, [LONG, TAKE, STOP], "normalTpsl");
    if (entry === undefined || take === undefined || stop === undefined) throw new Error("none");
    expect(await settle(at.clock, take.cancel())).toMatchObject({ state: "canceled" });
    await trade(at, { side: "sell" });
    expect(entry.view().state).toBe("filled");
    expect(stop.view()).toMatchObject({ state: "untriggered", waitsFor: "trigger" });
    await settle(at.clock, at.engine.cancelAll());
  });

  it("situation 90: what only reduces ends when the position is gone, with its word", async () => {
    const at = await held();
    const [take] = await group(at, [TAKE], "positionTpsl");
    const exit = at.engine.place({ ...CLOSING, price: "62900" });
    await settle(at.clock, exit.acknowledged);
    const plain = at.engine.place({ ...CLOSING, price: "64000" });
    await settle(at.clock, plain.acknowledged);
    await trade(at, { price: "62900" });
    expect(exit.view().state).toBe("filled");
    at.clock.advanceBy(3_000);
    expect(await settle(at.clock, plain.closed)).toMatchObject({
      state: "canceled",
      cause: "reduceOnly",
    });
    expect(take === undefined ? "" : (await settle(at.clock, take.closed)).state).toBe("canceled");
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
  });

  it("what the venue would refuse as a group is refused here, before anything is sent", async () => {
    const { engine } = await stage();
    const bad: readonly (readonly PlaceSpec[])[] = [
      [LONG],
      [TAKE, STOP],
      [LONG, { ...LONG, side: "sell", reduceOnly: true }],
      [{ ...LONG, side: "sell" }, TAKE],
      [LONG, { ...TAKE, coin: "ETH", price: "2900", size: "0.1" }],
      [LONG, { ...TAKE, reduceOnly: false }],
    ];
    for (const specs of bad) {
      expect(() => engine.placeMany(specs, { grouping: "normalTpsl" })).toThrow(
        expect.objectContaining({ code: "invalidSpec" }),
      );
    }
    expect(() => engine.placeMany([LONG], { grouping: "positionTpsl" })).toThrow();
    expect(engine.orders).toEqual([]);
  });
});
