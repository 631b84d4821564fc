import type { EngineOptions } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import type { Signer } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, OTHER, settle } from "../world.ts";
import {
  alarmed,
  BID,
  foreignJournal,
  hasSettled,
  legsOf,
  NETWORK,
  placed,
  requestsOf,
  type Story,
  story,
  truthOf,
  until,
} from "./story.fixture.ts";

const OURS = { account: ACCOUNT };
const SLOW_ANSWERS = { what: "delayAnswer", ms: 3_000, to: { type: "order", ...OURS } };
/** What makes them wait is the answer: the streams would say before that the order rests. */
const SILENT = ["orderUpdates", "openOrders"].map((channel) => ({
  ...{ what: "delayFrame", ms: 3_000, to: { channel, ...OURS } },
}));
const ONE_SLOT: Partial<EngineOptions> = { limits: { inFlightMax: 1, cancelReserve: 1 } };

describe("before anything is sent", () => {
  it("situation 26: what breaks a static rule is refused at once, and leaves nothing behind", async () => {
    const all = await story();
    const { engine, clock } = all;
    const before = engine.snapshot().sequence;
    const bad = [
      [{ price: "50000.5" }, "invalidSpec"],
      [{ price: "0.1234567" }, "invalidSpec"],
      [{ size: "0.0000001" }, "invalidSpec"],
      [{ size: "0.0001" }, "invalidSpec"],
      [{ size: "0" }, "invalidSpec"],
      [{ size: "1e-3" }, "invalidSpec"],
      [{ size: "-0.001" }, "invalidSpec"],
      [{ coin: "MATIC", price: "0.4", size: "100" }, "invalidSpec"],
      [{ coin: "NOPE" }, "unknownCoin"],
      [{ coin: "btc" }, "unknownCoin"],
    ] as const;
    for (const [terms, code] of bad) {
      const refused = expect.objectContaining({ code, outcome: "never-sent" });
      expect(() => engine.place({ ...BID, ...terms })).toThrow(refused);
      expect(() => engine.placeMany([BID, { ...BID, ...terms }])).toThrow(refused);
    }
    expect(engine.orders).toEqual([]);
    expect(engine.snapshot().sequence).toBe(before);
    expect(engine.counters.refusedSpecs).toBe(2 * bad.length);
    clock.advanceBy(5_000);
    expect(requestsOf(all)).toEqual([]);
    expect(truthOf(all).orders).toEqual([]);
    all.expectBooksAgree();
  });

  it.each(["throws", "says no"] as const)(
    "situation 30: a signer that %s: nothing is sent, refused here, no slot is lost",
    async (how) => {
      const signer = moodySigner(how);
      const all = await story();
      const { clock, engineFor, cable } = all;
      const venue = hyperliquid({ network: NETWORK, account: OTHER, signer, wire: cable });
      const engine = await engineFor(OTHER, { ...ONE_SLOT, venue, journal: foreignJournal() });
      signer.sulks = true;
      const orders = [1, 2, 3].map((at) => engine.place({ ...BID, price: String(50_000 - at) }));
      for (const order of orders) {
        expect(await settle(clock, order.acknowledged)).toMatchObject({
          ...{ kind: "refused", by: "local", reason: "signFailed" },
        });
        expect(await settle(clock, order.closed)).toMatchObject({ state: "rejected", filled: "0" });
      }
      expect(engine.status).toMatchObject({ inFlight: 0, queued: 0, doubtful: 0, load: "free" });
      expect(engine.exposure).toEqual([]);
      expect(truthOf(all, OTHER).requests).toEqual([]);
      signer.sulks = false;
      const good = engine.place(BID);
      expect(await settle(clock, good.acknowledged)).toMatchObject({ kind: "accepted" });
      expect(truthOf(all, OTHER).requests.map(({ type }) => type)).toEqual(["order"]);
    },
  );
});

/** Signs as a test does, unless it sulks. */
function moodySigner(how: "throws" | "says no"): Signer & { sulks: boolean } {
  const honest = testSigner(OTHER);
  return {
    ...{ sulks: false, address: honest.address },
    nextNonce: (nowMs) => honest.nextNonce(nowMs),
    raiseNonce: (atLeast) => honest.raiseNonce(atLeast),
    sign(digest, done) {
      if (!this.sulks) honest.sign(digest, done);
      else if (how === "throws") throw new Error("the key store is locked");
      else done({ kind: "failed", reason: "the key store is locked" });
    },
  };
}

