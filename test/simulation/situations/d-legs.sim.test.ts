import type { ModifySpec, PlaceSpec } from "@cloister/model";
import { faultsOf, readFaultPlan } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import {
  alarmed,
  BID,
  foreignJournal,
  hit,
  legsOf,
  placed,
  requestsOf,
  story,
} from "./story.fixture.ts";

const MINE = { account: ACCOUNT } as const;

describe("cancels of several, over the real wire", () => {
  it("situation 66: of a batch in which one has just been filled the others end, and each is told its own", async () => {
    const all = await story({
      faults: [{ what: "holdAction", ms: 500, to: { type: "cancel", ...MINE } }],
    });
    const orders = [];
    for (const price of ["50000", "49990", "49980"]) orders.push(await placed(all, { price }));
    const done = all.engine.cancelMany(orders.map(({ cloid }) => cloid));
    await hit(all, "0.002", { price: "50000" });
    expect(await settle(all.clock, done)).toMatchObject([
      { kind: "settled", state: "filled", filled: "0.002" },
      { kind: "settled", state: "canceled", filled: "0" },
      { kind: "settled", state: "canceled", filled: "0" },
    ]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 68: a refusal of a cancel that comes after the order's end is recorded, and changes nothing", async () => {
    const all = await story({
      faults: [
        { what: "loseAnswer", to: { type: "cancel", ...MINE }, times: 1 },
        { what: "delayAnswer", ms: 4_000, to: { type: "cancel", ...MINE }, times: 1 },
      ],
    });
    const order = await placed(all);
    const [first, second] = [order.cancel(), order.cancel()];
    expect(await settle(all.clock, first)).toMatchObject({ kind: "settled", state: "canceled" });
    expect(await settle(all.clock, second)).toMatchObject({ kind: "settled", state: "canceled" });
    await settle(all.clock, order.closed);
    all.clock.advanceBy(10_000);
    expect(all.path(order)).toEqual(["pending", "resting", "canceled"]);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });
});

describe("legs, over the real wire", () => {
  it("situation 73: a fill of the old leg that is told after the new one lives is booked, and the new one stays current", async () => {
    const all = await story({
      faults: [
        {
          ...{ what: "delayFrame", ms: 3_000, to: { channel: "userFills", ...MINE } },
          when: { afterMs: 3_200 },
        },
      ],
    });
    const order = await placed(all);
    await hit(all, "0.0005");
    const modified = order.modify({ price: "49990", leaves: "0.0015" });
    expect(await settle(all.clock, modified)).toMatchObject({ kind: "accepted" });
    const [old, fresh] = legsOf(all, order);
    expect(order.view()).toMatchObject({ oid: fresh?.oid, filled: "0", price: "49990" });
    all.clock.advanceBy(4_000);
    expect(order.view()).toMatchObject({
      ...{ oid: fresh?.oid, state: "partiallyFilled", filled: "0.0005", leaves: "0.0015" },
    });
    expect(all.fills.map(({ oid, size }) => ({ oid, size }))).toEqual([
      { oid: old?.oid, size: "0.0005" },
    ]);
    all.expectBooksAgree();
  });

  const unmodifiable: readonly [string, Partial<PlaceSpec>, ModifySpec][] = [
    ["nothing left to rest", {}, { leaves: "0" }],
    ["less than nothing", {}, { leaves: "-1" }],
    ["an order that takes", { tif: "Ioc", price: "49000" }, { price: "49010" }],
    [
      "a trigger order",
      {
        ...{ side: "sell", reduceOnly: true, price: "40000" },
        trigger: { price: "41000", kind: "sl", market: true },
      },
      { price: "40010" },
    ],
  ];

  it.each(unmodifiable)(
    "situation 76: a modify of %s never leaves here",
    async (_, terms, change) => {
      const all = await story();
      await placed(all, { price: "49900" });
      await hit(all, "0.001", { price: "49900" });
      const order = all.engine.place({ ...BID, ...terms });
      all.clock.advanceBy(300);
      const before = requestsOf(all).length;
      const outcome = await modifyOutcome(all, () => order.modify(change));
      expect(outcome).toMatch(/refused by local|invalidSpec/);
      all.clock.advanceBy(2_000);
      expect(requestsOf(all).slice(before)).toEqual([]);
      all.expectBooksAgree();
    },
  );

  it("situation 84: another process places under a cloid of ours: both count, one alarm says so, and both are canceled", async () => {
    const all = await story();
    const deaf = readFaultPlan({
      faults: ["orderUpdates", "openOrders"].map((channel) => ({
        ...{ what: "loseFrame", to: { channel } },
      })),
    });
    const twin = await all.engineFor(
      ACCOUNT,
      { journal: foreignJournal() },
      all.exchange.wire({ latencyMs: 5, faults: faultsOf(deaf, { clock: all.clock }) }),
    );
    const order = await placed(all);
    twin.place({ ...BID, price: "49000", size: "0.003", cloid: order.cloid });
    all.clock.advanceBy(1_000);
    expect(legsOf(all, order).map(({ open }) => open)).toEqual([true, true]);
    expect(all.engine.exposure).toMatchObject([{ min: "0", max: "0.005" }]);
    all.clock.advanceBy(30_000);
    expect(alarmed(all).filter((name) => name === "severalLegs")).toHaveLength(1);
    await settle(all.clock, order.cancel());
    expect(legsOf(all, order).map(({ open }) => open)).toEqual([false, false]);
    all.clock.advanceBy(15_000);
    expect(all.engine.exposure.every(({ max }) => max === "0")).toBe(true);
  });
});

async function modifyOutcome(
  all: Parameters<typeof legsOf>[0],
  modify: () => Promise<{ readonly kind: string; readonly by?: string }>,
): Promise<string> {
  try {
    const { kind, by } = await settle(all.clock, modify());
    return `${kind} by ${by ?? "nobody"}`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
