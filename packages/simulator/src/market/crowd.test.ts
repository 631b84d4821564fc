import { ManualClock, seededRandom } from "@cloister/model";
import { expect, it } from "vitest";
import { recoverByLookup } from "../auth/recover.ts";
import { ALICE, Desk, limit } from "../desk.fixture.ts";
import { createExchange, type Exchange } from "../exchange.ts";
import type { Truth } from "../ledger/truth.ts";

function market(seed: number): { clock: ManualClock; exchange: Exchange } {
  const clock = new ManualClock();
  const accounts = [{ address: ALICE, deposit: "1000000" }];
  return {
    clock,
    exchange: createExchange({
      clock,
      random: seededRandom(seed),
      accounts,
      recover: recoverByLookup,
    }),
  };
}

function fillsOf(truth: Truth, address: string): number {
  return truth.accounts.find((account) => account.address === address)?.fills.length ?? 0;
}

it("shows two sides on every listed coin from the first block", () => {
  const desk = new Desk(market(1), ALICE);
  for (const coin of ["BTC", "ETH", "SOL", "xyz:SILVER", "PURR/USDC", "@107"]) {
    const book = desk.info({ type: "l2Book", coin }) as { levels: object[][] };
    expect([coin, ...book.levels.map((side) => side.length)]).toEqual([coin, 5, 5]);
  }
  expect(desk.info({ type: "l2Book", coin: "MATIC" })).toMatchObject({ levels: [[], []] });
});

it("moves its prices and stays two-sided while it is traded with", () => {
  const at = market(2);
  const before = at.exchange.mark("BTC");
  at.clock.advanceBy(20_000);
  expect(at.exchange.mark("BTC")).not.toBe(before);
  const desk = new Desk(at, ALICE);
  const book = desk.info({ type: "l2Book", coin: "BTC" }) as { levels: object[][] };
  expect(book.levels.map((side) => side.length)).toEqual([5, 5]);
});

/** Five levels a side on two coins, renewed every 10 blocks: what the first market maker does. */
function quote(desk: Desk, exchange: Exchange): void {
  const orders = [
    ["BTC", 0, 1],
    ["ETH", 1, 0.1],
  ].flatMap(([coin, asset, tick]) => {
    const mark = Number(exchange.mark(String(coin)));
    return [1, 2, 3, 4, 5].flatMap((level) =>
      [true, false].map((b) => {
        const price = mark * (1 + ((b ? -1 : 1) * level * 2) / 10_000);
        const rounded = (Math.round(price / Number(tick)) * Number(tick)).toFixed(
          asset === 0 ? 0 : 1,
        );
        return limit({
          a: Number(asset),
          b,
          p: rounded,
          s: (50 / mark).toFixed(asset === 0 ? 5 : 4),
          tif: "Alo",
        });
      }),
    );
  });
  const open = desk.info({ type: "openOrders", user: ALICE }) as { coin: string; oid: number }[];
  if (open.length > 0) {
    desk.act({
      type: "cancel",
      cancels: open.map(({ coin, oid }) => ({ a: coin === "BTC" ? 0 : 1, o: oid })),
    });
  }
  desk.act({ type: "order", orders, grouping: "na" });
}

it("fills a maker at its quotes: at least 200 times in 20 s, of at least 500 orders", () => {
  const at = market(3);
  const desk = new Desk(at, ALICE);
  while (at.clock.monotonicMs() < 20_000) {
    quote(desk, at.exchange);
    desk.pass(5);
  }
  const [account] = at.exchange.truth(ALICE).accounts;
  expect(account?.orders.length).toBeGreaterThanOrEqual(500);
  expect(account?.fills.length).toBeGreaterThanOrEqual(200);
});

it("gives the same market for the same seed, another for another", () => {
  const life = (seed: number): string => {
    const at = market(seed);
    at.clock.advanceBy(4_000);
    return JSON.stringify(at.exchange.truth());
  };
  expect(life(4)).toBe(life(4));
  expect(life(4)).not.toBe(life(5));
});

it("rests where it is told to", () => {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    accounts: [],
    crowd: { takersPerBlock: 0 },
  });
  clock.advanceBy(4_000);
  expect(
    exchange.truth().accounts.map(({ address }) => fillsOf(exchange.truth(), address)),
  ).toEqual([0, 0]);
  const bad = (): unknown =>
    createExchange({ clock, random: seededRandom(1), accounts: [], crowd: { levels: -1 } });
  expect(bad).toThrow(expect.objectContaining({ code: "invalidOption" }) as Error);
});

it.each(["10000000", "0.00000001", "0.000000000000000001"])(
  "goes on when somebody holds the mark at %s",
  (price) => {
    const at = market(3);
    for (const coin of ["BTC", "xyz:SILVER", "@107"]) {
      at.exchange.market({ steps: [{ do: "mark", coin, price }] });
    }
    at.clock.advanceBy(800);
    expect(Number(at.exchange.mark("BTC"))).toBe(Number(price));
    at.exchange.market({ steps: [{ do: "mark", coin: "BTC" }] });
    at.clock.advanceBy(800);
    expect(Number(at.exchange.mark("BTC"))).toBeGreaterThan(0);
    at.exchange.market({ steps: [{ do: "mark", coin: "BTC", price: "64000" }] });
    at.clock.advanceBy(800);
    const book = new Desk(at, ALICE).info({ type: "l2Book", coin: "BTC" }) as {
      levels: object[][];
    };
    expect(book.levels.map((side) => side.length > 0)).toEqual([true, true]);
  },
);

it("trades a coin whose price is below its tick at one tick", () => {
  const at = market(4);
  const coarse = { name: "COARSE", sizeDecimals: 6, maxLeverage: 3, price: "0.5" };
  at.exchange.market({ steps: [{ do: "list", ...coarse }] });
  at.clock.advanceBy(800);
  expect(at.exchange.mark("COARSE")).toBe("1.0");
  const desk = new Desk(at, ALICE);
  expect(desk.info({ type: "metaAndAssetCtxs" })).toMatchObject([{}, [{}, {}, {}, {}, {}]]);
});
