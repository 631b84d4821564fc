import type { Engine, OrderHandle } from "@cloister/engine";
import { type PlaceSpec, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle } from "../world.ts";
import { type Story, story } from "./told.fixture.ts";

const ENTRY = { coin: "BTC", side: "buy", price: "63000", size: "0.002", tif: "Gtc" } as const;
const CLOSING = { ...ENTRY, side: "sell", price: "60000", reduceOnly: true } as const;
const TAKE: PlaceSpec = { ...CLOSING, trigger: { price: "65000", kind: "tp", market: true } };
const STOP: PlaceSpec = { ...CLOSING, trigger: { price: "62000", kind: "sl", market: true } };

type Stage = Story & {
  readonly other: Engine;
  readonly entry: OrderHandle;
  readonly take: OrderHandle;
  readonly stop: OrderHandle;
};

/** An entry of 0.002 BTC at 63000 with its take profit and its stop, and somebody else to trade with. */
async function bracket(terms: Parameters<typeof story>[0] = {}): Promise<Stage> {
  const at = await story(terms);
  const other = await at.engineFor(OTHER, { random: seededRandom(3) });
  // After the first look at the venue.
  at.clock.advanceBy(3_000);
  const [entry, take, stop] = at.engine.placeMany([ENTRY, TAKE, STOP], { grouping: "normalTpsl" });
  if (entry === undefined || take === undefined || stop === undefined) throw new Error("no orders");
  await settle(at.clock, entry.acknowledged);
  at.clock.advanceBy(200);
  return { ...at, other, entry, take, stop };
}

async function trade({ clock, other }: Stage, terms: Partial<PlaceSpec>): Promise<void> {
  await settle(clock, other.place({ ...ENTRY, ...terms }).acknowledged);
  clock.advanceBy(300);
}

const DORMANT = { state: "untriggered", waitsFor: "parent", filled: "0", size: "0.002" };
const ARMED = { ...DORMANT, waitsFor: "trigger" };
const DEAD = { state: "canceled", filled: "0", ledger: "complete" };