describe("slots and the queue", () => {
  it("situation 27: with every slot taken a place waits, at most queueMs; cancels pass at once", async () => {
    const from = { when: { afterMs: 6_000 } };
    const faults = [{ ...SLOW_ANSWERS, ...from }, ...SILENT.map((one) => ({ ...one, ...from }))];
    const all = await story({ faults, engine: ONE_SLOT });
    const { engine, clock } = all;
    const resting = await placed(all);
    clock.advanceTo(6_500);
    engine.place({ ...BID, price: "49999" });
    clock.advanceBy(10);
    const waiting = engine.place({ ...BID, price: "49998" });
    expect(engine.status).toMatchObject({ load: "saturated", inFlight: 1, queued: 1 });
    clock.advanceBy(500);
    void resting.cancel();
    clock.advanceBy(200);
    expect(requestsOf(all)).toEqual(["order", "order", "cancel"]);
    expect(legsOf(all, resting)).toMatchObject([{ open: false }]);
    clock.advanceBy(290);
    expect(waiting.view().state).toBe("pending");
    clock.advanceBy(20);
    expect(waiting.view()).toMatchObject({ state: "rejected", cause: "expiredInQueue" });
    expect(await waiting.acknowledged).toMatchObject({ kind: "refused", by: "local" });
    expect(engine.status.queued).toBe(0);
    clock.advanceBy(15_000);
    expect(legsOf(all, waiting)).toEqual([]);
    expect(requestsOf(all)).toEqual(["order", "order", "cancel"]);
    all.expectBooksAgree();
  });

  it("situation 27: a slot that comes free in time goes to a modify before a place; nothing waits for ever", async () => {
    const slow = { what: "delayAnswer", ms: 600, to: { type: "order", ...OURS } };
    const late = ["orderUpdates", "openOrders"].map((channel) => ({
      ...{ what: "delayFrame", ms: 600, to: { channel, ...OURS }, when: { afterMs: 6_000 } },
    }));
    const all = await story({
      faults: [{ ...slow, when: { afterMs: 6_000 } }, ...late],
      engine: ONE_SLOT,
    });
    const { engine, clock } = all;
    const resting = await placed(all);
    clock.advanceTo(6_500);
    const first = engine.place({ ...BID, price: "49999" });
    const second = engine.place({ ...BID, price: "49998" });
    const modified = resting.modify({ price: "50001" });
    expect(engine.status).toMatchObject({ inFlight: 1, queued: 2 });
    expect(await settle(clock, modified)).toMatchObject({ kind: "accepted" });
    expect(await settle(clock, second.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(first.view().state).toBe("resting");
    expect(requestsOf(all)).toEqual(["order", "order", "batchModify", "order"]);
    clock.advanceBy(5_000);
    expect(alarmed(all)).toEqual([]);
    all.expectBooksAgree();
  });

  it("situation 28: canceled while it waits: canceled, never sent, no traffic", async () => {
    const all = await story({ faults: [SLOW_ANSWERS, ...SILENT], engine: ONE_SLOT });
    const { engine, clock } = all;
    const first = engine.place(BID);
    clock.advanceBy(10);
    const second = engine.place({ ...BID, price: "49999" });
    const canceled = second.cancel();
    expect(second.view()).toMatchObject({ state: "canceled", cause: "withdrawn", requests: [] });
    expect(await hasSettled(canceled)).toBe(true);
    expect(await canceled).toEqual({ kind: "settled", state: "canceled", filled: "0" });
    clock.advanceBy(10_000);
    expect(requestsOf(all)).toEqual(["order"]);
    expect(legsOf(all, second)).toEqual([]);
    expect(first.view().state).toBe("resting");
    all.expectBooksAgree();
  });
});

describe("an order that comes too late", () => {
  /** How many requests the exchange has counted for the account. */
  async function requestsUsed({ cable, clock }: Story): Promise<unknown> {
    const body = JSON.stringify({ type: "userRateLimit", user: ACCOUNT });
    const answered = new Promise<unknown>((resolve) => {
      cable.request({ path: "/info", body, timeoutMs: 1_000 }, (answer) =>
        resolve(answer.kind === "answered" ? JSON.parse(answer.body) : answer),
      );
    });
    return settle(clock, answered);
  }

  it("situation 29: refused for sure as expired, and it costs five requests", async () => {
    const held = { what: "holdAction", ms: 2_000, to: { type: "order", ...OURS }, times: 1 };
    const all = await story({ faults: [held] });
    const { engine, clock } = all;
    const order = engine.place({ ...BID, expiresAfterMs: 1_000 });
    expect(await settle(clock, order.acknowledged)).toMatchObject({
      ...{ kind: "refused", by: "venue", reason: "expired" },
    });
    expect(order.view()).toMatchObject({ state: "rejected", cause: "expired" });
    expect(engine.counters.doubts).toBe(0);
    expect(legsOf(all, order)).toEqual([]);
    expect(await requestsUsed(all)).toMatchObject({ nRequestsUsed: 5 });
    expect(requestsOf(all)).toEqual(["order"]);
    clock.advanceBy(5_000);
    all.expectBooksAgree();
  });

  it("situation 29: with two copies written one that expired says nothing of the other: looked for", async () => {
    const all = await story({
      faults: [
        {
          what: "holdAction",
          ms: 1_500,
          to: { type: "order", ...OURS },
          when: { untilMs: 3_500 },
          times: 1,
        },
        { what: "disconnect", to: { channel: "pong", ...OURS } },
      ],
    });
    const { engine, clock, cable } = all;
    const order = engine.place({ ...BID, onDoubt: "land", expiresAfterMs: 3_000 });
    clock.advanceBy(50);
    cable.disconnect();
    until(all, () => requestsOf(all).filter((type) => type === "order").length === 2);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(legsOf(all, order)).toHaveLength(1);
  });
});
