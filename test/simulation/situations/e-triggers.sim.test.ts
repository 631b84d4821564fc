import type { Engine, OrderHandle } from "@cloister/engine";
import { type PlaceSpec, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle } from "../world.ts";
import { type Story, story, until } from "./told.fixture.ts";

type Terms = NonNullable<Parameters<typeof story>[0]>;
type Stage = Story & { readonly other: Engine };

const LONG = { coin: "BTC", side: "buy", price: "63000", size: "0.002", tif: "Gtc" } as const;
const CLOSING = { ...LONG, side: "sell", price: "60000", reduceOnly: true } as const;
const TAKE: PlaceSpec = { ...CLOSING, trigger: { price: "65000", kind: "tp", market: true } };
const STOP: PlaceSpec = { ...CLOSING, trigger: { price: "62000", kind: "sl", market: true } };

/** ACCOUNT holds 0.002 BTC, and somebody else trades. */
async function held(terms: Terms = {}): Promise<Stage> {
  const at = await story(terms);
  const other = await at.engineFor(OTHER, { random: seededRandom(3) });
  const entry = at.engine.place(LONG);
  await settle(at.clock, entry.acknowledged);
  const stage = { ...at, other };
  await trade(stage, { side: "sell" });
  expect(entry.view().state).toBe("filled");
  return stage;
}

async function trade({ clock, other }: Stage, terms: Partial<PlaceSpec>): Promise<void> {
  await settle(clock, other.place({ ...LONG, ...terms }).acknowledged);
  clock.advanceBy(300);
}

function moveMark({ clock, exchange }: Stage, price: string): void {
  exchange.setMark("BTC", price);
  clock.advanceBy(500);
}

async function group(at: Stage, specs: readonly PlaceSpec[]): Promise<readonly OrderHandle[]> {
  const orders = at.engine.placeMany(specs, { grouping: "positionTpsl" });
  for (const order of orders) await settle(at.clock, order.acknowledged);
  at.clock.advanceBy(200);
  return orders;
}

function one<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("there is none");
  return found;
}

const bounds = ({ engine }: Stage) => engine.exposure.filter(({ coin }) => coin === "BTC");

