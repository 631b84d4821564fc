import {
  add,
  compare,
  type Decimal,
  divideCut,
  decimalOf,
  multiply,
  parseAddress,
  parseDecimal,
  type Random,
  seededRandom,
  ZERO,
} from "@cloister/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkMoney, checkPositions } from "./audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "./desk.fixture.ts";
import type { Truth, TruthAccount } from "./ledger/truth.ts";
import type { ScriptedStep } from "./market/market-step.ts";

const CAROL = parseAddress("0x3333333333333333333333333333333333333333");
const USERS = [ALICE, BOB, CAROL] as const;
const COINS = [
  { asset: 0, coin: "BTC", mid: 64_000, sizes: ["0.001", "0.002", "0.01"], most: 40 },
  { asset: 1, coin: "ETH", mid: 2_080, sizes: ["0.01", "0.1", "0.3"], most: 25 },
] as const;
const BLOCK_MS = 5_000;
const BLOCKS = 900;
const BACKSTOP_MONEY = "5";
const FIRST = 700_000_000_001;

/** What three such lives have gone through at least. */
const SEEN = [
  "filled",
  "liquidatedCanceled",
  "marginCanceled",
  "openInterestCapCanceled",
  "positionIncreaseAtOpenInterestCapRejected",
  "Liquidated Cross Long",
  "Liquidated Cross Short",
  "Auto-Deleveraging",
];

/** Small accounts, prices that jump, dear funding and caps: what happens to money and positions by itself. */
class Market {
  readonly at = openExchange({
    blockMs: BLOCK_MS,
    rules: { backstopMoney: BACKSTOP_MONEY },
    accounts: USERS.map((address, index) => ({ address, deposit: `${(index + 1) * 60}` })),
  });
  readonly before: Truth = this.at.exchange.truth();
  readonly #desks = USERS.map((user) => new Desk(this.at, user));
  readonly #random: Random;
  readonly #posts: { readonly desk: Desk; readonly id: number }[] = [];
  readonly seen = new Set<string>();

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#post({ type: "updateLeverage", asset: 1, isCross: false, leverage: 10 });
  }

  run(): void {
    for (let block = 1; block <= BLOCKS; block += 1) {
      if (block % 10 === 0) for (const desk of this.#desks) desk.send({ method: "ping" });
      if (this.#chance(0.25)) this.at.exchange.market({ steps: [this.#step()] });
      // Every fifth block nobody trades: then everybody is solvent who is still there.
      if (block % 5 !== 0) this.#trade();
      this.at.clock.advanceBy(BLOCK_MS);
      if (block % 5 === 0) this.#check();
    }
    for (const { desk, id } of this.#posts) {
      const answers = desk.heard("post").filter((data) => (data as { id: number }).id === id);
      expect(answers).toHaveLength(1);
    }
  }

  #trade(): void {
    const orders = Array.from({ length: 1 + Math.floor(this.#random.next() * 2) }, () =>
      this.#order(),
    );
    if (this.#chance(0.8)) this.#post({ type: "order", orders, grouping: "na" });
    else {
      const o = FIRST + Math.floor(this.#random.next() * 2_000);
      this.#post({ type: "cancel", cancels: [{ a: 0, o }] });
    }
  }

  #post(action: object): void {
    const desk = this.#pick(this.#desks);
    this.#posts.push({ desk, id: desk.post(action) });
  }

  #order(): object {
    const { asset, mid, sizes } = this.#pick(COINS);
    const mark = Number(this.at.exchange.mark(asset === 0 ? "BTC" : "ETH"));
    const near = this.#chance(0.9) ? mark : mid;
    const p = Math.round(near * (1 + (this.#random.next() - 0.5) * 0.01));
    return limit({
      a: asset,
      b: this.#chance(0.5),
      p: String(p),
      s: this.#pick(sizes),
      tif: this.#pick(["Gtc", "Gtc", "Ioc", "Alo"]),
      r: this.#chance(0.1),
    });
  }

  #step(): ScriptedStep {
    const { coin, mid } = this.#pick(COINS);
    const far = String(Math.round(mid * (1 + (this.#random.next() - 0.5) * 0.25)));
    return this.#pick<ScriptedStep>([
      { do: "mark", coin, price: far },
      { do: "mark", coin, price: far },
      { do: "oracle", coin, price: far },
      { do: "oracle", coin },
      { do: "openInterestCap", coin, value: this.#pick(["500", "2000"]) },
      { do: "openInterestCap", coin },
      { do: "fundingRate", coin, value: this.#pick(["0.01", "-0.02"]) },
    ]);
  }

  #check(): void {
    const truth = this.at.exchange.truth();
    checkMoney(truth, this.before, BACKSTOP_MONEY);
    checkPositions(truth);
    for (const { coin } of COINS) this.#checkBook(truth, coin);
    for (const account of truth.accounts) {
      for (const { status } of account.orders.flatMap(({ statuses }) => statuses)) {
        this.seen.add(status);
      }
      for (const { dir } of account.fills) this.seen.add(dir);
      if (!account.background) this.#checkSolvent(account);
    }
    const oids = truth.accounts.flatMap(({ orders }) => orders.map(({ oid }) => oid));
    expect(new Set(oids).size).toBe(oids.length);
    for (const { orders } of truth.accounts) {
      expect(orders.every(({ oid }, at) => oid > (orders[at - 1]?.oid ?? 0))).toBe(true);
    }
  }

  #checkBook(truth: Truth, coin: string): void {
    const open = truth.accounts
      .flatMap(({ orders }) => orders)
      .filter((order) => order.open && order.coin === coin);
    const best = (side: "buy" | "sell"): Decimal | undefined =>
      open
        .filter((order) => order.side === side)
        .map(({ price }) => parseDecimal(price))
        .toSorted((a, b) => (side === "buy" ? compare(b, a) : compare(a, b)))[0];
    const [bid, ask] = [best("buy"), best("sell")];
    if (bid !== undefined && ask !== undefined) expect(compare(bid, ask)).toBeLessThan(0);
  }

  /** Half of the margin at the highest leverage is there: together, or of the position itself. */
  #checkSolvent(account: TruthAccount): void {
    let equity = parseDecimal(account.cash[""] ?? "0");
    let needed = ZERO;
    for (const { coin, most } of COINS) {
      const size = parseDecimal(account.positions[coin] ?? "0");
      const value = multiply(size, parseDecimal(this.at.exchange.mark(coin)));
      const worth = compare(value, ZERO) < 0 ? multiply(value, parseDecimal("-1")) : value;
      const need = divideCut(worth, decimalOf(2 * most), 8);
      const own = account.isolated[coin];
      if (own === undefined) {
        equity = add(equity, value);
        needed = add(needed, need);
      } else expect(compare(add(parseDecimal(own), value), need)).toBeGreaterThanOrEqual(0);
    }
    expect(compare(equity, needed)).toBeGreaterThanOrEqual(0);
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random.next() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  #chance(of: number): boolean {
    return this.#random.next() < of;
  }
}

it("keeps money and positions together through thousands of blocks of jumps, funding and liquidations", {
  timeout: 20_000,
}, () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const market = new Market(seed);
      market.run();
      for (const word of market.seen) seen.add(word);
    }),
    { numRuns: 3, seed: 20261122, endOnFailure: true },
  );
  for (const word of SEEN) expect([...seen]).toContain(word);
});
