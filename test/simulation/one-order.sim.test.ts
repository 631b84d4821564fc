import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle, world } from "./world.ts";

describe("one order over the real wire in memory", () => {
  it("is placed, rests, is canceled and is reaped", async () => {
    const { clock, engine, exchange } = await world({ exchange: { crowd: false } });
    const order = engine.place({
      coin: "BTC",
      side: "buy",
      price: "50000",
      size: "0.001",
      tif: "Gtc",
    });
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(order.view().state).toBe("resting");
    expect(await settle(clock, order.cancel())).toMatchObject({
      kind: "settled",
      state: "canceled",
    });
    expect(await settle(clock, order.closed)).toMatchObject({
      state: "canceled",
      ledger: "complete",
    });
    clock.advanceBy(5_000);
    expect(engine.orders).toEqual([]);
    expect(exchange.truth(ACCOUNT)).toBeDefined();
    await settle(clock, engine.close());
  });

  it("trades against another engine, and both books agree", async () => {
    const { clock, engine, engineFor } = await world({ exchange: { crowd: false } });
    const other = await engineFor(OTHER);
    const bid = engine.place({
      coin: "BTC",
      side: "buy",
      price: "50000",
      size: "0.002",
      tif: "Alo",
    });
    await settle(clock, bid.acknowledged);
    const ask = other.place({
      coin: "BTC",
      side: "sell",
      price: "50000",
      size: "0.0005",
      tif: "Ioc",
    });
    expect(await settle(clock, ask.closed)).toMatchObject({
      state: "filled",
      filled: "0.0005",
      ledger: "complete",
    });
    clock.advanceBy(500);
    expect(bid.view()).toMatchObject({
      state: "partiallyFilled",
      filled: "0.0005",
      leaves: "0.0015",
    });
    const moved = bid.modify({ price: "50001" });
    expect(await settle(clock, moved)).toMatchObject({ kind: "accepted" });
    expect(bid.view()).toMatchObject({ leaves: "0.0015", price: "50001" });
    expect(engine.positions).toContainEqual({ coin: "BTC", size: "0.0005" });
    expect(other.positions).toContainEqual({ coin: "BTC", size: "-0.0005" });
    expect(await settle(clock, bid.cancel())).toMatchObject({
      kind: "settled",
      state: "canceled",
      filled: "0.0005",
    });
  });
});
