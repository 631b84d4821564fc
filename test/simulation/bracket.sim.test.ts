import type { Engine, OrderHandle } from "@cloister/engine";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle, type World, world } from "./world.ts";

type Rules = NonNullable<NonNullable<Parameters<typeof world>[0]>["exchange"]>["rules"];

/** An entry of 0.002 BTC at 63000 with its take profit and its stop, on the engine; another engine to trade with. */
async function stage(rules: Rules = {}): Promise<World & { other: Engine }> {
  const opened = await world({ exchange: { crowd: false, rules } });
  return { ...opened, other: await opened.engineFor(OTHER) };
}

type Bracket = readonly [entry: OrderHandle, take: OrderHandle, stop: OrderHandle];

async function bracket({ clock, engine }: World): Promise<Bracket> {
  const closing = {
    coin: "BTC",
    side: "sell",
    size: "0.002",
    tif: "Gtc",
    reduceOnly: true,
  } as const;
  const [entry, take, stop] = engine.placeMany(
    [
      { coin: "BTC", side: "buy", price: "63000", size: "0.002", tif: "Gtc" },
      { ...closing, price: "60000", trigger: { price: "65000", kind: "tp", market: true } },
      { ...closing, price: "60000", trigger: { price: "62000", kind: "sl", market: true } },
    ],
    { grouping: "normalTpsl" },
  );
  if (entry === undefined || take === undefined || stop === undefined) throw new Error("no orders");
  await settle(clock, entry.acknowledged);
  clock.advanceBy(200);
  return [entry, take, stop];
}

async function trade(
  { clock }: World,
  with_: Engine,
  order: { side: "buy" | "sell"; price: string; size: string },
): Promise<void> {
  const handle = with_.place({ coin: "BTC", tif: "Gtc", ...order });
  await settle(clock, handle.acknowledged);
  clock.advanceBy(500);
}

const stateOf = (order: OrderHandle) => order.view().state;

describe("an entry with its take profit and stop, over the real wire in memory", () => {
  it.each(["causeFirst", "causeLast"] as const)(
    "situation 88: children wait for the parent, then for the mark price; one ends the other (%s)",
    async (groupUpdates) => {
      const at = await stage({ groupUpdates });
      const orders = await bracket(at);
      const [, take, stop] = orders;
      expect(orders.map(stateOf)).toEqual(["resting", "untriggered", "untriggered"]);

      await trade(at, at.other, { side: "sell", price: "63000", size: "0.0005" });
      expect(orders.map(stateOf)[1]).toBe("untriggered");
      await trade(at, at.other, { side: "sell", price: "63000", size: "0.0015" });
      expect(orders.map(stateOf)).toEqual(["filled", "untriggered", "untriggered"]);

      await trade(at, at.other, { side: "buy", price: "64900", size: "0.002" });
      at.exchange.setMark("BTC", "65100");
      expect(await settle(at.clock, take.closed)).toMatchObject({
        state: "filled",
        filled: "0.002",
      });
      expect(await settle(at.clock, stop.closed)).toMatchObject({
        state: "canceled",
        cause: "siblingFilled",
      });
      expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0" }]);
      await settle(at.clock, at.engine.close());
    },
  );

  it("children end with a parent that is canceled, also when a part of it filled", async () => {
    const at = await stage();
    const [entry, ...children] = await bracket(at);
    await trade(at, at.other, { side: "sell", price: "63000", size: "0.0005" });
    expect(await settle(at.clock, entry.cancel())).toMatchObject({ state: "canceled" });
    for (const child of children) {
      expect(await settle(at.clock, child.closed)).toMatchObject({ state: "canceled" });
    }
    expect(at.engine.positions).toEqual([{ coin: "BTC", size: "0.0005" }]);
  });

  it("a parent that is replaced takes its children along, or keeps them, as the exchange chooses", async () => {
    const told: string[][] = [];
    for (const modifiedGroup of ["left", "kept"] as const) {
      const at = await stage({ modifiedGroup });
      const orders = await bracket(at);
      expect(await settle(at.clock, orders[0].modify({ price: "63100" }))).toMatchObject({
        kind: "accepted",
      });
      at.clock.advanceBy(500);
      told.push(orders.map(stateOf));
      const truth = at.exchange.truth(ACCOUNT).accounts[0];
      expect(truth?.orders.filter(({ open }) => open)).toHaveLength(
        modifiedGroup === "kept" ? 3 : 1,
      );
    }
    expect(told).toEqual([
      ["resting", "canceled", "canceled"],
      ["resting", "untriggered", "untriggered"],
    ]);
  });
});
