import fc from "fast-check";
import { add, compare, parseDecimal, ZERO } from "@cloister/model";
import { expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "./desk.fixture.ts";
import type { Exchange } from "./exchange.ts";
import type { Truth, TruthOrder } from "./ledger/truth.ts";

const FIRST = 700_000_000_001;

const price = fc.constantFrom(
  "63990",
  "63995",
  "64000",
  "64005",
  "64010",
  "64000.5",
  "0",
  "200000",
);
const size = fc.constantFrom("0.001", "0.002", "0.0005", "0.01", "0.00001", "0.0000001", "0");
const cloid = fc.option(fc.constantFrom("1", "2", "3"), { nil: undefined });
const order = fc
  .record({
    b: fc.boolean(),
    p: price,
    s: size,
    tif: fc.constantFrom("Alo", "Ioc", "Gtc", "Gtc"),
    r: fc.boolean(),
    c: cloid,
    a: fc.constantFrom(0, 0, 0, 1, 77),
  })
  .map(({ c, ...terms }) =>
    limit({
      ...terms,
      r: terms.r,
      ...(c === undefined ? {} : { c: `0x${c.padStart(32, "0")}` }),
    }),
  );
const oid = fc.integer({ min: FIRST, max: FIRST + 60 });

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(order, { minLength: 0, maxLength: 4 })
      .map((orders) => ({ type: "order", orders, grouping: "na" })),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(
        oid.map((o) => ({ a: 0, o })),
        { maxLength: 3 },
      )
      .map((cancels) => ({ type: "cancel", cancels })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ oid, order, a: fc.boolean() }).map((m) => ({
      type: "batchModify",
      modifies: [{ oid: m.oid, order: m.order }],
      ...(m.a ? { a: true } : {}),
    })),
  },
  { weight: 1, arbitrary: fc.record({ oid, order }).map((m) => ({ type: "modify", ...m })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<object>(
      { type: "noop" },
      { type: "nope" },
      { type: "scheduleCancel" },
      { type: "order" },
      { type: "updateLeverage", asset: 0, isCross: false, leverage: 3 },
    ),
  },
);
const step = fc.record({ who: fc.boolean(), action, wait: fc.constantFrom(0, 1, 1, 2) });

function checkBooks(desk: Desk): void {
  const book = desk.info({ type: "l2Book", coin: "BTC" }) as {
    levels: { px: string; sz: string }[][];
  };
  const [bids = [], asks = []] = book.levels;
  for (const side of [bids, asks]) {
    for (const level of side) expect(compare(parseDecimal(level.sz), ZERO)).toBeGreaterThan(0);
  }
  const [bid, ask] = [bids[0], asks[0]];
  if (bid !== undefined && ask !== undefined) {
    expect(compare(parseDecimal(bid.px), parseDecimal(ask.px))).toBeLessThan(0);
  }
}

function checkTruth(truth: Truth): void {
  const totals = new Map<string, ReturnType<typeof parseDecimal>>();
  const orders = truth.accounts.flatMap((account) => account.orders);
  for (const { positions } of truth.accounts) {
    for (const [coin, held] of Object.entries(positions)) {
      totals.set(coin, add(totals.get(coin) ?? ZERO, parseDecimal(held)));
    }
  }
  expect([...totals.values()].every((total) => total === ZERO)).toBe(true);
  for (const account of truth.accounts) {
    let previous = 0;
    for (const one of account.orders) {
      expect(one.oid).toBeGreaterThan(previous);
      previous = one.oid;
      checkOrder(
        one,
        account.fills.filter((fill) => fill.oid === one.oid).map(({ sz }) => sz),
      );
    }
  }
  expect(new Set(orders.map((one) => one.oid)).size).toBe(orders.length);
}

/** What an order says of itself is what its fills say; a closed one has one end and stays closed. */
function checkOrder(one: TruthOrder, sizes: readonly string[]): void {
  const filled = sizes.reduce((sum, sz) => add(sum, parseDecimal(sz)), ZERO);
  expect(filled).toBe(parseDecimal(one.filled));
  expect(compare(filled, parseDecimal(one.size))).toBeLessThanOrEqual(0);
  const ends = one.statuses.filter(({ status }) => status !== "open" && status !== "triggered");
  expect(ends).toHaveLength(one.open ? 0 : 1);
  expect(one.statuses.at(-1)?.status === "open").toBe(one.open);
}

/** Money only leaves as fees: what both accounts are worth together falls by exactly those. */
function checkMoney(exchange: Exchange): void {
  const truth = exchange.truth();
  let money = ZERO;
  let fees = ZERO;
  for (const account of truth.accounts) {
    money = add(money, parseDecimal(account.cash[""] ?? "0"));
    for (const fill of account.fills) fees = add(fees, parseDecimal(fill.fee));
  }
  expect(add(money, fees)).toBe(parseDecimal("2000000"));
}

it("keeps its books sane whatever two accounts do", { timeout: 20_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const at = openExchange();
      const desks = [new Desk(at, ALICE), new Desk(at, BOB)] as const;
      const posts = steps.map(({ who, action: wanted, wait }) => {
        const desk = who ? desks[0] : desks[1];
        const id = desk.post(wanted);
        desk.pass(wait);
        if (wait > 0) checkBooks(desks[0]);
        return { desk, id };
      });
      desks[0].pass(2);
      for (const { desk, id } of posts) {
        const answers = desk.heard("post").filter((data) => (data as { id: number }).id === id);
        expect(answers).toHaveLength(1);
      }
      checkTruth(at.exchange.truth());
      checkMoney(at.exchange);
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

it("fills at one price in the order of arrival", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("0.001", "0.002", "0.003"), { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 1, max: 20 }),
      (sizes, thousandths) => {
        const at = openExchange();
        const [alice, bob] = [new Desk(at, ALICE), new Desk(at, BOB)];
        for (const s of sizes) alice.place(limit({ b: true, p: "64000", s }));
        bob.place(limit({ b: false, p: "64000", s: (thousandths / 1000).toFixed(3), tif: "Ioc" }));
        const [account] = at.exchange.truth(ALICE).accounts;
        const states =
          account?.orders.map(({ open, filled }) =>
            open ? (filled === "0.0" ? "untouched" : "partly") : "done",
          ) ?? [];
        expect(states.join(" ")).toMatch(/^(done ?)*(partly ?)?(untouched ?)*$/);
      },
    ),
    { numRuns: 30, seed: 20261123 },
  );
});

it("gives the same frames for the same actions", () => {
  const life = (actions: readonly object[]): readonly string[] => {
    const at = openExchange({ crowd: {} });
    const desk = new Desk(at, ALICE);
    for (const type of ["orderUpdates", "userFills", "openOrders", "clearinghouseState"]) {
      desk.subscribe({ type, user: ALICE });
    }
    for (const type of ["bbo", "l2Book", "trades"]) desk.subscribe({ type, coin: "BTC" });
    for (const wanted of actions) desk.act(wanted);
    return desk.texts;
  };
  fc.assert(
    fc.property(fc.array(action, { minLength: 5, maxLength: 15 }), (actions) => {
      expect(life(actions)).toEqual(life(actions));
    }),
    { numRuns: 8, seed: 20261124 },
  );
});
