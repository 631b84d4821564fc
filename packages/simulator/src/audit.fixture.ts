import {
  add,
  type Address,
  compare,
  type Decimal,
  decimalOf,
  divideCut,
  multiply,
  negate,
  ONE,
  parseAddress,
  parseDecimal,
  subtract,
  ZERO,
} from "@cloister/model";
import { expect } from "vitest";
import { BACKSTOP } from "./market/backstop.ts";
import { Desk, type openExchange } from "./desk.fixture.ts";
import type { HttpAnswer } from "./doors/http-front.ts";
import type { Truth, TruthAccount, TruthOrder } from "./ledger/truth.ts";

/** Somebody who subscribed to everybody from the start, and holds what was told against the exchange's books. */

type Update = {
  readonly order: { readonly oid: number; readonly sz: string; readonly origSz: string };
  readonly status: string;
  readonly statusTimestamp: number;
};
type Fill = TruthAccount["fills"][number];
type Trade = { tid: number; coin: string; px: string; sz: string; time: number; users: string[] };
type State = { assetPositions: readonly { position: { coin: string; szi: string } }[] };
type Row = { readonly oid: number; readonly sz: string };
type Nesting = { readonly oid: number; readonly children: readonly Nesting[] };

export type Scope = {
  readonly users: readonly Address[];
  readonly dexes: readonly string[];
  readonly coins: readonly string[];
};

const LIVE: readonly string[] = ["open", "triggered"];
export class Auditor {
  readonly #at: ReturnType<typeof openExchange>;
  readonly #scope: Scope;
  readonly #desks: ReadonlyMap<Address, Desk>;
  readonly #market: Desk;
  readonly #last = new Map<number, Update>();
  readonly #fills = new Map<Address, Fill[]>();
  #trades = 0;

  constructor(at: ReturnType<typeof openExchange>, scope: Scope) {
    this.#at = at;
    this.#scope = scope;
    this.#desks = new Map(scope.users.map((user) => [user, this.#attend(user)]));
    const anybody = scope.users.at(0);
    if (anybody === undefined) throw new Error("nobody to audit");
    this.#market = new Desk(at, anybody);
    for (const coin of scope.coins) this.#market.subscribe({ type: "trades", coin });
    this.#market.forget();
  }

  /** Holds everything told since the last look against the books. Gives how many trades there were. */
  look(): number {
    const truth = this.#at.exchange.truth();
    const trades = this.#market.heard("trades").flat() as Trade[];
    this.#market.forget();
    const news = this.#scope.users.map((user) => this.#hear(user));
    const market = news.flat().filter(isOfTheBook);
    checkTrades(trades, market);
    for (const account of truth.accounts.filter(({ address }) => address !== BACKSTOP)) {
      this.#checkAccount(account);
      checkGroups(account);
      this.#checkNesting(account);
    }
    this.#checkBooks(truth);
    checkPriority(truth, news.flat());
    this.#trades += trades.length;
    return this.#trades;
  }

