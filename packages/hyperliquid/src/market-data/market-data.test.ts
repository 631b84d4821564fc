import { type LogFields, ManualClock, seededRandom } from "@cloister/model";
import { map, type Observable, take } from "rxjs";
import { describe, expect, it } from "vitest";
import { scriptedWire } from "../wire/scripted-wire.fixture.ts";
import { marketData, type MarketDataOptions } from "./market-data.ts";

const INFO: Readonly<Record<string, unknown>> = {
  perpDexs: [null],
  meta: {
    universe: [
      { name: "BTC", szDecimals: 5 },
      { name: "ETH", szDecimals: 4 },
    ],
  },
  spotMeta: {
    tokens: [
      { name: "USDC", szDecimals: 8, index: 0 },
      { name: "PURR", szDecimals: 0, index: 1 },
    ],
    universe: [{ tokens: [1, 0], name: "PURR/USDC", index: 0 }],
  },
};

async function rig(coins: readonly string[] = ["BTC", "ETH"]) {
  const clock = new ManualClock();
  const line = scriptedWire();
  const logged: { level: string; fields: LogFields }[] = [];
  const log = (level: string) => (fields: LogFields) => {
    logged.push({ level, fields });
  };
  line.answerWith(({ body }) => ({ body: INFO[String(objectOf(body)["type"])] }));
  const feed = marketData({
    network: "testnet",
    coins,
    wire: line.wire,
    clock,
    random: seededRandom(5),
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
  });
  await settle();
  clock.advanceBy(0);
  const goLive = (): void => {
    line.last().open();
    for (const text of [...line.last().sent]) {
      line.last().say({ channel: "subscriptionResponse", data: objectOf(text) });
    }
  };
  return { clock, line, feed, goLive, logged };
}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function collect<T>(stream: Observable<T>): T[] {
  const seen: T[] = [];
  stream.subscribe((value) => seen.push(value));
  return seen;
}

function bbo(coin: string, bid: string | null, ask: string | null) {
  const level = (px: string | null) => (px === null ? null : { px, sz: "1.50", n: 2 });
  return { channel: "bbo", data: { coin, time: 1_000, bbo: [level(bid), level(ask)] } };
}

function trade(tid: number, time = 5) {
  return {
    coin: "BTC",
    side: "A",
    px: "64000.0",
    sz: "0.0004",
    time,
    hash: "0x00",
    tid,
    users: [],
  };
}

