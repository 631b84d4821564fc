import type { OrderParameters } from "@nktkas/hyperliquid/api/exchange";
import { describe, expect, it } from "vitest";
import { CANCELED, DONE, ORDERED } from "./independent-client-action-answers.fixture.ts";
import { checked } from "./independent-client-answers.fixture.ts";
import { limit, openWorld, type Trader, WAYS } from "./independent-client.fixture.ts";

// The client takes a cloid below 2^53 for the number of an oid and would ask for that: these are larger.
const CLOID_A = "0xc1000000000000000000000000000001";
const CLOID_B = "0xc1000000000000000000000000000002";

describe.each(WAYS)("an independent client trades on %s over %s", (network, way) => {
  it("places one order of each kind, and several in one action", async () => {
    const { alice, bob } = await openWorld(network, way);
    expect(await place(alice, limit({ b: true, p: "63000", s: "0.001", tif: "Alo" }))).toEqual({
      resting: { oid: expect.any(Number) as number },
    });
    const gtc = limit({ b: true, p: "63100", s: "0.001", tif: "Gtc", c: CLOID_A });
    expect(await place(alice, gtc)).toEqual({
      resting: { oid: expect.any(Number) as number, cloid: CLOID_A },
    });
    const ioc = limit({ b: false, p: "63100", s: "0.001", tif: "Ioc" });
    expect(await place(bob, ioc)).toEqual({
      filled: { totalSz: "0.001", avgPx: "63100.0", oid: expect.any(Number) as number },
    });
    const market = limit({ b: false, p: "62000", s: "0.001", tif: "FrontendMarket" });
    expect(await place(bob, market)).toMatchObject({ filled: { avgPx: "63000.0" } });
    const statuses = await statusesOf(alice, [
      limit({ b: true, p: "62000", s: "0.001" }),
      limit({ a: 1, b: false, p: "2100", s: "0.1", c: CLOID_B }),
      limit({ a: 110_000, b: true, p: "31", s: "2" }),
      limit({ a: 10_000, b: true, p: "0.19", s: "100" }),
      limit({ a: 10_107, b: true, p: "25", s: "1" }),
    ]);
    expect(statuses).toHaveLength(5);
    const oids = statuses.map(oidOf);
    expect(oids).toEqual(oids.toSorted((a, b) => a - b));
    expect(statuses[1]).toMatchObject({ resting: { cloid: CLOID_B } });
  });

  it("signs what it writes differently from how it was given: numbers and trailing zeros", async () => {
    const { alice, info } = await openWorld(network, way);
    const [only] = await statusesOf(alice, [
      {
        ...limit({ b: true, p: "063000.00", s: "0.00100" }),
        c: "0xC10000000000000000000000000000AB",
      },
    ]);
    expect(only).toMatchObject({ resting: { cloid: "0xc10000000000000000000000000000ab" } });
    expect(await info.openOrders({ user: alice.user })).toMatchObject([
      { limitPx: "63000.0", sz: "0.001" },
    ]);
  });

  it("leaves a trigger order that waits for the mark price", async () => {
    const { alice, bob, info, simulator } = await openWorld(network, way);
    await place(bob, limit({ b: false, p: "64000", s: "0.01" }));
    await place(alice, limit({ b: true, p: "64000", s: "0.01", tif: "Ioc" }));
    await place(bob, limit({ b: true, p: "61900", s: "0.01" }));
    const [stop] = await statusesOf(alice, [
      {
        ...limit({ b: false, p: "60000", s: "0.01", r: true }),
        t: { trigger: { isMarket: true, triggerPx: "62000", tpsl: "sl" } },
      },
    ]);
    const oid = oidOf(stop);
    const [waiting] = await info.frontendOpenOrders({ user: alice.user });
    expect(waiting).toMatchObject({
      oid,
      isTrigger: true,
      triggerPx: "62000.0",
      orderType: "Stop Market",
      reduceOnly: true,
    });
    simulator.setMark("BTC", "61950");
    // A signed action is answered at the end of its block: by then the mark was looked at.
    await alice.exchange.noop();
    await alice.exchange.noop();
    expect(await info.orderStatus({ user: alice.user, oid })).toMatchObject({
      order: { status: "filled", order: { isTrigger: true } },
    });
    expect(await info.clearinghouseState({ user: alice.user })).toMatchObject({
      assetPositions: [],
    });
  });

  it("modifies by oid and by cloid, alone and in a batch", async () => {
    const { alice, info } = await openWorld(network, way);
    const { user } = alice;
    const terms = { b: true, s: "0.001", tif: "Alo", c: CLOID_A } as const;
    const first = oidOf(await place(alice, limit({ ...terms, p: "63000" })));
    const order = limit({ ...terms, p: "63001" });
    checked(DONE, await alice.exchange.modify({ oid: first, order }));
    const [moved] = await info.openOrders({ user });
    expect(moved).toMatchObject({ limitPx: "63001.0", cloid: CLOID_A });
    expect(moved?.oid).toBeGreaterThan(first);
    expect(await info.orderStatus({ user, oid: first })).toMatchObject({
      order: { status: "canceled" },
    });
    const other = oidOf(await place(alice, limit({ b: true, p: "62000", s: "0.001" })));
    const modifies = [
      { oid: CLOID_A, order: limit({ ...terms, p: "63002" }) },
      { oid: other, order: limit({ b: true, p: "62002", s: "0.002", tif: "Alo" }) },
    ];
    const answer = checked(ORDERED, await alice.exchange.batchModify({ modifies }));
    expect(answer.response.data.statuses).toMatchObject([
      { resting: { cloid: CLOID_A } },
      { resting: {} },
    ]);
    const open = await info.openOrders({ user });
    expect(open.map(({ limitPx }) => limitPx)).toEqual(["62002.0", "63002.0"]);
    expect(open.map(({ oid }) => oid)).toEqual(
      answer.response.data.statuses.map(oidOf).toReversed(),
    );
  });

  it("cancels by oid and by cloid", async () => {
    const { alice, info } = await openWorld(network, way);
    const [first, second, third] = await statusesOf(alice, [
      limit({ b: true, p: "63000", s: "0.001" }),
      limit({ b: true, p: "63001", s: "0.001" }),
      limit({ a: 1, b: true, p: "2000", s: "0.01", c: CLOID_A }),
    ]);
    expect(oidOf(third)).toBeGreaterThan(oidOf(second));
    const cancels = [first, second].map((status) => ({ a: 0, o: oidOf(status) }));
    const both = checked(CANCELED, await alice.exchange.cancel({ cancels }));
    expect(both.response.data.statuses).toHaveLength(2);
    const byCloid = await alice.exchange.cancelByCloid({ cancels: [{ asset: 1, cloid: CLOID_A }] });
    expect(checked(CANCELED, byCloid).response.data.statuses).toHaveLength(1);
    expect(await info.openOrders({ user: alice.user })).toEqual([]);
  });

  it("schedules a cancel and clears it, changes leverage, spends a nonce, buys requests", async () => {
    const { alice, info } = await openWorld(network, way, { rules: { scheduleCancelVolume: "0" } });
    const { time } = await info.exchangeStatus();
    checked(DONE, await alice.exchange.scheduleCancel({ time: time + 60_000 }));
    checked(DONE, await alice.exchange.scheduleCancel());
    checked(DONE, await alice.exchange.noop());
    checked(DONE, await alice.exchange.reserveRequestWeight({ weight: 100 }));
    const leverage = { asset: 0, isCross: true, leverage: 3 };
    checked(DONE, await alice.exchange.updateLeverage(leverage));
  });

  it("lets an agent sign for its master, and the master for a subaccount", async () => {
    const { alice, agent, sub, info } = await openWorld(network, way);
    await place(agent, limit({ b: true, p: "63000", s: "0.001" }));
    expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
    const orders = [limit({ b: true, p: "62000", s: "0.001" })];
    const { time } = await info.exchangeStatus();
    const terms = { vaultAddress: sub, expiresAfter: time + 60_000 };
    await alice.exchange.order({ orders }, terms);
    expect(await info.openOrders({ user: sub })).toMatchObject([{ limitPx: "62000.0" }]);
    expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
  });
});

type Status = Awaited<ReturnType<typeof statusesOf>>[number];

async function statusesOf(trader: Trader, orders: OrderParameters["orders"]) {
  return checked(ORDERED, await trader.exchange.order({ orders })).response.data.statuses;
}

async function place(trader: Trader, order: OrderParameters["orders"][number]) {
  const [status] = await statusesOf(trader, [order]);
  if (status === undefined) throw new Error("the answer has no status");
  return status;
}

function oidOf(status: Status | undefined): number {
  if (typeof status !== "object") throw new Error("the status names no order");
  return "resting" in status ? status.resting.oid : status.filled.oid;
}