  /** A read that takes no time. */
  #read(request: object): unknown {
    let body = "";
    const asked = { path: "/info", contentType: "application/json", body: JSON.stringify(request) };
    const answer = (answered: HttpAnswer): void => {
      body = answered.body;
    };
    this.#at.exchange.edge().answerHttp(asked, { inFlightPosts: 0 }, { answer, cut: () => {} });
    return JSON.parse(body);
  }

  #attend(user: Address): Desk {
    const desk = new Desk(this.#at, user);
    desk.subscribe({ type: "orderUpdates", user });
    desk.subscribe({ type: "userFills", user });
    for (const dex of this.#scope.dexes) {
      desk.subscribe({ type: "openOrders", user, dex });
      desk.subscribe({ type: "clearinghouseState", user, dex });
    }
    return desk;
  }

  /** Takes in what one user was told; gives the new fills. */
  #hear(user: Address): Fill[] {
    const desk = this.#desks.get(user);
    if (desk === undefined) return [];
    const fresh = (desk.heard("userFills") as { isSnapshot?: boolean; fills: Fill[] }[])
      .filter(({ isSnapshot }) => isSnapshot !== true)
      .flatMap(({ fills }) => fills);
    for (const updates of desk.heard("orderUpdates") as Update[][]) this.#hearUpdates(updates);
    const known = this.#fills.get(user) ?? [];
    known.push(...fresh);
    this.#fills.set(user, known);
    this.#checkPushed(user, desk);
    desk.forget();
    return fresh;
  }

  #hearUpdates(updates: readonly Update[]): void {
    expect(new Set(updates.map(({ statusTimestamp }) => statusTimestamp)).size).toBe(1);
    for (const update of updates) {
      const { oid, sz, origSz } = update.order;
      const before = this.#last.get(oid);
      if (before === undefined && update.status !== "open") expect(sz).toBe(origSz);
      if (before !== undefined) expect(LIVE).toContain(before.status);
      if (before !== undefined) expect(update.status).not.toBe("open");
      if (update.status === "filled" && update.order.sz !== "0.0") expect(before).toBeDefined();
      this.#last.set(oid, update);
    }
  }

  /** The pushed lists of the last block are what a read gives now. */
  #checkPushed(user: Address, desk: Desk): void {
    const lists = new Map<string, unknown>();
    for (const { dex, orders } of desk.heard("openOrders") as { dex: string; orders: object[] }[]) {
      lists.set(dex, orders);
    }
    for (const [dex, orders] of lists) {
      expect(orders).toEqual(this.#read({ type: "frontendOpenOrders", user, dex }));
    }
    const states = new Map<string, State>();
    for (const told of desk.heard("clearinghouseState") as {
      dex: string;
      clearinghouseState: State;
    }[]) {
      states.set(told.dex, told.clearinghouseState);
    }
    for (const [dex, state] of states) {
      const read = this.#read({ type: "clearinghouseState", user, dex }) as State;
      expect(state.assetPositions.map(sizeOf)).toEqual(read.assetPositions.map(sizeOf));
    }
  }

  #checkAccount(account: TruthAccount): void {
    const fills = this.#fills.get(parseAddress(account.address)) ?? [];
    expect(account.fills).toEqual(fills);
    checkChain(account);
    const filled = new Map<number, Decimal>();
    for (const { oid, sz } of fills) filled.set(oid, plus(filled.get(oid), sz));
    const open: Row[] = [];
    for (const order of account.orders) {
      const told = this.#last.get(order.oid);
      expect([told?.status, told?.order.sz]).toEqual([
        order.statuses.at(-1)?.status,
        order.statuses.at(-1)?.remaining,
      ]);
      expect(filled.get(order.oid) ?? ZERO).toBe(parseDecimal(order.filled));
      checkSizes(order, account.positions);
      if (order.open) open.push({ oid: order.oid, sz: order.remaining });
    }
    const read = this.#scope.dexes.flatMap(
      (dex) => this.#read({ type: "openOrders", user: account.address, dex }) as Row[],
    );
    expect(read.map(({ oid, sz }) => ({ oid, sz })).sort(inOrder)).toEqual(open.sort(inOrder));
  }

  /** Children nest in a parent for as long as they wait for it, and stand at top level too. */
  #checkNesting({ address, orders }: TruthAccount): void {
    const rows = this.#scope.dexes.flatMap(
      (dex) => this.#read({ type: "frontendOpenOrders", user: address, dex }) as Nesting[],
    );
    const nested = rows.flatMap(({ oid, children }) => children.map((child) => ({ oid, child })));
    const waiting = orders.filter(({ waitsFor }) => waitsFor === "parent");
    expect(new Map(nested.map(({ oid, child }) => [child.oid, oid]))).toEqual(
      new Map(waiting.map(({ oid, group }) => [oid, group?.parent])),
    );
    for (const { child } of nested) {
      expect(rows.find(({ oid }) => oid === child.oid)).toEqual(child);
    }
  }

  /** The book is the sum of the open orders, and is never crossed. */
  #checkBooks(truth: Truth): void {
    for (const coin of this.#scope.coins) {
      const { levels } = this.#read({ type: "l2Book", coin }) as {
        levels: { px: string; sz: string; n: number }[][];
      };
      const resting = truth.accounts
        .flatMap(({ orders }) => orders)
        .filter((order) => order.coin === coin && rests(order));
      for (const [index, side] of (["buy", "sell"] as const).entries()) {
        const sums = new Map<string, { sz: Decimal; n: number }>();
        for (const order of resting.filter((one) => one.side === side)) {
          const level = sums.get(order.price) ?? { sz: ZERO, n: 0 };
          sums.set(order.price, { sz: plus(level.sz, order.remaining), n: level.n + 1 });
        }
        const told = (levels[index] ?? []).map(({ px, sz, n }) => [px, parseDecimal(sz), n]);
        const own = [...sums].map(([px, { sz, n }]) => [px, sz, n]);
        expect(told.sort(byPrice)).toEqual(own.sort(byPrice));
      }
      const bid = levels.at(0)?.at(0)?.px;
      const ask = levels.at(1)?.at(0)?.px;
      if (bid === undefined || ask === undefined) continue;
      expect(compare(parseDecimal(bid), parseDecimal(ask))).toBeLessThan(0);
    }
  }
}

