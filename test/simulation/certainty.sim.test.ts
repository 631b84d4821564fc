import { isLive, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALO, BID, hit, openAt, story, unheard } from "./story.fixture.ts";
import { ACCOUNT, OTHER, settle } from "./world.ts";

describe("doubt, over the real wire", () => {
  it("situation 7: the answer and every word are lost: found, told by which means and after how long", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", account: ACCOUNT }, times: 1 },
      ...unheard(12_000),
    ]);
    const order = all.engine.place(BID);
    all.clock.advanceBy(4_900);
    expect(all.engine.counters.doubts).toBe(0);
    all.clock.advanceBy(15_000);
    expect(order.view().state).toBe("resting");
    expect(openAt(all)).toEqual([String(order.view().oid)]);
    expect(all.engine.counters).toMatchObject({ doubts: 1, doubtsEnded: 1 });
    expect(all.doubts).toMatchObject([{ kind: "place", cloids: [order.cloid] }]);
    expect(all.doubts[0]?.by).toBe("orderStatus");
    expect(all.doubts[0]?.tookMs).toBeLessThan(1_000);
  });

  it("situation 8: the action is lost: a noop on its nonce proves it, and nothing is at the venue", async () => {
    const all = await story([{ what: "loseAction", to: { type: "order" }, times: 1 }]);
    const order = all.engine.place(BID);
    expect(await settle(all.clock, order.closed)).toMatchObject({ state: "rejected" });
    expect(all.doubts).toMatchObject([{ by: "noop" }]);
    expect(openAt(all)).toEqual([]);
  });

  it("situation 8, 23: while REST takes nothing the noop goes by socket, and proves it", async () => {
    const all = await story([
      { what: "loseAction", to: { type: "order", account: ACCOUNT }, times: 1 },
      { what: "httpStatus", status: 429, body: "null", to: { path: "/exchange" } },
    ]);
    const order = all.engine.place(BID);
    expect(await settle(all.clock, order.acknowledged)).toMatchObject({ kind: "refused" });
    expect(all.doubts).toMatchObject([{ by: "noop" }]);
    expect(openAt(all)).toEqual([]);
  });

  it("situation 11: lost with its socket, landed by REST with the same bytes: one order", async () => {
    const all = await story([
      { what: "loseAction", to: { type: "order" }, times: 1 },
      { what: "disconnect", to: { channel: "pong" }, when: { afterMs: 15_000 }, times: 1 },
    ]);
    const { clock, engine } = all;
    while (clock.monotonicMs() % 15_000 < 14_900) clock.advanceBy(10);
    const order = engine.place({ ...ALO, onDoubt: "land" });
    while (engine.status.barrier === "open" && clock.monotonicMs() < 60_000) clock.advanceBy(10);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceBy(10_000);
    expect(order.view().state).toBe("resting");
    expect(openAt(all)).toEqual([String(order.view().oid)]);
  });

  it("situation 14: a proxy repeats a post, and the second answer is heard: looked for, places held meanwhile", async () => {
    const all = await story([
      { what: "repeatAction", heard: "second", to: { type: "order" }, times: 1 },
      ...unheard(12_000),
    ]);
    const { clock, engine } = all;
    const order = engine.place(BID);
    while (!all.alarmed().includes("signerShared")) clock.advanceBy(10);
    expect(engine.status.gate).toMatchObject({ place: false, cancel: true });
    const held = engine.place({ ...BID, price: "49000" });
    expect(await settle(clock, held.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(order.view().state).toBe("resting");
    expect(openAt(all)).toHaveLength(2);
  });

  it("situation 93: answers that come after the deadline decide, and the route goes to REST and back", async () => {
    const all = await story([
      { what: "delayAnswer", ms: 20_000, to: { type: "order" }, when: { untilMs: 33_000 } },
      ...unheard(33_000),
    ]);
    const { clock, engine } = all;
    const orders = Array.from({ length: 5 }, (_, at) =>
      engine.place({ ...BID, price: String(50_000 - at) }),
    );
    clock.advanceBy(5_100);
    expect([engine.status.route, engine.counters.doubts]).toEqual(["restOnly", 5]);
    clock.advanceBy(80_000);
    expect(orders.map((order) => order.view().state)).toEqual(orders.map(() => "resting"));
    expect(openAt(all)).toHaveLength(5);
    const probe = engine.place({ ...BID, price: "49000" });
    await settle(clock, probe.acknowledged);
    expect(engine.status).toMatchObject({ route: "socket", doubtful: 0 });
  });
});

