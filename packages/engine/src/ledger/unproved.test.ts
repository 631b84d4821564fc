import { type Coin, formatDecimal, parseCloid, parseCoin, parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { Pending } from "./exposure.ts";
import { fillOf } from "../situations/rig.fixture.ts";
import { PendingSums } from "./pending-sums.ts";
import { TrackedOrder } from "../registry/tracked-order.ts";
import { Unproved } from "./unproved.ts";

const BTC = parseCoin("BTC");

/** An order that was stated filled, of which `heard` came, and of which the rest was given up. */
function owing(digit: string, heard: string): TrackedOrder {
  const cloid = parseCloid(digit.repeat(32));
  const size = parseDecimal("1");
  const terms = {
    coin: BTC,
    side: "buy",
    price: size,
    size,
    tif: "Gtc",
    reduceOnly: false,
  } as const;
  const rest = { tag: undefined, placedAtMs: 0, inspect: undefined, failed: () => undefined };
  const order = new TrackedOrder({ cloid, terms, ...rest });
  const fill = fillOf(7, 1, { size: heard });
  const { oid } = fill;
  order.send({ type: "venue.fill", key: "1", oid, fill, source: "userFills" });
  order.send({ type: "venue.filled", oid, at: 1, source: "answer", total: size });
  order.send({ type: "ledger.incomplete", oid });
  return order;
}

function buys(unproved: Unproved): string {
  const sums = new Map<Coin, Pending>();
  unproved.addTo(sums);
  return formatDecimal(sums.get(BTC)?.buy ?? parseDecimal("0"));
}

describe("what reaped orders left unproved", () => {
  it("stays in the exposure until its fills come after all", () => {
    const unproved = new Unproved(10, new PendingSums());
    const order = owing("a", "0.25");
    unproved.keep(order);
    expect(buys(unproved)).toBe("0.75");
    unproved.pay(order.cloid, parseDecimal("0.5"));
    expect(buys(unproved)).toBe("0.25");
    unproved.pay(order.cloid, parseDecimal("0.5"));
    expect(buys(unproved)).toBe("0");
    expect(unproved.size).toBe(0);
  });

  it("what is too old to be paid off by name still counts", () => {
    const unproved = new Unproved(1, new PendingSums());
    unproved.keep(owing("a", "0.25"));
    unproved.keep(owing("b", "0.5"));
    expect(unproved.size).toBe(1);
    expect(buys(unproved)).toBe("1.25");
  });
});