/** Money and tokens only move between accounts and the exchange, and of what the exchange took every cent is told. */
export function checkMoney(truth: Truth, before: Truth, backstopMoney = "1000000"): void {
  expect(moneyOf(truth)).toEqual(moneyOf(before));
  const taken = new Map<string, Decimal>();
  const take = (purse: string, amount: Decimal): void => {
    taken.set(purse, plus(taken.get(purse), amount));
  };
  for (const { address, cash, fills, fundings } of truth.accounts) {
    for (const { coin, fee, feeToken, tid, sz, px } of fills) {
      if (tid === 0) {
        take(`spot ${coin.split("/")[0]}`, parseDecimal(sz));
        take("spot USDC", negate(multiply(parseDecimal(sz), parseDecimal(px))));
      }
      take(isSpot(coin) ? `spot ${feeToken}` : `dex ${dexOf(coin)}`, parseDecimal(fee));
    }
    for (const { coin, usdc } of fundings) take(`dex ${dexOf(coin)}`, negate(parseDecimal(usdc)));
    if (address !== BACKSTOP) continue;
    for (const dex of Object.keys(cash)) take(`dex ${dex}`, negate(parseDecimal(backstopMoney)));
  }
  const house = Object.entries(truth.house).map(
    ([purse, sum]) => [purse, parseDecimal(sum)] as const,
  );
  expect(withoutZeros(new Map(house))).toEqual(withoutZeros(taken));
  for (const { balances, positions } of truth.accounts) {
    for (const amount of Object.values(balances)) {
      expect(compare(parseDecimal(amount), ZERO)).toBeGreaterThanOrEqual(0);
    }
    expect(Object.values(positions)).not.toContain("0.0");
  }
  checkPositions(truth);
}

/** What somebody holds, somebody else owes. */
export function checkPositions(truth: Truth): void {
  const held = new Map<string, Decimal>();
  for (const { positions } of truth.accounts) {
    for (const [coin, size] of Object.entries(positions)) {
      held.set(coin, plus(held.get(coin), size));
    }
  }
  expect([...held.values()].every((sum) => sum === ZERO)).toBe(true);
}

function withoutZeros(sums: ReadonlyMap<string, Decimal>): Map<string, Decimal> {
  return new Map([...sums].filter(([, sum]) => sum !== ZERO));
}

/** By purse: of all accounts, of their isolated positions, and of the exchange. */
function moneyOf(truth: Truth): Map<string, Decimal> {
  const purses = new Map<string, Decimal>();
  const put = (purse: string, amount: string): void => {
    purses.set(purse, plus(purses.get(purse), amount));
  };
  for (const { cash, isolated, balances } of truth.accounts) {
    for (const [dex, amount] of Object.entries(cash)) put(`dex ${dex}`, amount);
    for (const [coin, amount] of Object.entries(isolated)) put(`dex ${dexOf(coin)}`, amount);
    for (const [token, amount] of Object.entries(balances)) put(`spot ${token}`, amount);
  }
  for (const [purse, amount] of Object.entries(truth.house)) put(purse, amount);
  return purses;
}

/** Whether a fill came of two orders that met; others are made by the exchange, and no trade tells of them. */
function isOfTheBook({ dir, liquidation }: Fill): boolean {
  return liquidation?.method !== "backstop" && !/^(Liquidated|Auto-|Settlement)/.test(dir);
}

/** Both sides of each public trade were told, with the same id, hash, hour, price and size. */
function checkTrades(trades: readonly Trade[], fills: readonly Fill[]): void {
  expect(fills).toHaveLength(trades.length * 2);
  for (const trade of trades) {
    const sides = fills.filter(({ tid, coin }) => tid === trade.tid && coin === trade.coin);
    expect(sides).toHaveLength(2);
    expect(sides.map(({ side }) => side)).toEqual(expect.arrayContaining(["A", "B"]));
    expect(sides.map(({ crossed }) => crossed)).toEqual(expect.arrayContaining([true, false]));
    for (const { px, sz, time } of sides) {
      expect([px, sz, time]).toEqual([trade.px, trade.sz, trade.time]);
    }
    expect(new Set(sides.map(({ hash }) => hash)).size).toBe(1);
    expect(trade.users[0]).not.toBe(trade.users[1]);
  }
}

