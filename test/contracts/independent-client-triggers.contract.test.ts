import type { OrderParameters } from "@nktkas/hyperliquid/api/exchange";
import { describe, expect, it } from "vitest";
import { CANCELED, DONE, ORDERED } from "./independent-client-action-answers.fixture.ts";
import {
  checked,
  FULL_ORDERS,
  HISTORY,
  OPEN_ORDERS,
  ORDER_STATUS,
} from "./independent-client-answers.fixture.ts";
import { ORDER_UPDATES } from "./independent-client-channel-events.fixture.ts";
import { Heard } from "./independent-client-heard.fixture.ts";
import { limit, openWorld, type Trader, WAYS, type World } from "./independent-client.fixture.ts";

type Order = OrderParameters["orders"][number];

// The client takes a cloid below 2^53 for the number of an oid and would ask for that: these are larger.
const CHILD = "0xc1000000000000000000000000000003";

describe.each(WAYS)("an independent client protects itself on %s over %s", (network, way) => {
  it("normalTpsl: children wait for their parent, then for the mark price; one ends the other", async () => {
    const world = await openWorld(network, way);
    const { alice, bob, info } = world;
    const { user } = alice;
    const heard = await updatesOf(world);
    const parent = limit({ b: true, p: "63000", s: "0.002" });
    const children = [trigger("tp", "65000", { c: CHILD }), trigger("sl", "62000")];
    const [rests, ...waiting] = await place(alice, [parent, ...children], "normalTpsl");
    expect(waiting).toEqual(["waitingForFill", "waitingForFill"]);
    const oid = oidOf(rests);
    const rows = checked(FULL_ORDERS, await info.frontendOpenOrders({ user }));
    expect(rows.map((row) => [row.oid, row.orderType, row.children.length])).toEqual([
      [oid + 2, "Stop Market", 0],
      [oid + 1, "Take Profit Market", 0],
      [oid, "Limit", 2],
    ]);
    const plain = checked(OPEN_ORDERS, await info.openOrders({ user }));
    expect(plain.map(({ reduceOnly }) => reduceOnly)).toEqual([true, true, undefined]);

    const sell = limit({ b: false, p: "63000", s: "0.002", tif: "Ioc" });
    await place(bob, [sell, limit({ b: true, p: "64900", s: "0.002" })]);
    await jump(world, "65100");
    await heard.until((event) => JSON.stringify(event).includes("siblingFilledCanceled"));
    const updates = heard.events.flatMap((event) => checked(ORDER_UPDATES, event));
    expect(updates.map(({ status, order }) => [order.oid - oid, status])).toEqual([
      [0, "open"],
      [0, "filled"],
      [1, "open"],
      [2, "open"],
      [1, "triggered"],
      [1, "filled"],
      [2, "siblingFilledCanceled"],
    ]);
    const found = checked(ORDER_STATUS, await info.orderStatus({ user, oid: CHILD }));
    expect(found).toMatchObject({ order: { status: "filled", order: { oid: oid + 1 } } });
    const history = checked(HISTORY, await info.historicalOrders({ user }));
    expect(history[0]).toMatchObject({ status: "siblingFilledCanceled" });
  });

  it("normalTpsl: a parent that fills at once; one that is canceled", async () => {
    const { alice, bob, info } = await openWorld(network, way);
    await place(bob, [limit({ b: false, p: "64000", s: "0.002" })]);
    const taker = limit({ b: true, p: "64000", s: "0.002", tif: "Ioc" });
    expect(await place(alice, [taker, trigger("tp", "65000")], "normalTpsl")).toMatchObject([
      { filled: { totalSz: "0.002" } },
      "waitingForTrigger",
    ]);
    const parent = limit({ b: true, p: "63000", s: "0.002" });
    const [rests] = await place(alice, [parent, trigger("sl", "62000")], "normalTpsl");
    const oid = oidOf(rests);
    const cancel = (o: number) => alice.exchange.cancel({ cancels: [{ a: 0, o }] });
    checked(CANCELED, await cancel(oid));
    await expect(cancel(oid + 1)).rejects.toThrow("never placed, already canceled, or filled");
    expect(await info.frontendOpenOrders({ user: alice.user })).toMatchObject([
      { orderType: "Take Profit Market" },
    ]);
  });

  it("positionTpsl: as large as the position, and canceled with it", async () => {
    const { alice, bob, info } = await openWorld(network, way);
    const { user } = alice;
    await place(bob, [limit({ b: false, p: "64000", s: "0.002" })]);
    await place(alice, [limit({ b: true, p: "64000", s: "0.002", tif: "Ioc" })]);
    const whole = [trigger("tp", "65000", { s: "0" }), trigger("sl", "62000", { s: "0" })];
    expect(await place(alice, whole, "positionTpsl")).toEqual([
      "waitingForTrigger",
      "waitingForTrigger",
    ]);
    const rows = checked(FULL_ORDERS, await info.frontendOpenOrders({ user }));
    expect(rows).toMatchObject([
      { isPositionTpsl: true, sz: "0.0", origSz: "0.0" },
      { isPositionTpsl: true, sz: "0.0", origSz: "0.0" },
    ]);
    await place(bob, [limit({ b: true, p: "64000", s: "0.002" })]);
    await place(alice, [limit({ b: false, p: "64000", s: "0.002", tif: "Ioc" })]);
    expect(await info.frontendOpenOrders({ user })).toEqual([]);
    const [row] = rows;
    const found = checked(ORDER_STATUS, await info.orderStatus({ user, oid: row?.oid ?? 0 }));
    expect(found).toMatchObject({ order: { status: "reduceOnlyCanceled" } });
  });

  it("is refused: a TP/SL that may open, one on the wrong side of the mark price", async () => {
    const { alice } = await openWorld(network, way);
    const ask = (order: Order) => alice.exchange.order({ orders: [order] });
    await expect(ask(trigger("sl", "62000", { r: false }))).rejects.toThrow("reduce-only");
    await expect(ask(trigger("sl", "64100"))).rejects.toThrow("Invalid TP/SL price. asset=0");
  });

  it("modifies a trigger order: it cannot ask for always-place, so the exchange has to allow it", async () => {
    const strict = await openWorld(network, way);
    const [first] = await place(strict.alice, [trigger("sl", "62000")]);
    const asked = { modifies: [{ oid: oidOf(first), order: trigger("sl", "62500") }] };
    await expect(strict.alice.exchange.batchModify(asked)).rejects.toThrow(
      "Attempted to modify to invalid new order",
    );

    const { alice, info } = await openWorld(network, way, { rules: { plainModify: "asAsked" } });
    const { user } = alice;
    const [one] = await place(alice, [trigger("sl", "62000")]);
    const modifies = [{ oid: oidOf(one), order: trigger("sl", "62500", { c: CHILD }) }];
    const answer = checked(ORDERED, await alice.exchange.batchModify({ modifies }));
    expect(answer.response.data.statuses).toMatchObject([{ resting: { cloid: CHILD } }]);
    const order = trigger("sl", "62600");
    checked(DONE, await alice.exchange.modify({ oid: CHILD, order }));
    const rows = checked(FULL_ORDERS, await info.frontendOpenOrders({ user }));
    expect(rows).toMatchObject([{ triggerPx: "62600.0", isTrigger: true, cloid: null }]);
  });
});