describe("what the venue says of everybody", () => {
  it("situation 24: after an upgrade takers are refused here, post-only orders pass, and then all do", async () => {
    const all = await story([]);
    const { clock, engine, exchange } = all;
    exchange.market({ steps: [{ do: "postOnly", on: true }] });
    clock.advanceBy(300);
    const taker = engine.place(BID);
    expect(await settle(clock, taker.acknowledged)).toMatchObject({
      by: "venue",
      reason: "postOnlyPeriod",
    });
    const again = engine.place(BID);
    expect(await settle(clock, again.acknowledged)).toMatchObject({
      by: "local",
      reason: "postOnlyPeriod",
    });
    const maker = engine.place(ALO);
    expect(await settle(clock, maker.acknowledged)).toMatchObject({ kind: "accepted" });
    exchange.market({ steps: [{ do: "postOnly", on: false }] });
    clock.advanceBy(10_000);
    const late = engine.place(BID);
    expect(await settle(clock, late.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(all.alarmed()).toEqual(["postOnlyPeriod"]);
  });

  it("situation 25: an unknown key halts trading with one alarm, and no storm follows", async () => {
    const refusal = `User or API Wallet 0x${"44".repeat(20)} does not exist.`;
    const all = await story([{ what: "scriptAnswer", refusal }]);
    const { clock, engine } = all;
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ reason: "unknownSigner" });
    expect(engine.status).toMatchObject({ brake: "halted", gate: { place: false } });
    expect(engine.place(BID).view()).toMatchObject({ state: "rejected", cause: "halted" });
    const before = engine.counters.inputs;
    clock.advanceBy(60_000);
    expect(all.alarmed()).toEqual(["signerUnknown"]);
    expect(engine.counters.inputs - before).toBeLessThan(1_000);
    expect(openAt(all)).toEqual([]);
  });
});

describe("modifies, over the real wire", () => {
  /** A fill that happened before the modify, and is heard after it. */
  const LATE_FILL = [
    { what: "delayFrame", ms: 900, to: { channel: "userFills", account: ACCOUNT } },
    { what: "delayFrame", ms: 900, to: { channel: "orderUpdates", account: ACCOUNT } },
  ];

  it.each([
    ["report", "0.0025"],
    ["reduce", "0.002"],
  ] as const)(
    "situation 77: the excess of a fill that was heard late is exact; onExcess %s",
    async (onExcess, most) => {
      const all = await story(LATE_FILL, { engine: { onExcess } });
      const { clock, engine } = all;
      const other = await all.engineFor(OTHER, { random: seededRandom(3) });
      const order = engine.place(BID);
      await settle(clock, order.acknowledged);
      clock.advanceBy(2_000);
      await hit(all, other, { size: "0.0005" });
      const done = order.modify({ price: "49990" });
      expect(await settle(clock, done)).toMatchObject({ kind: "accepted" });
      clock.advanceBy(5_000);
      expect(all.alarms.filter(({ name }) => name === "excess")).toMatchObject([
        { cloid: order.cloid, text: expect.stringContaining("filled 0.0005") },
      ]);
      await hit(all, other, { price: "40000", size: "0.01" });
      clock.advanceBy(5_000);
      expect(await settle(clock, order.closed)).toMatchObject({ state: "filled", filled: most });
      expect(engine.positions).toEqual([{ coin: "BTC", size: most }]);
    },
  );

  it("situation 78: thirty-two modifies one after another: the last wins, every leg is attributed", async () => {
    const all = await story([]);
    const { clock, engine } = all;
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    for (let step = 1; step <= 32; step += 1) {
      const price = String(50_000 - step);
      expect(await settle(clock, order.modify({ price }))).toMatchObject({ kind: "accepted" });
    }
    expect(order.view()).toMatchObject({ state: "resting", price: "49968", size: "0.002" });
    expect(openAt(all)).toEqual([String(order.view().oid)]);
    expect(order.view().oids).toHaveLength(33);
    expect(all.alarms).toEqual([]);
  });

  it("situation 82, 83: lagging reads show the old leg after the new one: it does not come back", async () => {
    const all = await story([{ what: "lagReads", ms: 3_000 }]);
    const { clock, engine } = all;
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    clock.advanceBy(4_000);
    for (let step = 1; step <= 6; step += 1) {
      await settle(clock, order.modify({ price: String(50_000 - step) }));
      void engine.reconcile();
      clock.advanceBy(1_500);
      expect(order.view()).toMatchObject({ state: "resting", price: String(50_000 - step) });
    }
    clock.advanceBy(30_000);
    expect(openAt(all)).toEqual([String(order.view().oid)]);
    // A read that lags may not know the newest leg yet: that is alarmed, and proves nothing.
    expect(all.alarmed().filter((name) => name !== "forgotten")).toEqual([]);
  });

  it("oids that do not increase: alarmed by the leg that shows it, and no word of the state is a lie", async () => {
    const all = await story([{ what: "shuffleOids" }]);
    const { clock, engine } = all;
    for (let round = 0; round < 6; round += 1) {
      const order = engine.place({ ...BID, price: String(50_000 - 100 * round) });
      await settle(clock, order.acknowledged);
      for (let step = 1; step <= 4; step += 1) {
        const price = String(50_000 - 100 * round - step);
        expect(await settle(clock, order.modify({ price }))).toMatchObject({ kind: "accepted" });
        clock.advanceBy(500);
        expect(order.view()).toMatchObject({ state: "resting", price });
      }
      if (round % 2 === 0) {
        expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
      }
    }
    clock.advanceBy(15_000);
    const live = engine.orders.filter(({ state }) => isLive(state));
    expect(openAt(all).toSorted()).toEqual(live.map(({ oid }) => String(oid)).toSorted());
    expect(live).toHaveLength(3);
    expect(new Set(all.alarmed())).toEqual(new Set(["oidOrder"]));
  });
});