/** Each fill begins where the one before it ended, is charged what the rates say, and is named by what it did. */
function checkChain(account: TruthAccount): void {
  const held = new Map<string, Decimal>();
  for (const fill of account.fills) {
    const start = parseDecimal(fill.startPosition);
    expect(start).toBe(held.get(fill.coin) ?? (isSpot(fill.coin) ? start : ZERO));
    held.set(
      fill.coin,
      isSpot(fill.coin) ? checkSpotFill(fill, start) : checkPerpFill(fill, start),
    );
  }
  for (const [coin, size] of held) {
    if (isSpot(coin)) continue;
    expect(parseDecimal(account.positions[coin] ?? "0")).toBe(size);
    if (size === ZERO) checkProfit(account.fills.filter((fill) => fill.coin === coin));
  }
}

/** Where a position is flat again, what was realised is what came in less what went out, but for cut digits. */
function checkProfit(fills: readonly Fill[]): void {
  let difference = ZERO;
  for (const { side, px, sz, closedPnl } of fills) {
    const value = multiply(parseDecimal(px), parseDecimal(sz));
    difference = add(difference, side === "B" ? value : negate(value));
    difference = add(difference, parseDecimal(closedPnl));
  }
  const allowed = multiply(parseDecimal("0.000002"), decimalOf(fills.length));
  expect(compare(difference, allowed)).toBeLessThanOrEqual(0);
  expect(compare(difference, negate(allowed))).toBeGreaterThanOrEqual(0);
}

/** Gives the position after the fill. */
function checkPerpFill(fill: Fill, start: Decimal): Decimal {
  const size = parseDecimal(fill.sz);
  const value = multiply(parseDecimal(fill.px), size);
  const isFree = !isOfTheBook(fill) || (fill.crossed && fill.liquidation !== undefined);
  const rate = parseDecimal(isFree ? "0" : fill.crossed ? "0.00045" : "0.00015");
  expect(parseDecimal(fill.fee)).toBe(divideCut(multiply(value, rate), ONE, 6));
  const end = fill.side === "B" ? add(start, size) : subtract(start, size);
  if (isOfTheBook(fill)) expect(fill.dir).toBe(direction(start, end));
  // What the exchange closes by itself is made smaller, and never turned round.
  else expect(compare(multiply(start, end), ZERO)).toBeGreaterThanOrEqual(0);
  return end;
}

/** Gives the balance after the fill: a buyer pays the fee of what he receives. */
function checkSpotFill(fill: Fill, start: Decimal): Decimal {
  const size = parseDecimal(fill.sz);
  const buys = fill.side === "B";
  const received = buys ? size : multiply(parseDecimal(fill.px), size);
  const fee = parseDecimal(fill.fee);
  const rate = parseDecimal(fill.crossed ? "0.0007" : "0.0004");
  expect(fee).toBe(divideCut(multiply(received, rate), ONE, 8));
  expect(fill.dir).toBe(buys ? "Buy" : "Sell");
  return buys ? subtract(add(start, size), fee) : subtract(start, size);
}

function direction(start: Decimal, end: Decimal): string {
  const from = compare(start, ZERO);
  const to = compare(end, ZERO);
  if (from > 0 && to < 0) return "Long > Short";
  if (from < 0 && to > 0) return "Short > Long";
  const grows = from === 0 || (from > 0 ? compare(end, start) > 0 : compare(end, start) < 0);
  const long = from > 0 || (from === 0 && to > 0);
  return `${grows ? "Open" : "Close"} ${long ? "Long" : "Short"}`;
}

/** Whoever was filled as a maker had nobody older before him, at his price or a better one. */
function checkPriority(truth: Truth, fills: readonly Fill[]): void {
  const orders = truth.accounts.flatMap((account) => account.orders);
  const byOid = new Map(orders.map((order) => [order.oid, order]));
  for (const { oid } of fills.filter(({ crossed }) => !crossed)) {
    const maker = byOid.get(oid);
    expect(maker).toBeDefined();
    if (maker === undefined) continue;
    const passed = orders.filter(
      (order) =>
        order.oid < oid &&
        order.coin === maker.coin &&
        order.side === maker.side &&
        rests(order) &&
        !order.statuses.some(({ status }) => status === "triggered") &&
        atLeastAsGood(order, maker),
    );
    expect(passed).toEqual([]);
  }
}

