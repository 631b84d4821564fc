import { HttpRequestError } from "@nktkas/hyperliquid";
import { describe, expect, it } from "vitest";
import { Heard } from "./independent-client-heard.fixture.ts";
import { limit, openWorld, type World } from "./independent-client.fixture.ts";

/** An independent client and an exchange, with the proxy between them that neither knows of. */

const CLOID = "0xc2000000000000000000000000000001";
const ORDER = limit({ b: true, p: "63000", s: "0.001", c: CLOID });

/** How long a client waits for an answer that never comes. */
const soon = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(150) });

/** What the exchange itself knows of the order. */
function statuses({ simulator, alice }: World): readonly string[] {
  const [account] = simulator.truth(alice.user).accounts;
  const order = account?.orders.find(({ cloid }) => cloid === CLOID);
  return order?.statuses.map(({ status }) => status) ?? [];
}

describe.each(["http", "ws"] as const)("an independent client through a proxy over %s", (way) => {
  it("trades and reads as without one, when no fault is planned", async () => {
    const world = await openWorld("mainnet", way, { through: [] });
    const { alice, info } = world;
    const placed = await alice.exchange.order({ orders: [ORDER] });
    expect(placed.response.data.statuses).toMatchObject([{ resting: { cloid: CLOID } }]);
    expect(await info.orderStatus({ user: alice.user, oid: CLOID })).toMatchObject({
      order: { status: "open" },
    });
    expect((await info.meta()).universe.length).toBeGreaterThan(1);
    await alice.exchange.cancelByCloid({ cancels: [{ asset: 0, cloid: CLOID }] });
    expect(await info.openOrders({ user: alice.user })).toEqual([]);
    expect(statuses(world)).toEqual(["open", "canceled"]);
  });

  it("loseAction: the exchange never hears of it", async () => {
    const world = await openWorld("mainnet", way, {
      through: [{ what: "loseAction", to: { type: "order" }, times: 1 }],
    });
    const { alice } = world;
    await expect(alice.exchange.order({ orders: [ORDER] }, soon())).rejects.toThrow();
    expect(statuses(world)).toEqual([]);
    await alice.exchange.order({ orders: [ORDER] });
    expect(statuses(world)).toEqual(["open"]);
  });

  it("loseAnswer: the exchange did it, and the client cannot know", async () => {
    const world = await openWorld("mainnet", way, {
      through: [{ what: "loseAnswer", to: { type: "order" } }],
    });
    const { alice, info } = world;
    await expect(alice.exchange.order({ orders: [ORDER] }, soon())).rejects.toThrow();
    expect(statuses(world)).toEqual(["open"]);
    expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
  });

  it("holdAction: a later action of somebody else overtakes it", async () => {
    const world = await openWorld("mainnet", way, {
      through: [{ what: "holdAction", ms: 100, to: { type: "order" } }],
    });
    const { alice, bob } = world;
    const order = alice.exchange.order({ orders: [ORDER] });
    await bob.exchange.noop();
    expect(statuses(world)).toEqual([]);
    await order;
    expect(statuses(world)).toEqual(["open"]);
  });
});

it("httpStatus and truncatePage: what a limiter and a page that was cut look like", async () => {
  const { alice, info } = await openWorld("testnet", "http", {
    through: [
      { what: "httpStatus", status: 429, body: "null", to: { type: "meta" } },
      { what: "truncatePage", keep: 1, to: { type: "openOrders" } },
    ],
  });
  await expect(info.meta()).rejects.toThrow(HttpRequestError);
  await expect(info.meta()).rejects.toMatchObject({ response: { status: 429 } });
  await alice.exchange.order({ orders: [ORDER, limit({ b: true, p: "62000", s: "0.001" })] });
  expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
});

it("delayAnswer, duplicateFrame and loseFrame: the answer comes behind its news, and news twice or never", async () => {
  const { alice, subscriber } = await openWorld("testnet", "ws", {
    through: [
      { what: "delayAnswer", ms: 60, to: { type: "order" } },
      { what: "duplicateFrame", to: { channel: "orderUpdates" } },
      { what: "loseFrame", to: { channel: "userFills" } },
    ],
  });
  const { user } = alice;
  const [updates, fills] = [new Heard<unknown>(), new Heard<unknown>()];
  await subscriber().orderUpdates({ user }, updates.listen);
  await subscriber().userFills({ user }, fills.listen);
  const told: string[] = [];
  const placed = alice.exchange.order({ orders: [ORDER] }).then(() => told.push("answer"));
  await updates.until(() => told.push("news") > 1);
  await placed;
  expect(told).toEqual(["news", "news", "answer"]);
  expect([updates.events[0], fills.events]).toEqual([updates.events[1], []]);
});

it("disconnect: the client comes back by itself and hears on", async () => {
  const { alice, subscriber } = await openWorld("testnet", "ws", {
    through: [{ what: "disconnect", to: { channel: "orderUpdates" }, times: 1 }],
  });
  const heard = new Heard<unknown>();
  await subscriber().orderUpdates({ user: alice.user }, heard.listen);
  await alice.exchange.order({ orders: [ORDER] });
  let at = 62_000;
  await expect
    .poll(
      async () => {
        at -= 1;
        await alice.exchange.order({ orders: [limit({ b: true, p: String(at), s: "0.001" })] });
        return heard.events.length;
      },
      { timeout: 4_000 },
    )
    .toBeGreaterThan(0);
});
