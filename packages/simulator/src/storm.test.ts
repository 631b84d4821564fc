import { parseAddress, type Random, seededRandom } from "@cloister/model";
import { expect, it } from "vitest";
import { Auditor, checkMoney } from "./audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "./desk.fixture.ts";

const CAROL = parseAddress("0x3333333333333333333333333333333333333333");
const SUB = parseAddress("0x4444444444444444444444444444444444444444");
const AGENT = parseAddress("0x5555555555555555555555555555555555555555");
const USERS = [ALICE, BOB, CAROL, SUB];
const FIRST = 700_000_000_001;

type Coin = {
  readonly asset: number;
  readonly coin: string;
  readonly mid: number;
  readonly tick: number;
  readonly sizes: readonly string[];
};
const COINS: readonly Coin[] = [
  {
    asset: 0,
    coin: "BTC",
    mid: 64_000,
    tick: 5,
    sizes: ["0.001", "0.002", "0.0005", "0.00017", "0.01"],
  },
  { asset: 1, coin: "ETH", mid: 2_080, tick: 0.1, sizes: ["0.01", "0.0213", "0.005", "0.001"] },
  { asset: 110_000, coin: "xyz:SILVER", mid: 31.5, tick: 0.01, sizes: ["1", "2.37", "0.5", "0.1"] },
  { asset: 10_000, coin: "PURR/USDC", mid: 0.2, tick: 0.0001, sizes: ["100", "57", "300", "7"] },
];

type Known = { readonly oid: number; readonly asset: number; readonly cloid?: string };

