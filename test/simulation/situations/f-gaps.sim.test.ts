import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import { BID, comesBack, hit, isOpen, meeting, rested } from "./meeting.fixture.ts";
import { until, weightOf } from "./told.fixture.ts";

describe("while the socket is away", () => {
  it("situation 91: fills, cancels and an accept of those 30 s are found once; places wait until then", async () => {
    const at = await meeting();
    const { clock, cable, engine, exchange } = at;
    const whole = await rested(at);
    const part = await rested(at, { price: "49900" });
    const gone = await rested(at, { price: "49800" });
    const kept = await rested(at, { price: "49700" });
    const flying = engine.place({ ...BID, price: "49600" });
    clock.advanceBy(6);
    cable.refuse(true);
    cable.disconnect();
    const oid = gone.view().oid ?? 0;
    const status = "vaultWithdrawalCanceled";
    exchange.market({ steps: [{ do: "cancelAs", account: ACCOUNT, oid, status }] });
    await hit(at, { price: "49900", size: "0.0025" });
    const early = engine.place({ ...BID, price: "49500" });
    expect(await settle(clock, early.acknowledged)).toEqual({
      kind: "refused",
      by: "local",
      reason: "expiredInQueue",
    });
    clock.advanceBy(30_000);
    expect([whole, part, gone, kept].map((order) => order.view().state)).toEqual(
      Array(4).fill("resting"),
    );
    expect(at.fills).toEqual([]);
    cable.refuse(false);
    until(clock, () => isOpen(at));

    expect(await settle(clock, whole.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(part.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(await settle(clock, gone.closed)).toMatchObject({
      state: "canceled",
      cause: "vaultWithdrawal",
      filled: "0",
    });
    expect([kept, flying].map((order) => order.view().state)).toEqual(["resting", "resting"]);
    expect(at.path(part)).toEqual(["pending", "resting", "partiallyFilled"]);
    expect(at.fills.map(({ size }) => size)).toEqual(["0.002", "0.0005"]);
    expect(at.certificates).toMatchObject([
      { cause: "reconnect", complete: true, unresolved: [], found: { missing: 1 } },
    ]);
    // What was on its way when the socket went may be withdrawn before it turns out to have landed.
    expect(at.sent().filter((type) => type !== "noop")).toEqual(Array(5).fill("order"));
    expect(await settle(clock, engine.place(BID).acknowledged)).toMatchObject({ kind: "accepted" });
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 91: a place that comes while it recovers waits for the gate, and leaves then, once", async () => {
    const at = await meeting();
    const { clock, cable, engine } = at;
    await rested(at);
    cable.disconnect();
    until(clock, () => !isOpen(at));
    const order = engine.place({ ...BID, price: "49000" });
    engine.onTick(() => {
      if (!isOpen(at)) expect(at.sent()).toEqual(["order"]);
    });
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(at.certificates).toMatchObject([{ cause: "reconnect", complete: true }]);
    expect(at.sent()).toEqual(["order", "order"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it.each([
    ["as it is", []],
    ["with every fill twice", [{ what: "duplicateSnapshot", to: { account: ACCOUNT } }]],
    ["with its newest once more as news", [{ what: "overlapSnapshot", count: 2 }]],
  ])(
    "situation 92: the snapshot after a reconnect replays fills: none is booked or told twice (%s)",
    async (_, faults) => {
      const at = await meeting({ faults });
      const order = await rested(at);
      await hit(at);
      await hit(at);
      const changes: string[] = [];
      order.changes$.subscribe(({ evidence }) => changes.push(evidence.type));
      for (let round = 0; round < 3; round += 1) {
        at.cable.disconnect();
        comesBack(at);
        at.clock.advanceBy(6_000);
      }
      expect(at.fills.map(({ size }) => size)).toEqual(["0.0005", "0.0005"]);
      expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.001" });
      expect(changes.filter((type) => type === "venue.fill")).toEqual([]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );

  it("situation 97: a cancel leaves by REST and suppresses no fill that is recovered", async () => {
    const at = await meeting();
    const { clock, cable } = at;
    const order = await rested(at);
    cable.disconnect();
    until(clock, () => !isOpen(at));
    await hit(at);
    const canceled = order.cancel();
    clock.advanceBy(200);
    expect(at.sent()).toEqual(["order", "cancel"]);
    expect(await settle(clock, canceled)).toMatchObject({ kind: "settled", state: "canceled" });
    expect(await settle(clock, order.closed)).toMatchObject({
      state: "canceled",
      cause: "requested",
      filled: "0.0005",
      ledger: "complete",
    });
    expect(at.fills).toHaveLength(1);
    at.expectBooksAgree();
    expect(at.alarmed().filter((name) => name !== "lateFill")).toEqual([]);
  });
});

describe("a socket that lives and says nothing", () => {
  it("situation 93: is given up within a ping and its patience, and what it kept is read", async () => {
    const at = await meeting({
      faults: [
        {
          what: "halfOpen",
          ms: 600_000,
          to: { channel: "userFills" },
          times: 1,
          when: { afterMs: 4_500 },
        },
      ],
    });
    const { clock, engine } = at;
    const order = await rested(at);
    clock.advanceTo(5_000);
    await hit(at);
    const silentMs = clock.monotonicMs();
    const lost = engine.place({ ...BID, price: "49000" });
    clock.advanceBy(4_800);
    expect(lost.view().state).toBe("pending");
    until(clock, () => !isOpen(at));
    // A ping every 15 s, and 5 s for its pong.
    expect(clock.monotonicMs() - silentMs).toBeLessThanOrEqual(20_100);
    expect(order.view()).toMatchObject({ filled: "0" });
    expect(engine.status.gate).toEqual({ place: false, modify: false, cancel: true });
    until(clock, () => isOpen(at));
    clock.advanceBy(3_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    // The post never reached the venue: a noop by REST spent its nonce.
    expect(await settle(clock, lost.closed)).toMatchObject({ state: "rejected", filled: "0" });
    expect(at.doubts).toMatchObject([{ kind: "place", by: "noop" }]);
    expect(at.sent()).toEqual(["order", "noop"]);
    at.expectBooksAgree();
  });

  it("situation 94: all that one socket says comes once more, late and from the next one: heard once", async () => {
    const at = await meeting({
      faults: [{ what: "echoFrame", ms: 900, to: { account: ACCOUNT } }],
    });
    const order = await rested(at);
    await hit(at);
    at.cable.disconnect();
    comesBack(at);
    await hit(at);
    const moved = order.modify({ price: "50010" });
    expect(await settle(at.clock, moved)).toMatchObject({ kind: "accepted" });
    await hit(at, { price: "50010", size: "0.001" });
    at.clock.advanceBy(5_000);
    expect(at.path(order)).toEqual(["pending", "resting", "partiallyFilled", "filled"]);
    expect(at.fills.map(({ size }) => size)).toEqual(["0.0005", "0.0005", "0.001"]);
    expect(new Set(at.fills.map(({ tid }) => tid)).size).toBe(3);
    expect(at.sent()).toEqual(["order", "batchModify"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});

describe("a venue that is away", () => {
  it("situation 98: five minutes in which nothing can be read end no order and no doubt", async () => {
    const when = { afterMs: 5_000, untilMs: 305_000 };
    const at = await meeting({
      faults: [
        { what: "loseAction", to: { account: ACCOUNT }, when },
        { what: "httpStatus", status: 502, body: "html", when },
      ],
    });
    const { clock, engine, cable } = at;
    const resting = await rested(at);
    const filled = await rested(at, { price: "50100" });
    clock.advanceTo(5_100);
    const lost = engine.place({ ...BID, price: "49000" });
    clock.advanceBy(1_000);
    cable.disconnect();
    await hit(at, { price: "50100", size: "0.002" });
    clock.advanceTo(300_000);
    expect(engine.status).toMatchObject({ barrier: "recovering", doubtful: 1 });
    expect(engine.status.gate).toEqual({ place: false, modify: false, cancel: true });
    expect(at.path(resting)).toEqual(["pending", "resting"]);
    expect(at.path(filled).at(-1)).not.toBe("canceled");
    expect(at.path(lost)).toEqual(["pending"]);
    expect(at.certificates.every(({ complete }) => !complete)).toBe(true);
    expect(at.doubts).toEqual([]);
    // Placed 0.002 each, and one of them has filled or may have.
    expect(engine.exposure).toMatchObject([{ max: "0.006" }]);

    clock.advanceTo(306_000);
    until(clock, () => isOpen(at));
    expect(await settle(clock, filled.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(await settle(clock, lost.closed)).toMatchObject({ state: "rejected" });
    expect(resting.view().state).toBe("resting");
    expect(await settle(clock, engine.place(BID).acknowledged)).toMatchObject({ kind: "accepted" });
    at.expectBooksAgree();
    expect(new Set(at.alarmed())).toEqual(new Set(["readsFailing", "doubtExhausted"]));
  });
});

describe("a connection that flaps", () => {
  it("situation 103: every second for a minute: bounded in sockets, reads and weight; nothing is lost", async () => {
    const connects = { count: 0 };
    const at = await meeting({
      meddle: {
        frame: ({ channel, text }) => {
          const isAck = channel === "subscriptionResponse" && text.includes('"orderUpdates"');
          if (isAck) connects.count += 1;
          return "deliver";
        },
      },
    });
    const { clock, engine } = at;
    const order = await rested(at);
    connects.count = 0;
    const before = at.reads.length;
    for (let second = 0; second < 60; second += 1) {
      if (second === 25) await hit(at);
      clock.advanceBy(1_000);
      at.cable.disconnect();
    }
    const reads = at.reads.slice(before);
    expect(weightOf(reads)).toBeLessThan(1_200);
    // The looks of recoveries, those that were called off too, are 5 s apart.
    const begun = at.certificates.map(({ begunAtMs }) => begunAtMs);
    expect(begun.length).toBeGreaterThan(3);
    for (const [place, atMs] of begun.slice(1).entries()) {
      expect(atMs - (begun[place] ?? 0)).toBeGreaterThanOrEqual(5_000);
    }
    expect(connects.count).toBeGreaterThan(3);
    expect(connects.count).toBeLessThanOrEqual(20);
    expect(at.path(order).slice(0, 2)).toEqual(["pending", "resting"]);
    until(clock, () => isOpen(at));
    clock.advanceBy(5_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    // Nothing was sent but the order: the address budget is as it was.
    expect(at.sent()).toEqual(["order"]);
    expect(engine.counters.doubts).toBe(0);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });
});
