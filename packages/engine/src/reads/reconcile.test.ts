import {
  type Cloid,
  type Decimal,
  type Oid,
  type OrderReport,
  parseCloid,
  parseDecimal,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OPEN, report } from "../situations/rig.fixture.ts";
import {
  type BelievedLeg,
  type BelievedOrder,
  type Belief,
  type Finding,
  missedBy,
  type OpenList,
  reconcile,
} from "./reconcile.ts";

const NOW = 1_000;

function cloid(number: number): Cloid {
  return parseCloid(`0x${number.toString(16).padStart(32, "0")}`);
}

type Ours = {
  readonly number: number;
  readonly state: BelievedLeg["state"];
  readonly positiveAt: number;
  readonly isBusy: boolean;
  readonly hasLeg: boolean;
  readonly isNamed: boolean;
  readonly waits: boolean;
};

/** A belief that is a plain book, and learns what it is told as the engine does. */
class Book implements Belief {
  readonly orders = new Map<Cloid, BelievedOrder>();
  readonly byOid = new Map<Oid, BelievedOrder>();
  readonly strangers = new Set<Oid>();
  readonly asked = new Map<Oid | Cloid, number>();
  readonly adopted: Cloid[] = [];

  constructor(ours: readonly Ours[]) {
    for (const one of ours) this.put(cloid(one.number), one.isBusy, one.hasLeg ? [legOf(one)] : []);
  }

  readonly order = (oid: Oid, named: Cloid | undefined): BelievedOrder | undefined =>
    this.byOid.get(oid) ?? (named === undefined ? undefined : this.orders.get(named));
  *live(): Iterable<BelievedOrder> {
    for (const order of this.orders.values()) {
      if (order.legs.every(({ state }) => state === "live")) yield order;
    }
  }
  readonly isBuried = (): boolean => false;
  readonly isStranger = (oid: Oid): boolean => this.strangers.has(oid);
  readonly isToAdopt = ({ cloid: named }: OrderReport): boolean => named?.endsWith("f") === true;
  readonly askedAt = (key: Oid | Cloid): number | undefined => this.asked.get(key);

  put(named: Cloid, isBusy: boolean, legs: readonly BelievedLeg[]): void {
    const order = { cloid: named, isBusy, legs };
    this.orders.set(named, order);
    for (const { oid } of legs) this.byOid.set(oid, order);
  }

  /** As the desks act on it. Nothing here may end a leg. */
  act(finding: Finding, begunAt: number): void {
    if (finding.type === "ask") this.asked.set(finding.key, begunAt);
    else if (finding.type === "stranger") this.strangers.add(finding.row.oid);
    else {
      const { row } = finding;
      const known = this.order(row.oid, row.cloid);
      const named = known?.cloid ?? row.cloid ?? cloid(row.oid);
      if (finding.type === "adopt") this.adopted.push(named);
      const others = (known?.legs ?? []).filter(({ oid }) => oid !== row.oid);
      this.put(named, known?.isBusy ?? false, [...others, shownBy(row, begunAt)]);
    }
  }
}

function legOf({ number, state, positiveAt, isNamed, waits }: Ours): BelievedLeg {
  const oid = oidOf(number);
  return { oid, state, positiveAt, isNamed, waitsForTrigger: waits, absentAt: NOW - 100 };
}

function shownBy(row: OrderReport, begunAt: number): BelievedLeg {
  const shown: { shown?: Decimal } = row.reduceOnly === true ? { shown: row.remaining } : {};
  const waitsForTrigger = row.waitsForTrigger === true;
  const { oid } = row;
  return { oid, state: "live", positiveAt: begunAt, isNamed: true, waitsForTrigger, ...shown };
}

function oidOf(number: number): Oid {
  return report(undefined, number, OPEN).oid;
}

const NUMBER = fc.integer({ min: 1, max: 12 });
const OURS: fc.Arbitrary<Ours> = fc.record({
  number: NUMBER,
  state: fc.constantFrom("live", "ended", "absent"),
  positiveAt: fc.integer({ min: NOW - 50, max: NOW + 50 }),
  isBusy: fc.boolean(),
  hasLeg: fc.boolean(),
  isNamed: fc.boolean(),
  waits: fc.boolean(),
});
const ROW: fc.Arbitrary<OrderReport> = fc
  .record({
    number: fc.integer({ min: 1, max: 34 }),
    named: fc.boolean(),
    reduceOnly: fc.boolean(),
    fires: fc.boolean(),
    left: fc.constantFrom("0.001", "0.0004"),
  })
  .map(({ number, named, reduceOnly, fires, left }) => ({
    ...report(named ? cloid(number) : undefined, number, OPEN, { left, reduceOnly }),
    waitsForTrigger: fires,
  }));

const CASE = fc.record({
  ours: fc.uniqueArray(OURS, { selector: ({ number }) => number }),
  orders: fc.uniqueArray(ROW, { selector: ({ oid }) => oid }),
  begunAt: fc.integer({ min: NOW - 20, max: NOW + 20 }),
});

describe("reconcile", () => {
  it("situation 114: what was acted upon is not found again", () => {
    fc.assert(
      fc.property(CASE, ({ ours, orders, begunAt }) => {
        const book = new Book(ours);
        const list: OpenList = { orders, begunAt };
        for (const finding of reconcile(book, list)) book.act(finding, begunAt);
        expect(reconcile(book, list)).toEqual([]);
      }),
      { seed: 114, numRuns: 500 },
    );
  });

  it("never reads a listed order as missing, nor one with newer news", () => {
    fc.assert(
      fc.property(CASE, ({ ours, orders, begunAt }) => {
        const book = new Book(ours);
        const list: OpenList = { orders, begunAt };
        const listed = new Set<Oid | Cloid>(orders.map(({ oid }) => oid));
        const named = new Set(orders.map((row) => row.cloid));
        for (const finding of reconcile(book, list)) {
          if (finding.type !== "ask" || finding.why !== "missing") continue;
          expect(listed.has(finding.key)).toBe(false);
          const order = book.orders.get(finding.cloid);
          const leg = order?.legs.find(({ oid }) => oid === finding.key);
          if (leg === undefined) expect(named.has(finding.cloid)).toBe(false);
          else expect(leg.positiveAt).toBeLessThanOrEqual(begunAt);
        }
        for (const order of missedBy(book, list)) {
          expect(order.isBusy).toBe(false);
          expect(order.legs.some(({ oid }) => listed.has(oid))).toBe(false);
        }
      }),
      { seed: 95, numRuns: 500 },
    );
  });

  it("every row is ours, adopted, or a stranger's: none is passed over", () => {
    fc.assert(
      fc.property(CASE, ({ ours, orders, begunAt }) => {
        const book = new Book(ours);
        for (const finding of reconcile(book, { orders, begunAt })) book.act(finding, begunAt);
        for (const { oid, cloid: named } of orders) {
          const isKnown = book.order(oid, named) !== undefined || book.strangers.has(oid);
          expect(isKnown).toBe(true);
        }
      }),
      { seed: 107, numRuns: 300 },
    );
  });

  it("situation 95: an order that ended here and is listed is asked about, and stays ended", () => {
    const ended = { number: 7, state: "ended", positiveAt: NOW, isBusy: false } as const;
    const book = new Book([{ ...ended, hasLeg: true, isNamed: true, waits: false }]);
    const row = { ...report(cloid(7), 7, OPEN), remaining: parseDecimal("0.001") };
    expect(reconcile(book, { orders: [row], begunAt: NOW })).toEqual([
      { type: "ask", why: "stale", cloid: cloid(7), key: 7 },
    ]);
  });
});
