import type { FillView, OrderHandle } from "@cloister/engine";
import {
  type Change,
  type Cloid,
  formatDecimal,
  type OrderState,
  type OrderView,
  parseCloid,
  parseCoin,
  type Tick,
  ZERO,
} from "@cloister/model";
import { EMPTY, Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { recordEngine } from "./engine-books.ts";

const CLOID = parseCloid(`0x${"a1".repeat(16)}`);
const OTHER = parseCloid(`0x${"b2".repeat(16)}`);
const BTC = parseCoin("BTC");

function handle(
  cloid: Cloid,
  filled: string,
  oids: readonly number[],
  cause = "none",
): OrderHandle {
  const unused = (): never => {
    throw new Error("not scripted");
  };
  const view: OrderView = {
    cloid,
    coin: BTC,
    side: "buy",
    price: "64000",
    size: "0.002",
    tif: "Alo",
    state: "reaped",
    cause,
    oids,
    filled,
    leaves: "0",
    fees: {},
    ledger: "complete",
    requests: [],
    timings: [],
    placedAtMs: 0,
  };
  return {
    cloid,
    tag: undefined,
    acknowledged: Promise.race<never>([]),
    closed: Promise.race<never>([]),
    changes$: EMPTY,
    actor: { id: cloid, getSnapshot: unused, subscribe: unused },
    timings: [],
    view: () => view,
    modify: unused,
    cancel: unused,
  };
}

function rig() {
  const ticks$ = new Subject<Tick>();
  const fills$ = new Subject<FillView>();
  const tracked = new Map<string, OrderHandle>();
  const record = recordEngine({
    ticks$,
    fills$,
    order: (cloid) => tracked.get(cloid),
    positions: [{ coin: BTC, size: "0.002" }],
  });
  const move = (cloid: Cloid, ...states: readonly OrderState[]): void => {
    const changes = states.map((to, index): Change => {
      const from = index === 0 ? "new" : (states[index - 1] ?? "new");
      const evidence = { type: "order.reap" } as const;
      return { cloid, from, to, evidence, filled: ZERO, leaves: ZERO, alarms: [] };
    });
    const input = { kind: "venue", facts: [] } as const;
    ticks$.next({ sequence: 1, atMs: 0, input, changes, alarms: [] });
  };
  return { ticks$, fills$, tracked, record, move };
}

describe("recordEngine", () => {
  it("keeps an order that the engine has forgotten, with the state it ended in", () => {
    const { tracked, record, move } = rig();
    tracked.set(CLOID, handle(CLOID, "0.002", [7, 9]));
    tracked.set(OTHER, handle(OTHER, "0", [8]));
    move(CLOID, "pending", "resting", "filled", "reaped");
    move(OTHER, "pending", "resting");
    tracked.clear();
    const { orders } = record.books();
    expect(orders).toEqual([
      { cloid: CLOID, state: "filled", filled: expect.anything(), oids: [7, 9] },
      { cloid: OTHER, state: "live", filled: ZERO, oids: [8] },
    ]);
    expect(orders.map(({ filled }) => formatDecimal(filled))).toEqual(["0.002", "0"]);
  });

  it("books each fill as it was told, repeated ones as well: the audit shall see them", () => {
    const { fills$, record } = rig();
    const fill: FillView = {
      cloid: CLOID,
      tag: undefined,
      coin: "BTC",
      side: "buy",
      price: "64000",
      size: "0.002",
      fee: "0.0192",
      feeToken: "USDC",
      taker: false,
      oid: 7,
      tid: 3,
      at: 5,
    };
    fills$.next(fill);
    fills$.next(fill);
    expect(record.fillCount).toBe(2);
    const { fills, positions } = record.books();
    expect(fills[0]).toMatchObject({ coin: "BTC", side: "buy", oid: 7, tid: 3, at: 5 });
    expect([...positions.keys()]).toEqual(["BTC"]);
  });

  it("counts refused orders by cause", () => {
    const { tracked, record, move } = rig();
    tracked.set(CLOID, handle(CLOID, "0", [], "badAloPx"));
    tracked.set(OTHER, handle(OTHER, "0", [8]));
    move(CLOID, "pending", "rejected", "reaped");
    move(OTHER, "pending", "resting", "canceled");
    expect([...record.rejections()]).toEqual([["badAloPx", 1]]);
  });

  it("gives no books when ticks were missed", () => {
    const { ticks$, record } = rig();
    ticks$.error(new Error("ticksGap"));
    expect(() => record.books()).toThrow("gap");
  });

  it("hears nothing once it is stopped", () => {
    const { tracked, record, move } = rig();
    tracked.set(CLOID, handle(CLOID, "0", []));
    record.stop();
    move(CLOID, "pending");
    expect(record.books().orders).toEqual([]);
  });
});
