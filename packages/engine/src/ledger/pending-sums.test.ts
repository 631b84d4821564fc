import { worstOf } from "@cloister/machines";
import {
  add,
  type Coin,
  type Decimal,
  fillKey,
  isLive,
  type OrderEvent,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  type Side,
  ZERO,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TrackedOrder } from "../registry/tracked-order.ts";
import { AT, fillOf } from "../situations/rig.fixture.ts";
import { pendingOf } from "./exposure.ts";
import { PendingSums } from "./pending-sums.ts";

const [BTC, ETH] = [parseCoin("BTC"), parseCoin("ETH")];

type Kind = { readonly coin: Coin; readonly side: Side; readonly reduceOnly: boolean };

function orderOf(index: number, kind: Kind): TrackedOrder {
  const size = parseDecimal("1");
  const cloid = parseCloid(index.toString(16).padStart(32, "0"));
  const terms = { ...kind, price: size, size, tif: "Gtc" } as const;
  const rest = { tag: undefined, placedAtMs: 0, inspect: undefined, failed: () => undefined };
  return new TrackedOrder({ cloid, terms, ...rest });
}

/** What may be said of an order, in any order and number. */
function newsOf(index: number, tid: number): readonly OrderEvent[] {
  const oid = parseOid(100 + index);
  const second = parseOid(1_000 + index);
  const fill = fillOf(100 + index, tid, { size: "0.25", at: AT + tid });
  const source = "orderUpdates";
  const size = parseDecimal("1");
  return [
    { type: "venue.accepted", oid, at: AT, source, size },
    { type: "venue.accepted", oid: second, at: AT + 1, source, size },
    { type: "venue.fill", key: fillKey(fill), oid, fill, source: "userFills" },
    { type: "venue.canceled", oid, at: AT + 2, source, cause: "requested" },
    { type: "venue.canceled", oid: second, at: AT + 3, source, cause: "requested" },
    { type: "local.refused", cause: "halted" },
    { type: "modify.opened", id: 1 },
    { type: "modify.closed", id: 1 },
    { type: "ledger.complete", oid, readBegunAt: AT + 10_000 },
  ];
}

function scanned(orders: readonly TrackedOrder[], coin: Coin, only: Partial<Kind>): Decimal {
  return orders
    .filter(({ terms }) => terms.coin === coin && terms.side === only.side)
    .filter(({ terms }) => terms.reduceOnly === only.reduceOnly)
    .reduce((sum, { facts }) => add(sum, worstOf(facts)), ZERO);
}

const KINDS = fc.record({
  coin: fc.constantFrom(BTC, ETH),
  side: fc.constantFrom<Side>("buy", "sell"),
  reduceOnly: fc.boolean(),
});

describe("the sums of what could still fill", () => {
  it("situation 124: are those that counting every order gives, whatever is said of them", () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(KINDS, { minLength: 1, maxLength: 8 }), steps, (kinds, said) => {
        const sums = new PendingSums();
        const orders = kinds.map((kind, index) => orderOf(index, kind));
        for (const order of orders) sums.count(order);
        for (const [which, what, leaves] of said) {
          const index = which % orders.length;
          const order = orders[index];
          if (order === undefined) break;
          const news = newsOf(which % kinds.length, what);
          const event = news[what % news.length];
          if (event !== undefined) order.send(event);
          sums.count(order);
          if (leaves && orders.length > 1) {
            sums.forget(order);
            orders.splice(index, 1);
          }
          expect(sums.live).toBe(orders.filter(({ state }) => isLive(state)).length);
          for (const coin of [BTC, ETH]) {
            const { free, reducing } = sums.of(coin);
            for (const side of ["buy", "sell"] as const) {
              expect(free[side]).toBe(scanned(orders, coin, { side, reduceOnly: false }));
              expect(reducing[side]).toBe(scanned(orders, coin, { side, reduceOnly: true }));
            }
          }
          expect(sums.with([])).toEqual(pendingOf(orders, () => undefined));
        }
      }),
      { seed: 124, numRuns: 150 },
    );
  });

  it("an order that was never counted, or was forgotten, leaves nothing behind", () => {
    const sums = new PendingSums();
    const order = orderOf(1, { coin: BTC, side: "buy", reduceOnly: false });
    sums.forget(order);
    sums.count(order);
    sums.count(order);
    sums.forget(order);
    sums.forget(order);
    expect(sums.live).toBe(0);
    expect(sums.of(BTC).free.buy).toBe(ZERO);
    expect(sums.with([]).size).toBe(0);
  });
});