describe("marketData", () => {
  it("uses a socket of its own and asks for each coin's streams", async () => {
    const { line, goLive } = await rig();
    goLive();
    expect(line.last().kind).toBe("market");
    expect(line.last().sent.map((text) => objectOf(text)["subscription"])).toEqual([
      { type: "bbo", coin: "BTC" },
      { type: "l2Book", coin: "BTC" },
      { type: "trades", coin: "BTC" },
      { type: "bbo", coin: "ETH" },
      { type: "l2Book", coin: "ETH" },
      { type: "trades", coin: "ETH" },
    ]);
  });

  it("leaves an unknown coin out, because it would drop every stream, and says so", async () => {
    const { line, feed, goLive, logged } = await rig(["BTC", "NOPE", "btc"]);
    goLive();
    expect(line.last().sent.every((text) => text.includes('"coin":"BTC"'))).toBe(true);
    expect(logged).toContainEqual({ level: "error", fields: { coins: ["NOPE", "btc"] } });
    expect(collect(feed.stale$("NOPE"))).toEqual([true]);
  });

  it("tells prices and sizes as decimal strings, the exact middle, the latest value first", async () => {
    const { line, feed, goLive } = await rig();
    goLive();
    line.last().say(bbo("BTC", "64000.0", "64001.0"));
    line.last().say(bbo("ETH", "2000.1", null));
    expect(collect(feed.bbo$("BTC"))).toEqual([
      { coin: "BTC", at: 1_000, bid: "64000", bidSize: "1.5", ask: "64001", askSize: "1.5" },
    ]);
    expect(collect(feed.mid$("BTC"))).toEqual(["64000.5"]);
    expect(collect(feed.bbo$("ETH"))).toEqual([
      { coin: "ETH", at: 1_000, bid: "2000.1", bidSize: "1.5" },
    ]);
    expect(collect(feed.mid$("ETH"))).toEqual([]);
  });

  it("tells the book, and each trade once though a new subscription repeats it", async () => {
    const { line, feed, goLive } = await rig();
    goLive();
    const books = collect(feed.book$("BTC"));
    const trades = collect(feed.trades$("BTC"));
    line.last().say({
      channel: "l2Book",
      data: { coin: "BTC", time: 7, levels: [[{ px: "64000.0", sz: "1.25", n: 3 }], []] },
    });
    line.last().say({ channel: "trades", data: [trade(2, 6), trade(1)] });
    line.last().say({ channel: "trades", data: [trade(1), trade(2, 6), trade(3, 7)] });
    expect(books).toEqual([
      { coin: "BTC", at: 7, bids: [{ price: "64000", size: "1.25", orders: 3 }], asks: [] },
    ]);
    expect(trades.map(({ tid }) => tid)).toEqual([1, 2, 3]);
    expect(trades[0]).toEqual({
      coin: "BTC",
      at: 5,
      side: "sell",
      price: "64000",
      size: "0.0004",
      tid: 1,
    });
  });

  it("is stale until news comes, after a lost connection, and after a long silence", async () => {
    const { clock, line, feed, goLive } = await rig();
    const stale = collect(feed.stale$("BTC"));
    goLive();
    expect(stale).toEqual([true]);
    line.last().say(bbo("BTC", "1.0", "2.0"));
    expect(stale).toEqual([true, false]);
    line.last().drop();
    expect(stale).toEqual([true, false, true]);
    clock.advanceBy(10_000);
    goLive();
    line.last().say(bbo("BTC", "1.0", "2.0"));
    for (let second = 0; second < 14; second += 1) clock.advanceBy(1_000);
    expect(stale.at(-1)).toBe(false);
    clock.advanceBy(1_000);
    expect(stale.at(-1)).toBe(true);
    line.last().say(bbo("BTC", "1.0", "2.0"));
    expect(stale.at(-1)).toBe(false);
  });

  it("situation 125: a reader that throws harms neither the socket nor another reader", async () => {
    const { line, feed, goLive, logged } = await rig();
    goLive();
    feed.bbo$("BTC").subscribe(() => {
      throw new Error("mine");
    });
    feed
      .bbo$("BTC")
      .pipe(map((quotes) => quotes.bid))
      .subscribe(() => {
        throw new Error("piped");
      });
    const others = collect(feed.mid$("BTC"));
    line.last().say(bbo("BTC", "1.0", "2.0"));
    line.last().say(bbo("BTC", "1.0", "3.0"));
    await settle();
    expect(others).toEqual(["1.5", "2"]);
    expect(logged.filter(({ level }) => level === "error")).toHaveLength(4);
  });

  it("ends a reader that took what it wanted", async () => {
    const { line, feed, goLive } = await rig();
    goLive();
    const seen = collect(feed.mid$("BTC").pipe(take(1)));
    line.last().say(bbo("BTC", "1.0", "2.0"));
    line.last().say(bbo("BTC", "1.0", "3.0"));
    expect(seen).toEqual(["1.5"]);
  });

  it("takes no price from a socket that is gone", async () => {
    const { clock, line, feed, goLive } = await rig();
    goLive();
    const stale = collect(feed.stale$("BTC"));
    const seen = collect(feed.mid$("BTC"));
    const [old] = line.sockets;
    old?.drop();
    old?.say(bbo("BTC", "1.0", "2.0"));
    clock.advanceBy(10_000);
    old?.say(bbo("BTC", "1.0", "2.0"));
    expect([stale, seen]).toEqual([[true], []]);
    goLive();
    line.last().say(bbo("BTC", "3.0", "4.0"));
    expect([stale, seen]).toEqual([[true, false], ["3.5"]]);
  });

  it("leaves the account's socket its share of connects, however it flaps", async () => {
    const { clock, line } = await rig();
    for (let second = 0; second < 240; second += 1) {
      line.last().drop();
      clock.advanceBy(250);
    }
    expect(line.sockets.length).toBeGreaterThan(5);
    expect(line.sockets.length).toBeLessThanOrEqual(11);
  });

  it("goes on over frames that are not understood", async () => {
    const { line, feed, goLive } = await rig();
    goLive();
    const seen = collect(feed.mid$("BTC"));
    for (const frame of [
      "{broken",
      { channel: "bbo", data: null },
      { channel: "bbo", data: { coin: "BTC" } },
    ]) {
      line.last().say(frame);
    }
    line.last().say(bbo("BTC", "1.0", "2.0"));
    expect(seen).toEqual(["1.5"]);
  });

  it("a stream that was not asked for is silent and stale, and does not throw", async () => {
    const { feed } = await rig();
    expect(collect(feed.bbo$("DOGE"))).toEqual([]);
    expect(collect(feed.stale$("DOGE"))).toEqual([true]);
  });

  it("waits for a venue that cannot be read", async () => {
    const parts = await rig([]).catch((error: unknown) => error);
    expect(parts).toMatchObject({ code: "invalidOption" });
    const clock = new ManualClock();
    const line = scriptedWire();
    line.answerWith(() => ({ status: 500, body: "null" }));
    marketData({
      network: "testnet",
      coins: ["BTC"],
      wire: line.wire,
      clock,
      random: seededRandom(1),
    });
    for (let second = 0; second < 45; second += 1) {
      await settle();
      clock.advanceBy(1_000);
    }
    line.answerWith(({ body }) => ({ body: INFO[String(objectOf(body)["type"])] }));
    for (let second = 0; second < 60; second += 1) {
      await settle();
      clock.advanceBy(1_000);
    }
    expect(line.sockets).not.toEqual([]);
  });

  it("completes its streams on close and ends the socket and every timer", async () => {
    const { clock, line, feed, goLive } = await rig();
    goLive();
    line.last().say(bbo("BTC", "1.0", "2.0"));
    let completed = 0;
    feed.bbo$("BTC").subscribe({ complete: () => (completed += 1) });
    feed.close();
    expect(completed).toBe(1);
    expect(line.last().state()).toBe("closed");
    expect(clock.nextDueMs()).toBeUndefined();
  });

  it.each(["bbo$", "mid$", "stale$"] as const)(
    "closed from within a reader of %s: no timer is left",
    async (name) => {
      const { clock, line, feed, goLive } = await rig();
      goLive();
      let told = 0;
      const stream: Observable<unknown> = feed[name]("BTC");
      stream.subscribe(() => {
        told += 1;
        if (line.last().state() === "open") feed.close();
      });
      line.last().say(bbo("BTC", "1.0", "2.0"));
      expect(told).toBeGreaterThan(0);
      expect(clock.nextDueMs()).toBeUndefined();
    },
  );

  it("completes the streams of coins that were not asked for, too", async () => {
    const { feed } = await rig();
    let completed = 0;
    feed.bbo$("DOGE").subscribe({ complete: () => (completed += 1) });
    feed.close();
    expect(completed).toBe(1);
  });

  it("takes a frame of many coins in one go, and no price below zero", async () => {
    const { line, feed, goLive } = await rig();
    goLive();
    const seen = collect(feed.trades$("BTC"));
    const quotes = collect(feed.bbo$("BTC"));
    const others = Array.from({ length: 20_000 }, (_, tid) => ({ ...trade(tid), coin: `@${tid}` }));
    const below = { ...trade(8), px: "-1.0" };
    line.last().say({ channel: "trades", data: [...others, below, trade(9)] });
    line.last().say(bbo("BTC", "-1.0", "2.0"));
    expect(seen.map(({ tid }) => tid)).toEqual([9]);
    expect(quotes).toEqual([]);
  });

  it.each([["BTC"], [[5]], [[""]], [Array.from({ length: 334 }, (_, index) => `@${index}`)]])(
    "refuses coins that no socket can carry",
    (coins) => {
      const options: unknown = { network: "testnet", coins };
      expect(() => marketData(options as MarketDataOptions)).toThrow("coins");
    },
  );
});