describe("a trigger order that waits", () => {
  it.each(["resting", "waitingForTrigger"] as const)(
    "situation 85: is untriggered, through lists and a reconnect too (answered %s)",
    async (triggerAnswer) => {
      const at = await held({ exchange: { crowd: false, rules: { triggerAnswer } } });
      const stop = at.engine.place(STOP);
      expect(await settle(at.clock, stop.acknowledged)).toMatchObject({ kind: "accepted" });
      at.cable.disconnect();
      until(at.clock, () => at.engine.status.barrier === "recovering");
      until(at.clock, () => at.engine.status.barrier === "open");
      at.clock.advanceBy(30_000);
      expect(at.path(stop)).toEqual(["pending", "untriggered"]);
      expect(stop.view()).toMatchObject({ waitsFor: "trigger", leaves: "0.002", filled: "0" });
      expect(stop.view().oids).toEqual([one(at.truth().orders.at(-1)).oid]);
      expect(bounds(at)).toMatchObject([{ position: "0.002", min: "0", max: "0.002" }]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );

  it("situation 85: is no liquidity, cannot be modified, and is canceled like others", async () => {
    const at = await held();
    const stop = at.engine.place(STOP);
    await settle(at.clock, stop.acknowledged);
    await trade(at, { price: "61000", size: "0.001" });
    expect(stop.view()).toMatchObject({ state: "untriggered", filled: "0" });
    const refused = { kind: "refused", by: "local", reason: "notModifiable" };
    expect(await settle(at.clock, stop.modify({ price: "61000" }))).toEqual(refused);
    const canceled = await settle(at.clock, stop.cancel());
    expect(canceled).toEqual({ kind: "settled", state: "canceled", filled: "0" });
    expect(at.path(stop)).toEqual(["pending", "untriggered", "canceled"]);
    expect(at.sent()).toEqual(["order", "order", "cancel"]);
    at.expectBooksAgree();
  });
});

describe("a trigger order that fires", () => {
  it.each([
    ["told of in one frame", []],
    [
      "told of by its fill alone",
      [{ what: "loseFrame", to: { channel: "orderUpdates", account: ACCOUNT, contains: "trigg" } }],
    ],
    [
      "told of with its fill first",
      [{ what: "delayFrame", ms: 700, to: { channel: "orderUpdates", account: ACCOUNT } }],
    ],
  ])(
    "situation 86: executes under the same oid, and nothing is counted twice (%s)",
    async (_, faults) => {
      const at = await held({ faults });
      const stop = at.engine.place(STOP);
      await settle(at.clock, stop.acknowledged);
      await trade(at, { price: "61900", size: "0.002" });
      moveMark(at, "61950");
      expect(await settle(at.clock, stop.closed)).toMatchObject({
        state: "filled",
        filled: "0.002",
        ledger: "complete",
      });
      const path = at.path(stop).filter((state) => state !== "resting");
      expect(path.slice(0, 3)).toEqual(["pending", "untriggered", "filled"]);
      expect(stop.view().oids).toHaveLength(1);
      expect(at.fills.map(({ side, size }) => `${side} ${size}`)).toEqual([
        "buy 0.002",
        "sell 0.002",
      ]);
      expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );

  it.each(["kept", "dropped"] as const)(
    "situation 86: rests with its limit, and is an order like others (isTrigger %s)",
    async (firedTrigger) => {
      const at = await held({ exchange: { crowd: false, rules: { firedTrigger } } });
      const trigger = { price: "62000", kind: "sl", market: false } as const;
      const stop = at.engine.place({ ...CLOSING, price: "61900", trigger });
      await settle(at.clock, stop.acknowledged);
      moveMark(at, "61950");
      at.clock.advanceBy(15_000);
      expect(stop.view()).toMatchObject({ state: "resting", leaves: "0.002" });
      await trade(at, { price: "61900", size: "0.0005" });
      expect(stop.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
      expect(bounds(at)).toMatchObject([{ position: "0.0015", min: "0", max: "0.0015" }]);
      expect(await settle(at.clock, stop.cancel())).toMatchObject({ filled: "0.0005" });
      expect(at.path(stop)).toEqual([
        ...["pending", "untriggered", "resting", "partiallyFilled", "canceled"],
      ]);
      expect(stop.view().oids).toHaveLength(1);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );
});

describe("siblings", () => {
  it.each([
    ["the fill is told first", "causeFirst", [], []],
    ["the end is told first", "causeLast", [], []],
    [
      "no word of either comes",
      "causeFirst",
      [{ what: "loseFrame", to: { channel: "orderUpdates", account: ACCOUNT, contains: "sibl" } }],
      ["streamSilent"],
    ],
  ] as const)(
    "situation 87: of a take profit and a stop one fills, the other ends for that: %s",
    async (_, groupUpdates, faults, alarms) => {
      const at = await held({ faults, exchange: { crowd: false, rules: { groupUpdates } } });
      const orders = await group(at, [TAKE, STOP]);
      const [take, stop] = [one(orders[0]), one(orders[1])];
      expect(orders.map((order) => order.view().waitsFor)).toEqual(["trigger", "trigger"]);
      await trade(at, { price: "64900", size: "0.002" });
      moveMark(at, "65100");
      expect(await settle(at.clock, take.closed)).toMatchObject({
        state: "filled",
        filled: "0.002",
      });
      expect(await settle(at.clock, stop.closed)).toMatchObject({
        state: "canceled",
        cause: "siblingFilled",
        filled: "0",
        ledger: "complete",
      });
      expect(at.path(stop)).toEqual(["pending", "untriggered", "canceled"]);
      // The engine cancels none by itself.
      expect(at.sent()).toEqual(["order", "order"]);
      expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual(alarms);
    },
  );
});

describe("what only reduces", () => {
  it("situation 90: ends with its word when the position is gone, and shrinks with it before", async () => {
    const at = await held();
    const plain = at.engine.place({ ...CLOSING, price: "64000" });
    await settle(at.clock, plain.acknowledged);
    const take = one((await group(at, [TAKE]))[0]);
    const half = at.engine.place({ ...CLOSING, price: "62900", size: "0.0012" });
    await settle(at.clock, half.acknowledged);
    await trade(at, { price: "62900", size: "0.0012" });
    at.clock.advanceBy(12_000);
    expect(at.path(half).at(-1)).toBe("filled");
    expect(plain.view()).toMatchObject({ state: "resting", leaves: "0.0008", filled: "0" });

    const rest = at.engine.place({ ...CLOSING, price: "62900", size: "0.0008" });
    await settle(at.clock, rest.acknowledged);
    await trade(at, { price: "62900", size: "0.0008" });
    expect(await settle(at.clock, plain.closed)).toMatchObject({
      state: "canceled",
      cause: "reduceOnly",
      filled: "0",
      ledger: "complete",
    });
    expect(await settle(at.clock, take.closed)).toMatchObject({
      state: "canceled",
      cause: "reduceOnly",
    });
    expect(at.path(plain)).toEqual(["pending", "resting", "canceled"]);
    expect(at.path(take)).toEqual(["pending", "untriggered", "canceled"]);
    expect(at.sent()).not.toContain("cancel");
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 90: the word is lost while the socket is down: the recovery brings it, typed", async () => {
    const at = await held();
    const plain = at.engine.place({ ...CLOSING, price: "64000" });
    const exit = at.engine.place({ ...CLOSING, price: "62900" });
    await settle(at.clock, exit.acknowledged);
    at.cable.disconnect();
    await settle(at.clock, at.other.place({ ...LONG, price: "62900", tif: "Ioc" }).closed);
    expect(plain.view().state).toBe("resting");
    expect(await settle(at.clock, plain.closed)).toMatchObject({
      state: "canceled",
      cause: "reduceOnly",
    });
    expect(at.certificates.at(-1)).toMatchObject({ cause: "reconnect", complete: true });
    expect(await settle(at.clock, exit.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});