describe("oids that do not increase, and an answer that is lost", () => {
  it.each([
    [1, "unresolved"],
    [2, "accepted"],
    [3, "unresolved"],
    [4, "unresolved"],
  ] as const)("a modify that landed is never called refused (step %i)", async (steps, kind) => {
    const all = await story([
      { what: "shuffleOids" },
      { what: "loseAnswer", to: { type: "batchModify" }, when: { afterMs: 6_000 } },
      ...["orderUpdates", "openOrders"].map((channel) => ({
        ...{ what: "loseFrame", to: { channel, account: ACCOUNT } },
        when: { afterMs: 6_000, untilMs: 14_000 },
      })),
    ]);
    const { clock, engine } = all;
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    for (let step = 1; step < steps; step += 1) {
      await settle(clock, order.modify({ price: String(50_000 - step) }));
    }
    clock.advanceBy(3_500);
    const modified = await settle(clock, order.modify({ price: "49000" }));
    clock.advanceBy(60_000);
    expect(openAt(all)).toHaveLength(1);
    expect(order.view()).toMatchObject({ state: "resting", price: "49000" });
    expect(openAt(all)).toEqual([String(order.view().oid)]);
    expect(modified).toMatchObject({ kind });
    expect(all.alarmed()).toContain("oidOrder");
    expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
    expect(openAt(all)).toEqual([]);
  });
});

describe("ending everything, over the real wire", () => {
  it("situation 65: of the account: what another process placed is canceled too; ours alone by default", async () => {
    const all = await story([]);
    const { clock, engine } = all;
    const twin = await all.engineFor(ACCOUNT, { random: seededRandom(9) });
    const mine = engine.place(BID);
    clock.advanceBy(10);
    const theirs = twin.place({ ...BID, price: "49000" });
    await settle(clock, mine.acknowledged);
    await settle(clock, theirs.acknowledged);
    expect(await settle(clock, engine.cancelAll())).toEqual({
      canceled: [mine.cloid],
      unresolved: [],
      verified: true,
    });
    expect(openAt(all)).toHaveLength(1);
    expect(await settle(clock, engine.cancelAll({ scope: "account" }))).toEqual({
      canceled: [theirs.cloid],
      unresolved: [],
      verified: true,
    });
    expect(openAt(all)).toEqual([]);
    clock.advanceBy(1_000);
    expect(theirs.view().state).toBe("canceled");
  });

  it("situation 64: with places whose answers are lost, nothing is left that lives", async () => {
    const all = await story([
      { what: "loseAnswer", to: { type: "order", account: ACCOUNT } },
      { what: "loseAnswer", to: { type: "cancelByCloid", account: ACCOUNT }, times: 2 },
    ]);
    const { clock, engine } = all;
    for (let at = 0; at < 8; at += 1) engine.place({ ...BID, price: String(50_000 - at) });
    clock.advanceBy(30);
    const result = await settle(clock, engine.cancelAll());
    expect(result).toMatchObject({ unresolved: [], verified: true });
    expect(openAt(all)).toEqual([]);
  });

  it('situation 121: "wait" lets orders rest and ends when the last doubt has', async () => {
    const all = await story([
      { what: "loseAction", to: { type: "order" }, times: 1 },
      { what: "loseAction", to: { type: "noop" }, times: 1 },
    ]);
    const { clock, engine } = all;
    engine.place(BID);
    clock.advanceBy(1_000);
    const resting = engine.place({ ...BID, price: "49000" });
    await settle(clock, resting.acknowledged);
    clock.advanceBy(4_500);
    expect(engine.status.doubtful).toBe(1);
    const result = await settle(clock, engine.close({ orders: "wait", withinMs: 30_000 }));
    expect(result).toMatchObject({ canceled: [], unresolved: [], doubtful: [] });
    expect(openAt(all)).toHaveLength(1);
  });
});
