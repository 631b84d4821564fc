import { type Cloid, type OrderEvent, parseCloid, parseCoin, parseDecimal } from "@cloister/model";
import { openRequest } from "@cloister/machines";
import { describe, expect, it } from "vitest";
import { Turn } from "../inbox/turn.ts";
import { Registry } from "../registry/registry.ts";
import { TrackedOrder } from "../registry/tracked-order.ts";
import { AT, OPEN, report } from "../situations/rig.fixture.ts";
import { Absence } from "./absence.ts";
import type { Begun } from "./reads.ts";

const CLOID = parseCloid("a".repeat(32));
const LIMITS = { settleMs: 2_000, readLagMs: 10_000 };

/** An order that was shown alive at AT, and what the rule of absence tells of it. */
function start() {
  const size = parseDecimal("0.001");
  const terms = { coin: parseCoin("BTC"), side: "buy", price: size, size } as const;
  const order = new TrackedOrder({
    cloid: CLOID,
    terms: { ...terms, tif: "Gtc", reduceOnly: false },
    tag: undefined,
    placedAtMs: 0,
    inspect: undefined,
    failed: () => undefined,
  });
  const { oid } = report(CLOID, 7, OPEN);
  order.send({ type: "venue.accepted", oid, at: AT, source: "answer" });
  const registry = new Registry({ tombstones: 1, strangersMax: 1 });
  registry.add(order);
  const told: OrderEvent[] = [];
  const orders = { tell: (_: TrackedOrder, event: OrderEvent) => void told.push(event) };
  const turn = new Turn({ kind: "deadline", deadline: { kind: "silence" } });
  const absence = new Absence({ registry, orders, limits: LIMITS, turn: () => turn });
  const missed = (cloids: readonly Cloid[], begun: Begun): void => absence.listed(cloids, begun);
  return { absence, missed, order, oid, told, alarms: turn.alarms };
}

/** A read begun so long after the order was last shown. */
function after(ms: number): Begun {
  return { query: { kind: "openOrders" }, begunAt: ms, begunVenueTime: AT + ms };
}

describe("the rule of absence", () => {
  it("two lists, an unknown status and whole fills decide, by the hour of the first list", () => {
    const { absence, missed, told, alarms } = start();
    missed([CLOID], after(20_000));
    absence.unknown(CLOID, after(20_100));
    absence.searched(after(20_100));
    expect(told).toEqual([]);
    missed([CLOID], after(22_000));
    expect(told).toEqual([{ type: "proof.absent", begunAt: AT + 20_000 }]);
    expect(alarms).toMatchObject([{ name: "forgotten", cloid: CLOID }]);
    expect(absence.suspected).toBe(0);
  });

  it.each([
    ["the second list comes too soon", 21_999, 20_100, 20_100],
    ["the status was asked before the first list", 22_000, 19_999, 20_100],
    ["the fills were read before the first list", 22_000, 20_100, 19_999],
  ])("decides nothing when %s", (_, second, status, fills) => {
    const { absence, missed, told } = start();
    missed([CLOID], after(20_000));
    absence.unknown(CLOID, after(status));
    absence.searched(after(fills));
    missed([CLOID], after(second));
    expect(told).toEqual([]);
    expect(absence.suspected).toBe(1);
  });

  it("what showed itself within the lag of reads is not suspected", () => {
    const { absence, missed, alarms } = start();
    missed([CLOID], after(10_000));
    absence.unknown(CLOID, after(10_100));
    expect(absence.suspected).toBe(0);
    expect(alarms).toEqual([]);
    missed([CLOID], after(10_001));
    expect(absence.suspected).toBe(1);
  });

  it("a list that shows it, a status that knows it, a request of it and a loss end the suspicion", () => {
    const { absence, missed, order, told } = start();
    const ends: readonly (() => void)[] = [
      () => missed([], after(20_500)),
      () => absence.known(CLOID),
      () => absence.forget(),
      () => {
        const facts = openRequest({ id: 1, kind: "modify", children: [], commandMs: 0 });
        order.requests.set(1, { id: 1, kind: "modify", now: { state: "inFlight", facts } });
        missed([CLOID], after(20_500));
        order.requests.clear();
      },
    ];
    for (const end of ends) {
      missed([CLOID], after(20_000));
      absence.unknown(CLOID, after(20_100));
      absence.searched(after(20_100));
      end();
      expect(absence.suspected).toBe(0);
    }
    expect(told).toEqual([]);
  });

  it("news since the first list begin the suspicion anew", () => {
    const { absence, missed, order, oid, told } = start();
    missed([CLOID], after(20_000));
    absence.unknown(CLOID, after(20_100));
    absence.searched(after(20_100));
    order.send({ type: "venue.accepted", oid, at: AT + 21_000, source: "openOrders" });
    missed([CLOID], after(22_000));
    expect(absence.suspected).toBe(0);
    expect(told).toEqual([]);
  });
});
