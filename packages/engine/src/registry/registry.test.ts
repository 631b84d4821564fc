import { parseCloid, parseCoin, parseOid, parseDecimal, ZERO } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { fillEvidence } from "../intake/evidence-of.ts";
import { ownerOf, Registry } from "./registry.ts";
import { fillOf } from "../situations/rig.fixture.ts";
import { TrackedOrder } from "./tracked-order.ts";

const BTC = parseCoin("BTC");

function orderOf(digit: string): TrackedOrder {
  const cloid = parseCloid(digit.repeat(32));
  const [price, size] = [parseDecimal("64000"), parseDecimal("0.001")];
  const terms = { coin: BTC, side: "buy", price, size, tif: "Gtc", reduceOnly: false } as const;
  const rest = { tag: undefined, placedAtMs: 0, inspect: undefined, failed: () => undefined };
  return new TrackedOrder({ cloid, terms, ...rest });
}

function bury(registry: Registry, order: TrackedOrder, ...oids: number[]): void {
  const { cloid, tag, terms } = order;
  const coin = terms.coin;
  registry.bury(order, {
    cloid,
    tag,
    coin,
    state: "filled",
    filled: ZERO,
    oids: oids.map((oid) => parseOid(oid)),
    reapedAtMs: 0,
    sequence: 0,
  });
}

function start() {
  const forgotten: string[] = [];
  const limits = { tombstones: 2, strangersMax: 2 };
  const registry = new Registry(limits, ({ cloid }) => forgotten.push(cloid));
  return { registry, forgotten };
}

describe("the registry", () => {
  it("finds by oid first, then by cloid", () => {
    const { registry } = start();
    const [a, b] = [orderOf("a"), orderOf("b")];
    registry.add(a);
    registry.add(b);
    registry.bind(parseOid(7), a);
    expect(registry.find(parseOid(7), b.cloid)).toBe(a);
    expect(registry.find(parseOid(8), b.cloid)).toBe(b);
    expect(registry.find(parseOid(8))).toBeUndefined();
    expect(registry.knows(a.cloid)).toBe(true);
  });

  it("binding an oid hands over once what its stranger had, in the order it came", () => {
    const { registry } = start();
    const a = orderOf("a");
    const about = { oid: parseOid(7), coin: BTC };
    const [first, second] = [1, 2].map((tid) => fillEvidence(fillOf(7, tid), "userFills"));
    if (first === undefined || second === undefined) throw new Error("two fills");
    expect(registry.keepStranger(about, first)).toBe(true);
    expect(registry.keepStranger(about, second)).toBe(false);
    registry.add(a);
    expect(registry.bind(parseOid(7), a)).toEqual([first, second]);
    expect(registry.bind(parseOid(7), a)).toEqual([]);
    expect(registry.strangers).toBe(0);
  });

  it("keeps a bounded number of strangers and of what is said of each", () => {
    const { registry } = start();
    for (let oid = 1; oid <= 5; oid += 1) {
      for (let tid = 1; tid <= 100; tid += 1) {
        const evidence = fillEvidence(fillOf(oid, tid), "userFills");
        registry.keepStranger({ oid: parseOid(oid), coin: BTC }, evidence);
      }
    }
    expect(registry.strangers).toBe(2);
    expect(registry.bind(parseOid(5), orderOf("a"))).toHaveLength(64);
  });

  it("a buried order answers by its tombstone, by cloid and by each oid, until it is forgotten", () => {
    const { registry, forgotten } = start();
    const orders = ["a", "b", "c"].map(orderOf);
    for (const [index, order] of orders.entries()) {
      registry.add(order);
      registry.bind(parseOid(index * 10), order);
      bury(registry, order, index * 10, index * 10 + 1);
    }
    const [a, , c] = orders;
    expect(registry.orders.size).toBe(0);
    expect(registry.oids).toBe(0);
    expect(ownerOf(registry, fillOf(21, 1))).toMatchObject({
      kind: "buried",
      tombstone: { cloid: c?.cloid },
    });
    expect(ownerOf(registry, fillOf(1, 1)).kind).toBe("stranger");
    expect(forgotten).toEqual([a?.cloid]);
    expect(registry.knows(parseCloid("a".repeat(32)))).toBe(false);
    expect(registry.epitaph(parseCloid("c".repeat(32)))).toEqual({ state: "filled", filled: "0" });
  });
});
