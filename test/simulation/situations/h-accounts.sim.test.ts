import type { Engine } from "@cloister/engine";
import { testSigner } from "@cloister/hyperliquid";
import { seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle } from "../world.ts";
import { join } from "./join.fixture.ts";
import { BID, hit, meeting, rested } from "./meeting.fixture.ts";
import { story, weightOf } from "./told.fixture.ts";

const AGENT = `0x${"c3".repeat(20)}`;
const SUB = `0x${"d4".repeat(20)}`;
const NOBODY = `0x${"e5".repeat(20)}`;

const WITH_AGENT = {
  accounts: [
    {
      address: ACCOUNT,
      deposit: "1000000",
      agents: [{ address: AGENT }],
      subAccounts: [{ address: SUB, deposit: "100000" }],
    },
    { address: OTHER, deposit: "1000000" },
  ],
};

const PERPS = [{ name: "BTC", sizeDecimals: 5, maxLeverage: 40, price: "64000" }];

/** So many builder dexes, each with a BTC of its own. */
function universe(count: number) {
  const names = Array.from({ length: count }, (_, place) => `d${place}`);
  const dexes = names.map((name) => ({
    name,
    coins: [{ name: `${name}:BTC`, sizeDecimals: 4, maxLeverage: 20, price: "64000" }],
  }));
  const tokens = [{ name: "USDC", index: 0, sizeDecimals: 8, weiDecimals: 8 }];
  return { names, listing: { perps: PERPS, dexes, tokens, pairs: [] } };
}

describe("who trades", () => {
  it.each([
    ["an API wallet's address", AGENT, AGENT, "wrongAccount", ACCOUNT],
    ["an API wallet's address, signed by the master", AGENT, ACCOUNT, "wrongAccount", ACCOUNT],
    ["an address that nobody has", NOBODY, NOBODY, "wrongAccount", NOBODY],
    ["a key of somebody else", ACCOUNT, OTHER, "wrongKey", OTHER],
    ["a key of nobody", ACCOUNT, NOBODY, "wrongKey", NOBODY],
  ] as const)(
    "situation 118: %s is refused at the start, by name, before anything is sent or heard",
    async (_, account, key, code, named) => {
      const at = await story({ exchange: WITH_AGENT });
      const begun = join(at, { account, signer: testSigner(key) });
      await expect(begun).rejects.toMatchObject({
        code,
        message: expect.stringContaining(named),
      });
      expect(at.sent()).toEqual([]);
      expect(at.exchange.truth(OTHER).accounts[0]?.requests).toEqual([]);
    },
  );

  it("situation 118: with the account's own address an API wallet trades, and hears of its fills", async () => {
    const at = await meeting({ exchange: WITH_AGENT });
    const wallet = await join(at, { account: ACCOUNT, signer: testSigner(AGENT) });
    const order = wallet.engine.place(BID);
    expect(await settle(at.clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    await hit(at);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(at.truth().requests.map(({ signer }) => signer)).toEqual([AGENT]);
    wallet.expectBooksAgree();
  });
});

describe("orders of one name in several places", () => {
  it("situation 126: a sub-account and its master trade one coin with one key: nothing is mixed", async () => {
    const at = await meeting({ exchange: WITH_AGENT });
    const sub = await join(at, { account: ACCOUNT, vault: SUB, signer: testSigner(ACCOUNT) });
    const mine = await rested(at);
    const theirs = sub.engine.place({ ...BID, price: "49900" });
    expect(await settle(at.clock, theirs.acknowledged)).toMatchObject({ kind: "accepted" });
    await hit(at, { price: "49900", size: "0.003" });
    expect(await settle(at.clock, mine.closed)).toMatchObject({ filled: "0.002" });
    expect(theirs.view()).toMatchObject({ state: "partiallyFilled", filled: "0.001" });
    expect(at.fills.map(({ size }) => size)).toEqual(["0.002"]);
    expect(sub.fills.map(({ size }) => size)).toEqual(["0.001"]);
    expect(await settle(at.clock, at.engine.cancelAll({ scope: "account" }))).toMatchObject({
      canceled: [],
    });
    expect(theirs.view().state).toBe("partiallyFilled");
    expect(sub.engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    sub.expectBooksAgree();
    at.expectBooksAgree();
    expect([...at.alarmed(), ...sub.alarmed()]).toEqual([]);
  });

  it("situation 126: two dexes with a coin of one name: orders, fills, positions and bounds stay apart", async () => {
    const { listing, names } = universe(2);
    const at = await meeting({ exchange: { universe: listing } });
    const who = { account: ACCOUNT, signer: testSigner(ACCOUNT), dexes: names };
    const { engine, ...told } = await join(at, who);
    const rival = await join(at, { ...who, account: OTHER, signer: testSigner(OTHER) });
    const orders = ["BTC", "d0:BTC", "d1:BTC"].map((coin) => engine.place({ ...BID, coin }));
    for (const order of orders) await settle(at.clock, order.acknowledged);
    await sell(rival.engine, "d0:BTC", "0.001");
    await sell(rival.engine, "d1:BTC", "0.0005");
    at.clock.advanceBy(1_000);
    expect(orders.map((order) => order.view().filled)).toEqual(["0", "0.001", "0.0005"]);
    expect(told.fills.map(({ coin, size }) => `${coin} ${size}`)).toEqual([
      "d0:BTC 0.001",
      "d1:BTC 0.0005",
    ]);
    expect(engine.positions.filter(({ size }) => size !== "0")).toEqual([
      { coin: "d0:BTC", size: "0.001" },
      { coin: "d1:BTC", size: "0.0005" },
    ]);
    const result = await settle(at.clock, engine.cancelAll({ coin: "d0:BTC" }));
    expect(result.canceled).toEqual([orders[1]?.cloid]);
    expect(orders.map((order) => order.view().state)).toEqual([
      ...["resting", "canceled", "partiallyFilled"],
    ]);
    told.expectBooksAgree();
    expect(told.alarmed()).toEqual([]);

    async function sell(by: Engine, coin: string, size: string): Promise<void> {
      const order = by.place({ ...BID, coin, side: "sell", size, tif: "Ioc" });
      expect((await settle(at.clock, order.closed)).filled).toBe(size);
    }
  });

  it("situation 126: a start over twelve dexes, and a minute of looks, stay within the weight of an address", async () => {
    const { listing, names } = universe(12);
    const at = await story({ exchange: { universe: listing } });
    const who = { account: ACCOUNT, signer: testSigner(ACCOUNT), dexes: names };
    const many = await join(at, who, { random: seededRandom(8) });
    expect(many.engine.status.barrier).toBe("open");
    const [first] = many.reads;
    at.clock.advanceBy(150_000);
    for (let fromMs = first?.atMs ?? 0; fromMs < 90_000; fromMs += 5_000) {
      const minute = many.reads.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 60_000);
      expect(weightOf(minute)).toBeLessThan(1_200);
    }
    expect(weightOf(many.reads)).toBeGreaterThan(1_200);
    expect(many.engine.certificate).toMatchObject({ cause: "start", complete: true });
    // The reads of a start come all at once: that the weight would not last at this rate may be told.
    expect(many.alarmed().filter((name) => name !== "budgetLow")).toEqual([]);
    const order = many.engine.place({ ...BID, coin: "d11:BTC" });
    expect(await settle(at.clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    many.expectBooksAgree();
  });
});