function atLeastAsGood(order: TruthOrder, maker: TruthOrder): boolean {
  const difference = compare(parseDecimal(order.price), parseDecimal(maker.price));
  return maker.side === "buy" ? difference >= 0 : difference <= 0;
}

/** What is left is what was not filled, also when it was canceled; reduce-only orders never exceed the position. */
function checkSizes(order: TruthOrder, positions: TruthAccount["positions"]): void {
  const size = parseDecimal(order.size);
  const filled = parseDecimal(order.filled);
  const remaining = parseDecimal(order.remaining);
  // Of a TP/SL that closes all there is, nobody knows the size before it fires.
  const whole = size === ZERO && order.group?.protects === "position";
  if (!whole) expect(compare(filled, size)).toBeLessThanOrEqual(0);
  if (!order.reduceOnly) expect(add(filled, remaining)).toBe(size);
  const last = order.statuses.at(-1);
  if (last?.status === "canceled") expect(parseDecimal(last.remaining)).toBe(remaining);
  if (order.open && (!whole || rests(order))) {
    expect(compare(remaining, ZERO)).toBeGreaterThan(0);
  }
  if (order.reduceOnly && rests(order)) checkReducing(order, positions);
}

function checkReducing(order: TruthOrder, positions: TruthAccount["positions"]): void {
  const remaining = parseDecimal(order.remaining);
  const held = parseDecimal(positions[order.coin] ?? "0");
  const reducible = order.side === "sell" ? held : negate(held);
  expect(compare(remaining, reducible)).toBeLessThanOrEqual(0);
}

/** TP/SL orders live and end with the orders, or the position, they were sent for. */
function checkGroups({ orders, positions }: TruthAccount): void {
  const byOid = new Map(orders.map((order) => [order.oid, order]));
  for (const order of orders) {
    const { group, oid } = order;
    if (group === undefined || oid === group.parent) continue;
    expect(group.children.toSorted((a, b) => a - b)).toEqual(group.children);
    const siblings = group.children.filter((one) => one !== oid).map((one) => byOid.get(one));
    if (siblings.some((one) => lastWord(one) === "filled")) expect(order.open).toBe(false);
    if (group.protects === "position" && order.open) {
      const held = parseDecimal(positions[order.coin] ?? "0");
      expect(Math.sign(compare(held, ZERO))).toBe(order.side === "sell" ? 1 : -1);
    }
    if (group.parent !== undefined) checkChild(order, byOid.get(group.parent));
  }
}

/** No child lives before its parent filled, none waits when it ended, and none survives another end of it. */
function checkChild(child: TruthOrder, parent: TruthOrder | undefined): void {
  if (parent === undefined) throw new Error(`${child.oid} has a parent that never was`);
  expect(child.oid).toBeGreaterThan(parent.oid);
  const word = lastWord(parent);
  const filled = parseDecimal(parent.filled);
  const whole = word === "filled" && filled === parseDecimal(parent.size);
  const reduced = word === "filled" && parent.reduceOnly;
  const placed = whole || reduced || (word === "marginCanceled" && filled !== ZERO);
  if (child.waitsFor === "parent") {
    expect([parent.open, child.statuses]).toEqual([true, []]);
  } else if (child.open || child.statuses.some(({ status }) => LIVE.includes(status))) {
    expect(placed).toBe(true);
  }
}

function lastWord(order: TruthOrder | undefined): string | undefined {
  return order?.statuses.at(-1)?.status;
}

/** Open and in the book: no trigger, or one that fired. */
function rests(order: TruthOrder): boolean {
  if (!order.open) return false;
  return !order.trigger || order.statuses.some(({ status }) => status === "triggered");
}

function plus(sum: Decimal | undefined, more: string | Decimal): Decimal {
  return add(sum ?? ZERO, typeof more === "string" ? parseDecimal(more) : more);
}

function isSpot(coin: string): boolean {
  return coin.startsWith("@") || coin.includes("/");
}

function dexOf(coin: string): string {
  return coin.includes(":") ? (coin.split(":")[0] ?? "") : "";
}

function sizeOf({ position }: State["assetPositions"][number]): string {
  return `${position.coin} ${position.szi}`;
}

function inOrder(a: Row, b: Row): number {
  return a.oid - b.oid;
}

function byPrice(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]).localeCompare(String(b[0]));
}
