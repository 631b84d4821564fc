import type { Engine, OrderHandle } from "@cloister/engine";
import { type Change, type PlaceSpec, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALO, BID, hit, openAt, type Story, story, unheard } from "./story.fixture.ts";
import { ACCOUNT, OTHER, settle } from "./world.ts";

const MINE = { account: ACCOUNT } as const;

function otherOf(all: Story): Promise<Engine> {
  return all.engineFor(OTHER, { random: seededRandom(3) });
}

/** Somebody offers this much at the price of BID. */
async function offer({ clock }: Story, other: Engine, size: string): Promise<void> {
  await settle(clock, other.place({ ...BID, side: "sell", size }).acknowledged);
}

function changesOf(order: OrderHandle): readonly Change[] {
  const changes: Change[] = [];
  order.changes$.subscribe((change) => changes.push(change));
  return changes;
}

function many({ engine }: Story, count: number, terms: Partial<PlaceSpec> = {}) {
  const specs = Array.from({ length: count }, (_, at) => ({
    ...{ ...BID, price: String(50_000 - at) },
    ...(at === 1 ? terms : {}),
  }));
  return engine.placeMany(specs);
}

describe("places, over the real wire", () => {
  it.each([
    [1, "answers"],
    [2, "messages"],
  ] as const)(
    "situation %i: of a block the %s come first: accepted once",
    async (_number, blockEnd) => {
      const all = await story([], { rules: { blockEnd } });
      const order = all.engine.place(BID);
      const changes = changesOf(order);
      await settle(all.clock, order.acknowledged);
      all.clock.advanceBy(500);
      expect(changes.filter(({ from, to }) => from !== to)).toMatchObject([{ to: "resting" }]);
    },
  );

  it("situation 3: the fill before the answer and before the word open: accepted by it", async () => {
    const all = await story([
      { what: "delayAnswer", ms: 3_000, to: { type: "order", ...MINE } },
      { what: "delayFrame", ms: 3_000, to: { channel: "orderUpdates", ...MINE } },
      { what: "loseFrame", to: { channel: "openOrders", ...MINE } },
    ]);
    const other = await otherOf(all);
    const order = all.engine.place(BID);
    all.clock.advanceBy(300);
    await hit(all, other, { size: "0.0005" });
    all.clock.advanceBy(300);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    all.clock.advanceBy(4_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
  });

  it("situation 4: the end before the answer: the answer does not bring it back", async () => {
    const all = await story([{ what: "delayAnswer", ms: 3_000, to: { type: "order", ...MINE } }]);
    const other = await otherOf(all);
    await offer(all, other, "0.002");
    const order = all.engine.place({ ...BID, tif: "Ioc" });
    all.clock.advanceBy(600);
    expect(order.view().state).toBe("filled");
    all.clock.advanceBy(5_000);
    expect(await settle(all.clock, order.closed)).toMatchObject({
      state: "filled",
      filled: "0.002",
    });
    expect(all.alarms).toEqual([]);
  });

  it.each([
    [5, { what: "delayFrame", ms: 3_000 }],
    [6, { what: "loseFrame" }],
  ] as const)(
    "situation %i: filled by the answer, its fills late or never told: known at once, booked once",
    async (_number, fault) => {
      const all = await story([{ ...fault, to: { channel: "userFills", ...MINE } }]);
      const other = await otherOf(all);
      await offer(all, other, "0.002");
      const order = all.engine.place({ ...BID, tif: "Ioc" });
      expect(await settle(all.clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
      expect(order.view().state).toBe("filled");
      expect(await settle(all.clock, order.closed)).toMatchObject({
        filled: "0.002",
        ledger: "complete",
      });
      all.clock.advanceBy(5_000);
      expect(all.engine.positions).toEqual([{ coin: "BTC", size: "0.002" }]);
    },
  );

  it("situation 9: unknown for a while though it landed: no proof, adopted when it shows, nothing sent twice", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", ...MINE } },
      { what: "unknownOid", ms: 9_000 },
      ...unheard(12_000),
    ]);
    const order = all.engine.place(BID);
    all.clock.advanceBy(60_000);
    expect(order.view().state).toBe("resting");
    expect(openAt(all)).toEqual([String(order.view().oid)]);
    expect(all.engine.counters).toMatchObject({ doubts: 1, doubtsEnded: 1 });
  });

  it("situation 10: every read fails: doubtful as long as it takes, in exposure, alarmed once, then decided", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", ...MINE } },
      {
        ...{ what: "httpStatus", status: 502, body: "html", to: { path: "/info" } },
        when: { afterMs: 3_000, untilMs: 110_000 },
      },
      ...unheard(110_000),
    ]);
    const order = all.engine.place(BID);
    all.clock.advanceBy(100_000);
    expect(order.view().state).toBe("pending");
    expect(all.engine.exposure).toMatchObject([{ coin: "BTC", max: "0.002" }]);
    expect(await settle(all.clock, order.acknowledged)).toMatchObject({ kind: "unresolved" });
    expect(all.alarmed().filter((name) => name === "doubtExhausted")).toHaveLength(1);
    all.clock.advanceBy(90_000);
    expect(order.view().state).toBe("resting");
    expect(openAt(all)).toEqual([String(order.view().oid)]);
  });

  it("situation 15: an element error is a refusal with its reason", async () => {
    const all = await story([]);
    const order = all.engine.place({ ...BID, size: "90000" });
    const refused = await settle(all.clock, order.acknowledged);
    expect(refused).toMatchObject({ kind: "refused", by: "venue" });
    expect(order.view().state).toBe("rejected");
  });

  it("situation 16: one error for a whole batch refuses each of it", async () => {
    const error = "Order value too large. Max is $5000000.";
    const all = await story([{ what: "scriptAnswer", error, each: false, to: { type: "order" } }]);
    const orders = many(all, 3);
    await settle(all.clock, Promise.all(orders.map(({ acknowledged }) => acknowledged)));
    expect(orders.map((order) => order.view())).toMatchObject(
      orders.map(() => ({ state: "rejected", cause: "maxValue", requests: [] })),
    );
    expect(openAt(all)).toEqual([]);
  });

  it("situation 17: item 2 of 3 fails: 1 and 3 live", async () => {
    const all = await story([]);
    const orders = many(all, 3, { reduceOnly: true });
    await settle(all.clock, Promise.all(orders.map(({ acknowledged }) => acknowledged)));
    expect(orders.map((order) => order.view().state)).toEqual(["resting", "rejected", "resting"]);
    expect(openAt(all)).toHaveLength(2);
  });

  it.each([0, 1, 2, 5])(
    "situation 18: %i statuses for three orders: none is lost",
    async (count) => {
      const to = { type: "order", ...MINE };
      const all = await story([{ what: "resizeStatuses", count, to }, ...unheard(12_000)]);
      const orders = many(all, 3);
      all.clock.advanceBy(20_000);
      expect(orders.map((order) => order.view().state)).toEqual(orders.map(() => "resting"));
      expect(openAt(all)).toHaveLength(3);
      expect(all.engine.status.doubtful).toBe(0);
    },
  );

  it("situation 19: a batch whose answer is lost with its socket: each is decided alone", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", ...MINE } },
      { what: "disconnect", to: { channel: "orderUpdates", ...MINE }, times: 1 },
    ]);
    const orders = many(all, 3, { reduceOnly: true });
    all.clock.advanceBy(60_000);
    expect(orders.map((order) => order.view().state)).toEqual(["resting", "reaped", "resting"]);
    expect(openAt(all)).toHaveLength(2);
  });

  it("situation 20, 21: what may not match is rejected, what must match and cannot is canceled", async () => {
    const all = await story([]);
    const other = await otherOf(all);
    const missed = all.engine.place({ ...BID, tif: "Ioc" });
    expect(await settle(all.clock, missed.closed)).toMatchObject({
      state: "canceled",
      cause: "iocNoMatch",
    });
    await offer(all, other, "0.0005");
    const crossing = all.engine.place(ALO);
    expect(await settle(all.clock, crossing.acknowledged)).toMatchObject({ reason: "postOnly" });
    const part = all.engine.place({ ...BID, tif: "Ioc" });
    expect(await settle(all.clock, part.closed)).toMatchObject({
      ...{ state: "canceled", cause: "iocRemainder", filled: "0.0005" },
    });
  });

  it("situation 28: canceled while it waits for a slot: nothing of it is sent", async () => {
    const all = await story([{ what: "delayAnswer", ms: 800, to: { type: "order", ...MINE } }], {
      engine: { limits: { inFlightMax: 1 } },
    });
    all.engine.place(BID);
    const waits = all.engine.place({ ...BID, price: "49000" });
    expect(await settle(all.clock, waits.cancel())).toMatchObject({ state: "canceled" });
    all.clock.advanceBy(5_000);
    expect(openAt(all)).toHaveLength(1);
  });

  it("situation 29: the expiry passes before it is taken: refused, and proved so", async () => {
    const all = await story([{ what: "holdAction", ms: 4_000, to: { type: "order", ...MINE } }]);
    const order = all.engine.place({ ...BID, expiresAfterMs: 2_000 });
    expect(await settle(all.clock, order.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "expired" },
    });
    expect(openAt(all)).toEqual([]);
  });
});