/** Closes a long position of 0.002 when the mark price is reached. */
function trigger(
  tpsl: "tp" | "sl",
  triggerPx: string,
  terms: { s?: string; r?: boolean; c?: `0x${string}` } = {},
): Order {
  const { s = "0.002", r = true, c } = terms;
  return {
    ...limit({ b: false, p: "60000", s, r, ...(c === undefined ? {} : { c }) }),
    t: { trigger: { isMarket: true, triggerPx, tpsl } },
  };
}

async function place(
  trader: Trader,
  orders: OrderParameters["orders"],
  grouping: "na" | "normalTpsl" | "positionTpsl" = "na",
) {
  return checked(ORDERED, await trader.exchange.order({ orders, grouping })).response.data.statuses;
}

function oidOf(status: Awaited<ReturnType<typeof place>>[number] | undefined): number {
  if (typeof status !== "object" || !("resting" in status)) throw new Error("it does not rest");
  return status.resting.oid;
}

async function updatesOf(world: World): Promise<Heard<unknown>> {
  const heard = new Heard<unknown>();
  await world.subscriber().orderUpdates({ user: world.alice.user }, heard.listen);
  return heard;
}

/** A signed action is answered at the end of its block: by then the mark was looked at. */
async function jump({ simulator, bob }: World, mark: string): Promise<void> {
  simulator.setMark("BTC", mark);
  await bob.exchange.noop();
  await bob.exchange.noop();
}