describe("children of an entry", () => {
  it.each(["causeFirst", "causeLast"] as const)(
    "situation 88: sleep until the parent has filled whole, then wait for their price (%s)",
    async (groupUpdates) => {
      const at = await bracket({ exchange: { crowd: false, rules: { groupUpdates } } });
      const { clock, entry, take, stop } = at;
      for (const child of [take, stop]) {
        expect(await settle(clock, child.acknowledged)).toMatchObject({ kind: "accepted" });
        expect(child.view()).toMatchObject(DORMANT);
      }
      await trade(at, { side: "sell", size: "0.0005" });
      clock.advanceBy(15_000);
      expect([take.view(), stop.view()]).toMatchObject([DORMANT, DORMANT]);
      await trade(at, { side: "sell", size: "0.0015" });
      expect([take.view(), stop.view()]).toMatchObject([ARMED, ARMED]);
      expect(at.path(entry)).toEqual(["pending", "resting", "partiallyFilled", "filled"]);

      await trade(at, { price: "64900" });
      at.exchange.setMark("BTC", "65100");
      expect(await settle(clock, take.closed)).toMatchObject({ state: "filled", filled: "0.002" });
      expect(await settle(clock, stop.closed)).toMatchObject({ ...DEAD, cause: "siblingFilled" });
      expect(at.path(stop)).toEqual(["pending", "untriggered", "canceled"]);
      expect(at.sent()).toEqual(["order"]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );

  it("situation 88: die with the parent, without a request of their own", async () => {
    const at = await bracket();
    expect(await settle(at.clock, at.entry.cancel())).toMatchObject({ state: "canceled" });
    for (const child of [at.take, at.stop]) {
      expect(await settle(at.clock, child.closed)).toMatchObject(DEAD);
      expect(at.path(child)).toEqual(["pending", "untriggered", "canceled"]);
    }
    expect(at.sent()).toEqual(["order", "cancel"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 88: whose answer is lost are found by reads: no update tells of them", async () => {
    const at = await bracket({
      faults: [
        { what: "loseAnswer", to: { type: "order", account: ACCOUNT }, times: 1 },
        { what: "loseFrame", to: { channel: "openOrders" }, when: { untilMs: 15_000 } },
      ],
    });
    at.clock.advanceBy(4_000);
    expect([at.entry, at.take].map(({ view }) => view().state)).toEqual(["resting", "pending"]);
    at.clock.advanceBy(12_000);
    expect([at.entry, at.take, at.stop].map((order) => order.view().state)).toEqual([
      ...["resting", "untriggered", "untriggered"],
    ]);
    expect(at.doubts).toMatchObject([{ kind: "place", by: "orderStatus" }]);
    expect(at.truth().orders).toHaveLength(3);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 88: one of them is canceled alone, and the other lives on", async () => {
    const at = await bracket();
    expect(await settle(at.clock, at.take.cancel())).toMatchObject({ state: "canceled" });
    await trade(at, { side: "sell" });
    expect(at.path(at.entry).at(-1)).toBe("filled");
    expect(at.stop.view()).toMatchObject(ARMED);
    at.expectBooksAgree();
  });
});

describe("a parent that fills in part", () => {
  it("situation 89: and is canceled takes its children along; the engine sizes none", async () => {
    const at = await bracket();
    await trade(at, { side: "sell", size: "0.0005" });
    expect([at.take.view(), at.stop.view()]).toMatchObject([DORMANT, DORMANT]);
    expect(await settle(at.clock, at.entry.cancel())).toMatchObject({ filled: "0.0005" });
    for (const child of [at.take, at.stop]) {
      expect(await settle(at.clock, child.closed)).toMatchObject(DEAD);
    }
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
    expect(at.sent()).toEqual(["order", "cancel"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 89: and is canceled for its margin leaves them armed, as large as they were asked", async () => {
    const at = await bracket();
    await trade(at, { side: "sell", size: "0.0005" });
    const oid = at.entry.view().oid ?? 0;
    const step = { do: "cancelAs", account: ACCOUNT, oid, status: "marginCanceled" } as const;
    at.exchange.market({ steps: [step] });
    expect(await settle(at.clock, at.entry.closed)).toMatchObject({
      state: "canceled",
      cause: "margin",
      filled: "0.0005",
    });
    expect([at.take.view(), at.stop.view()]).toMatchObject([ARMED, ARMED]);
    await trade(at, { price: "61900" });
    at.exchange.setMark("BTC", "61950");
    expect(await settle(at.clock, at.stop.closed)).toMatchObject({ filled: "0.0005" });
    expect(await settle(at.clock, at.take.closed)).toMatchObject({ state: "canceled" });
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
    expect(at.sent()).toEqual(["order"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 89: and whose fills come twice, late and once more after a reconnect sizes nothing twice", async () => {
    const at = await bracket({
      faults: [
        { what: "echoFrame", ms: 1_500, to: { account: ACCOUNT, channel: "userFills" } },
        { what: "duplicateFrame", to: { account: ACCOUNT, channel: "orderUpdates" } },
      ],
    });
    await trade(at, { side: "sell", size: "0.0005" });
    await trade(at, { side: "sell", size: "0.0015" });
    at.clock.advanceBy(3_000);
    at.cable.disconnect();
    at.clock.advanceBy(12_000);
    expect(at.path(at.entry)).toEqual(["pending", "resting", "partiallyFilled", "filled"]);
    expect(at.fills.map(({ size }) => size)).toEqual(["0.0005", "0.0015"]);
    expect([at.take.view(), at.stop.view()]).toMatchObject([ARMED, ARMED]);
    expect(at.engine.exposure).toMatchObject([{ position: "0.002", min: "-0.002", max: "0.002" }]);
    expect(at.sent()).toEqual(["order"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});

describe("a bracket", () => {
  it.each([
    ["left", ["resting", "canceled", "canceled"]],
    ["kept", ["resting", "untriggered", "untriggered"]],
  ] as const)(
    "situation 88: whose parent is replaced has its children %s, as the exchange chooses",
    async (modifiedGroup, states) => {
      const at = await bracket({ exchange: { crowd: false, rules: { modifiedGroup } } });
      const moved = await settle(at.clock, at.entry.modify({ price: "63100" }));
      expect(moved).toMatchObject({ kind: "accepted" });
      at.expectBooksAgree();
      expect([at.entry, at.take, at.stop].map((order) => at.path(order).at(-1))).toEqual(states);
      expect(at.sent()).toEqual(["order", "batchModify"]);
      expect(at.alarmed()).toEqual([]);
    },
  );

  it("that the venue would refuse as a group is refused here, before anything is sent", async () => {
    const { engine, sent } = await story();
    const bad: readonly (readonly PlaceSpec[])[] = [
      [ENTRY],
      [TAKE, STOP],
      [ENTRY, { ...ENTRY, side: "sell", reduceOnly: true }],
      [{ ...ENTRY, side: "sell" }, TAKE],
      [ENTRY, { ...TAKE, coin: "ETH", price: "2900", size: "0.1" }],
      [ENTRY, { ...TAKE, reduceOnly: false }],
    ];
    for (const specs of bad) {
      expect(() => engine.placeMany(specs, { grouping: "normalTpsl" })).toThrow(
        expect.objectContaining({ code: "invalidSpec" }),
      );
    }
    expect(() => engine.placeMany([ENTRY], { grouping: "positionTpsl" })).toThrow();
    expect(engine.orders).toEqual([]);
    expect(sent()).toEqual([]);
  });
});
