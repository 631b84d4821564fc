import { type PlaceSpec, seededRandom } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import { BID, hit, meeting, rested } from "./meeting.fixture.ts";
import { story } from "./told.fixture.ts";

const EXIT = { ...BID, side: "sell", price: "60000", size: "0.001", reduceOnly: true } as const;
const STOP: PlaceSpec = {
  ...EXIT,
  price: "30000",
  trigger: { price: "31000", kind: "sl", market: true },
};
const FULL = { kind: "refused", by: "local", reason: "tooManyOpenOrders" };

describe("the venue's limit of open orders", () => {
  it("situation 120: when they are used up exits and stops are refused here, until there is room again", async () => {
    const at = await meeting({
      exchange: { limits: { openOrders: 60, openOrdersMax: 60 } },
      engine: { limits: { openOrdersBase: 60, openOrdersMax: 60 } },
    });
    const { clock, engine } = at;
    await rested(at);
    await hit(at, { size: "0.002" });
    const orders = [];
    for (let batch = 0; batch < 3; batch += 1) {
      const specs = Array.from({ length: 20 }, () => ({ ...BID, price: "40000" }));
      orders.push(...engine.placeMany(specs));
      clock.advanceBy(200);
    }
    expect(at.truth().orders.filter(({ open }) => open)).toHaveLength(60);
    for (const spec of [EXIT, STOP, { ...BID, price: "39000" }]) {
      expect(await settle(clock, engine.place(spec).acknowledged)).toMatchObject(FULL);
    }
    // What takes at once rests nowhere.
    const taken = engine.place({ ...BID, price: "39000", tif: "Ioc" });
    expect(await settle(clock, taken.closed)).toMatchObject({ cause: "iocNoMatch" });
    expect(await settle(clock, engine.cancel(orders[0]?.cloid ?? ""))).toMatchObject({
      state: "canceled",
    });
    const stop = engine.place(STOP);
    expect(await settle(clock, stop.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(await settle(clock, engine.place(EXIT).acknowledged)).toMatchObject(FULL);
    expect(at.truth().orders.filter(({ open }) => open)).toHaveLength(60);
    const refused = at
      .truth()
      .orders.flatMap(({ statuses }) => statuses.map(({ status }) => status));
    expect(refused).not.toContain("tooManyOpenOrdersRejected");
    expect(at.alarmed()).toEqual(["budgetLow"]);
  });

  it("situation 120: orders of others on the account count, once they were seen; the venue's word is typed before", async () => {
    const few = { openOrders: 4, openOrdersMax: 6 };
    const at = await story({
      exchange: { limits: few },
      engine: { limits: { openOrdersBase: 4, openOrdersMax: 6 } },
    });
    const { clock, engine } = at;
    clock.advanceTo(4_000);
    const twin = await at.engineFor(ACCOUNT, { random: seededRandom(9) });
    for (let count = 0; count < 4; count += 1) {
      const theirs = twin.place({ ...BID, price: `4000${count}` });
      await settle(clock, theirs.acknowledged);
    }
    const unseen = engine.place(BID);
    expect(await settle(clock, unseen.acknowledged)).toMatchObject({
      kind: "refused",
      by: "venue",
      reason: "tooManyOpenOrders",
    });
    await settle(clock, engine.reconcile());
    expect(await settle(clock, engine.place(BID).acknowledged)).toMatchObject(FULL);
    await settle(clock, twin.cancelAll());
    await settle(clock, engine.reconcile());
    expect(await settle(clock, engine.place(BID).acknowledged)).toMatchObject({ kind: "accepted" });
    at.expectBooksAgree();
  });
});

describe("the account's budget of requests", () => {
  it("situation 119: used up by somebody else: a doubt ends all the same, cancels pass, and nobody storms", async () => {
    const lost = { what: "loseAction", to: { type: "order", account: ACCOUNT } };
    const at = await story({
      exchange: { limits: { addressRequests: 20 } },
      faults: [{ ...lost, when: { afterMs: 10_000 }, times: 1 }],
    });
    const { clock, engine } = at;
    const calm = at.exchange.wire({ latencyMs: 5 });
    const free = { random: seededRandom(9), limits: { addressReserve: 0 } };
    const twin = await at.engineFor(ACCOUNT, free, calm);
    clock.advanceTo(4_000);
    const orders = Array.from({ length: 12 }, () => engine.place(BID));
    clock.advanceTo(10_000);
    const doubtful = engine.place({ ...BID, price: "49000" });
    clock.advanceBy(500);
    for (let count = 0; count < 8; count += 1) twin.place({ ...BID, price: "40000" });
    clock.advanceBy(5_000);
    expect(engine.status.doubtful).toBe(1);
    expect(await settle(clock, doubtful.closed)).toMatchObject({ state: "rejected", filled: "0" });
    expect(at.doubts).toHaveLength(1);
    expect(at.doubts[0]?.tookMs).toBeLessThan(25_000);
    const late = engine.place({ ...BID, price: "48000" });
    expect(await settle(clock, late.acknowledged)).toMatchObject({ kind: "refused" });
    const canceled = await settle(clock, engine.cancelAll());
    expect(canceled).toMatchObject({ unresolved: [], verified: true });
    expect(canceled.canceled).toHaveLength(orders.length);
    const types = at.sent();
    // After 1, 2, 4 and 8 s.
    expect(types.filter((type) => type === "noop").length).toBeLessThanOrEqual(5);
    expect(types.filter((type) => type.startsWith("cancel")).length).toBeLessThanOrEqual(2);
    expect(at.alarmed().filter((name) => name !== "strangerFill")).toContain("budgetLow");
    at.expectBooksAgree();
  });
});