class Storm {
  readonly #random: Random;
  /** What is open, for those who cancel and modify. */
  known: readonly Known[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random.next() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  chance(of: number): boolean {
    return this.#random.next() < of;
  }

  order(): object {
    const market = this.pick(COINS);
    const away = Math.round((this.#random.next() * 2 - 1) * 3) * market.tick;
    const terms = limit({
      a: market.asset,
      b: this.chance(0.5),
      p: price(market.mid + away),
      s: this.chance(0.005) ? "0" : this.pick(market.sizes),
      tif: this.pick(["Alo", "Ioc", "Gtc", "Gtc", "Gtc", "FrontendMarket"]),
      r: this.chance(0.3) && market.asset !== 10_000,
      ...(this.chance(0.3) ? { c: this.cloid() } : {}),
    });
    if (!this.chance(0.1)) return terms;
    const triggerPx = price(
      market.mid + Math.round((this.#random.next() * 2 - 1) * 8) * market.tick,
    );
    const trigger = { isMarket: this.chance(0.5), triggerPx, tpsl: this.pick(["tp", "sl"]) };
    return { ...terms, r: this.chance(0.95), t: { trigger } };
  }

  /** An order with its take profit and stop, those of a position, or what only looks like it. */
  group(): object {
    const market = this.pick(COINS.slice(0, 3));
    const b = this.chance(0.5);
    const grouping = this.pick(["normalTpsl", "normalTpsl", "positionTpsl"]);
    const tpsl = ["tp", "sl", "tp"].slice(0, 1 + Math.floor(this.#random.next() * 3));
    const children = tpsl.map((kind) =>
      this.child(market, { b: !b, kind, whole: grouping === "positionTpsl" }),
    );
    const away = (b ? -1 : 1) * Math.round(this.#random.next() * 3 - 1) * market.tick;
    const parent = limit({
      a: market.asset,
      b,
      p: price(market.mid + away),
      s: market.sizes[0] ?? "1",
      tif: this.pick(["Alo", "Ioc", "Gtc", "Gtc"]),
    });
    const parented = grouping === "normalTpsl" && this.chance(0.9);
    return { type: "order", orders: parented ? [parent, ...children] : children, grouping };
  }

  child(market: Coin, terms: { b: boolean; kind: string; whole: boolean }): object {
    const { b, kind, whole } = terms;
    const beyond = (kind === "tp") === b ? -1 : 1;
    const triggerPx = price(
      market.mid + beyond * (1 + Math.floor(this.#random.next() * 5)) * market.tick,
    );
    const order = limit({
      a: market.asset,
      b,
      p: price(market.mid * (b ? 1.05 : 0.95)),
      s: whole && this.chance(0.7) ? "0" : (market.sizes[0] ?? "1"),
      r: true,
      ...(this.chance(0.3) ? { c: this.cloid() } : {}),
    });
    const trigger = { isMarket: this.chance(0.7), triggerPx, tpsl: kind };
    return { ...order, t: { trigger } };
  }

  action(): object {
    const kind = this.chance(0.75)
      ? "order"
      : this.pick(["cancel", "cloid", "modify", "batch"] as const);
    if (kind === "order" && this.chance(0.25)) return this.group();
    const count = 1 + Math.floor(this.#random.next() * 4);
    const many = <Item>(make: () => Item): Item[] => Array.from({ length: count }, make);
    switch (kind) {
      case "cancel":
        return {
          type: "cancel",
          cancels: many(() => {
            const { asset, oid } = this.target();
            return { a: asset, o: oid };
          }),
          ...(this.chance(0.2) ? { f: true } : {}),
        };
      case "cloid":
        return {
          type: "cancelByCloid",
          cancels: many(() => {
            const { asset, cloid } = this.target();
            return { asset, cloid: cloid ?? this.cloid() };
          }),
        };
      case "modify":
        return { type: "modify", ...this.modify() };
      case "batch":
        return {
          type: "batchModify",
          modifies: many(() => this.modify()),
          ...(this.chance(0.4) ? { a: true } : {}),
        };
      case "order":
        return { type: "order", orders: many(() => this.order()), grouping: "na" };
    }
  }

  cloid(): string {
    return `0x${String(Math.floor(this.#random.next() * 12)).padStart(32, "0")}`;
  }

  /** An open order mostly, or one that never was. */
  target(): Known {
    return this.known.length > 0 && this.chance(0.9)
      ? this.pick(this.known)
      : { oid: FIRST + Math.floor(this.#random.next() * 100), asset: 0 };
  }

  modify(): object {
    const { oid, cloid } = this.target();
    return { oid: cloid !== undefined && this.chance(0.5) ? cloid : oid, order: this.order() };
  }
}

function price(value: number): string {
  return String(Number(value.toFixed(4)));
}

type Deposits = Readonly<Record<"alice" | "sub" | "bob" | "carol", string>>;
const RICH: Deposits = { alice: "2000", sub: "500", bob: "100000", carol: "20" };
const POOR: Deposits = { alice: "60", sub: "30", bob: "2000", carol: "20" };

function open(deposits: Deposits): ReturnType<typeof openExchange> {
  return openExchange({
    rules: { scheduleCancelVolume: "0", cadence: { stateMs: 0 } },
    accounts: [
      {
        address: ALICE,
        deposit: deposits.alice,
        spot: { USDC: "100", PURR: "500" },
        agents: [{ address: AGENT }],
        subAccounts: [{ address: SUB, deposit: deposits.sub }],
      },
      { address: BOB, deposit: deposits.bob, spot: { USDC: "1000", PURR: "5000" } },
      { address: CAROL, deposit: deposits.carol, spot: { USDC: "50", PURR: "100" } },
    ],
  });
}

function openOrders(at: ReturnType<typeof open>): Known[] {
  const assets = new Map(COINS.map(({ coin, asset }) => [coin, asset]));
  return at.exchange
    .truth()
    .accounts.flatMap(({ orders }) => orders)
    .filter((order) => order.open)
    .map(({ oid, coin, cloid }) => ({
      oid,
      asset: assets.get(coin) ?? 0,
      ...(cloid === undefined ? {} : { cloid }),
    }));
}

function calm(storm: Storm): { coin: string; mark: number } {
  const { coin, mid, tick } = storm.pick(COINS);
  return { coin, mark: mid + (storm.chance(0.5) ? 4 : -4) * tick };
}

/** Up to a half away, so that who is small is liquidated. */
function wild(storm: Storm): { coin: string; mark: number } {
  const { coin, mid } = storm.pick(COINS);
  const share = storm.pick([0.5, 0.8, 0.95, 1, 1.05, 1.2, 1.5]);
  return { coin, mark: Math.round(mid * share * 1_000) / 1_000 };
}

type Weather = {
  readonly deposits: Deposits;
  readonly move: (storm: Storm) => { coin: string; mark: number };
};
const CALM: Weather = { deposits: RICH, move: calm };

/** Blocks of random actions of everybody, with a look at the books after each. */
function rage(
  seed: number,
  blocks: number,
  weather: Weather = CALM,
): { trades: number; liquidations: number; statuses: Set<string> } {
  const at = open(weather.deposits);
  const before = at.exchange.truth();
  const storm = new Storm(seededRandom(seed));
  const auditor = new Auditor(at, {
    users: USERS,
    dexes: ["", "xyz"],
    coins: COINS.map(({ coin }) => coin),
  });
  const desks = [ALICE, BOB, CAROL].map((user) => new Desk(at, user));
  const posts: { desk: Desk; id: number }[] = [];
  let trades = 0;
  for (let block = 0; block < blocks; block += 1) {
    for (let count = 0; count < 3; count += 1) {
      const desk = storm.pick(desks);
      const forSub = desk.user === ALICE && storm.chance(0.4);
      const action = storm.chance(0.01)
        ? { type: "scheduleCancel", time: at.clock.wallMs() + 5_500 }
        : storm.action();
      const as = desk.user === ALICE && storm.chance(0.5) ? { as: AGENT } : {};
      posts.push({ desk, id: desk.post(action, { ...as, ...(forSub ? { vault: SUB } : {}) }) });
    }
    if (storm.chance(0.3)) {
      const { coin, mark } = weather.move(storm);
      at.exchange.setMark(coin, price(mark));
    }
    at.clock.advanceBy(80);
    trades = auditor.look();
    storm.known = openOrders(at);
  }
  at.clock.advanceBy(80);
  checkMoney(at.exchange.truth(), before);
  for (const { desk, id } of posts) {
    const answers = desk.heard("post").filter((data) => (data as { id: number }).id === id);
    expect(answers).toHaveLength(1);
  }
  const orders = at.exchange.truth().accounts.flatMap((account) => account.orders);
  expect(new Set(orders.map(({ oid }) => oid)).size).toBe(orders.length);
  const fills = at.exchange.truth().accounts.flatMap((account) => account.fills);
  return {
    trades,
    liquidations: fills.filter(({ liquidation }) => liquidation !== undefined).length,
    statuses: new Set(orders.flatMap(({ statuses }) => statuses.map(({ status }) => status))),
  };
}

it("tells everybody exactly what its books say, whatever four accounts do", {
  timeout: 20_000,
}, () => {
  const statuses = new Set<string>();
  for (const seed of [1, 2, 3]) {
    const raged = rage(seed, 35);
    expect(raged.trades).toBeGreaterThan(20);
    for (const status of raged.statuses) statuses.add(status);
  }
  expect([...statuses].toSorted()).toEqual(
    expect.arrayContaining([
      "badAloPxRejected",
      "badTriggerPxRejected",
      "canceled",
      "filled",
      "insufficientSpotBalanceRejected",
      "iocCancelRejected",
      "marketOrderNoLiquidityRejected",
      "minTradeNtlRejected",
      "open",
      "perpMarginRejected",
      "reduceOnlyCanceled",
      "reduceOnlyRejected",
      "selfTradeCanceled",
      "siblingFilledCanceled",
      "triggered",
    ]),
  );
});

it("the same where prices jump and accounts are liquidated", { timeout: 20_000 }, () => {
  const raged = [5, 6].map((seed) => rage(seed, 40, { deposits: POOR, move: wild }));
  expect(raged.reduce((sum, { trades }) => sum + trades, 0)).toBeGreaterThan(20);
  expect(raged.reduce((sum, { liquidations }) => sum + liquidations, 0)).toBeGreaterThan(3);
});
