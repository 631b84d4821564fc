import type { Change, ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ACCOUNT, settle } from "../world.ts";
import { BID, hit, meeting, rested } from "./meeting.fixture.ts";
import { until } from "./told.fixture.ts";

const CANCEL_AS = { do: "cancelAs", account: ACCOUNT, status: "internalCancel" } as const;

describe("what nobody understands", () => {
  it("situation 99: frames are kept with their text and counted, and the stream goes on", async () => {
    const at = await meeting();
    const { cable, clock, engine } = at;
    const order = await rested(at);
    const kept: string[] = [];
    engine.onTick(({ input }) => {
      if (input.kind !== "venue") return;
      for (const fact of input.facts) if (fact.type === "unrecognized") kept.push(fact.text);
    });
    const before = engine.counters.unrecognized;
    const texts = ["<html>", "{", '{"channel":"brandNew","data":1}', '{"channel":"userFills"}'];
    for (const text of texts) cable.say(text);
    clock.advanceBy(100);
    expect(kept).toEqual(texts);
    expect(engine.counters.unrecognized - before).toBe(4);
    expect(new Set(at.alarmed())).toEqual(new Set(["frameUnrecognized"]));
    await hit(at);
    expect(order.view().filled).toBe("0.0005");
    expect(at.certificates).toEqual([]);
    at.expectBooksAgree();
  });

  it.each([
    ["the stream", { channel: "orderUpdates", account: ACCOUNT }],
    ["the stream, and in reads for a while", { account: ACCOUNT }],
  ])("situation 99: a new word in %s ends nothing: it is asked about", async (where, to) => {
    const from = { from: "internalCancel", status: "frozenByPriest" };
    const when = { untilMs: 30_000 };
    const at = await meeting({ faults: [{ what: "renameStatus", ...from, to, when }] });
    const { clock, engine } = at;
    const order = await rested(at);
    const other = await rested(at, { price: "49900" });
    at.exchange.market({ steps: [{ ...CANCEL_AS, oid: order.view().oid ?? 0 }] });
    until(clock, () => at.alarmed().includes("unknownWord"));
    expect(at.path(order)).toEqual(["pending", "resting"]);
    if (where !== "the stream") {
      clock.advanceTo(29_000);
      expect(at.path(order)).toEqual(["pending", "resting"]);
      expect(engine.exposure).toMatchObject([{ max: "0.004" }]);
      // An answer with the same word is no reason to ask again at once.
      const asked = at.reads.filter(({ body }) => body.includes("orderStatus"));
      expect(asked.length).toBeLessThanOrEqual(5);
    }
    expect(await settle(clock, order.closed)).toMatchObject({ state: "canceled", filled: "0" });
    expect(clock.monotonicMs()).toBeLessThan(where === "the stream" ? 8_000 : 60_000);
    expect(at.path(other)).toEqual(["pending", "resting"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual(["unknownWord"]);
  });

  it("situation 99: a new word that ends like a known one is read by its end", async () => {
    const from = { from: "internalCancel", status: "moonPhaseCanceled" };
    const at = await meeting({ faults: [{ what: "renameStatus", ...from }] });
    const order = await rested(at);
    at.exchange.market({ steps: [{ ...CANCEL_AS, oid: order.view().oid ?? 0 }] });
    expect(await settle(at.clock, order.closed)).toMatchObject({ state: "canceled" });
    expect(at.clock.monotonicMs()).toBeLessThan(8_000);
    at.expectBooksAgree();
  });

  it("situation 99: a fill with a side nobody knows is set aside, those beside it are booked, and it is read", async () => {
    let broken = 0;
    const at = await meeting({
      meddle: {
        frame: ({ channel, text }) => {
          const isFirst = broken === 0 && channel === "userFills" && text.includes('"tid"');
          if (!isFirst || text.includes('"px":"60000')) return "deliver";
          broken += 1;
          return { texts: [text.replace('"side":"B"', '"side":"?"')] };
        },
      },
    });
    const { clock } = at;
    const first = await rested(at);
    const second = await rested(at, { price: "49900" });
    await hit(at, { price: "49900", size: "0.0025" });
    expect(broken).toBe(1);
    expect([first.view().filled, second.view().filled].filter((size) => size !== "0")).toHaveLength(
      1,
    );
    expect(at.alarmed()).toContain("frameUnrecognized");
    clock.advanceBy(35_000);
    expect(await settle(clock, first.closed)).toMatchObject({ state: "filled", filled: "0.002" });
    expect(second.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(at.fills).toHaveLength(2);
    at.expectBooksAgree();
  });
});

describe("clocks that are wrong", () => {
  /** The engine's wall clock alone. */
  function wall(stepped: { byMs: number }) {
    return (clock: ManualClock) => ({
      clock: {
        wallMs: () => clock.wallMs() + stepped.byMs,
        monotonicMs: () => clock.monotonicMs(),
        after: (delayMs: number, callback: () => void) => clock.after(delayMs, callback),
      },
    });
  }

  it.each([1_500, -1_500])(
    "situation 100: a wall clock that steps by %i ms moves nothing",
    async (byMs) => {
      const stepped = { byMs: 0 };
      const lost = {
        what: "loseAction",
        to: { type: "order" },
        when: { afterMs: 5_000 },
        times: 1,
      };
      const at = await meeting({ engine: wall(stepped), faults: [lost] });
      const { clock, engine } = at;
      const order = await rested(at);
      clock.advanceTo(5_000);
      const begunMs = clock.monotonicMs();
      const gone = engine.place({ ...BID, price: "49000" });
      clock.advanceBy(1_000);
      stepped.byMs = byMs;
      until(clock, () => engine.status.doubtful === 1);
      expect(clock.monotonicMs() - begunMs).toBeLessThan(5_050);
      expect(clock.monotonicMs() - begunMs).toBeGreaterThan(4_950);
      expect(await settle(clock, gone.closed)).toMatchObject({ state: "rejected" });
      await hit(at);
      expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
      const fresh = await rested(at, { price: "49000" });
      expect(await settle(clock, fresh.cancel())).toMatchObject({ state: "canceled" });
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual([]);
    },
  );

  it.each([3_600_000, -3_600_000])(
    "situation 100: one that steps by %i ms is alarmed: places wait, cancels pass, no verdict moves",
    async (byMs) => {
      const stepped = { byMs: 0 };
      const at = await meeting({ engine: wall(stepped) });
      const { clock, engine } = at;
      const [order, other] = [await rested(at), await rested(at, { price: "49900" })];
      stepped.byMs = byMs;
      clock.advanceBy(30_000);
      expect(at.alarmed()).toEqual(["clockSkew"]);
      expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0 });
      expect(engine.status.gate).toMatchObject({ place: false, cancel: true });
      const held = engine.place({ ...BID, price: "49000" });
      expect(await settle(clock, held.acknowledged)).toMatchObject({
        kind: "refused",
        by: "local",
      });
      await hit(at);
      expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
      expect(await settle(clock, other.cancel())).toMatchObject({ state: "canceled" });
      stepped.byMs = 0;
      clock.advanceBy(12_000);
      await rested(at, { price: "49000" });
      expect(at.sent()).toEqual(["order", "order", "cancel", "order"]);
      at.expectBooksAgree();
      expect(at.alarmed()).toEqual(["clockSkew"]);
    },
  );
});

describe("whoever is slow", () => {
  it("situation 102: a reader that comes rarely gets every change, none of them merged with another", async () => {
    const at = await meeting({ engine: { limits: { slowTicks: 5_000 } } });
    const { clock, engine } = at;
    const live: Change[] = [];
    engine.onTick(({ changes }) => live.push(...changes));
    const read: Change[] = [];
    let from = engine.snapshot().sequence;
    const catchUp = (): void => {
      engine
        .ticksFrom(from)
        .subscribe(({ sequence, changes }) => {
          expect(sequence).toBe(from + 1);
          from = sequence;
          read.push(...changes);
        })
        .unsubscribe();
    };
    for (let round = 0; round < 3; round += 1) {
      for (let turn = 0; turn < 4; turn += 1) {
        const order = await rested(at);
        await hit(at);
        if (turn % 2 === 0) await settle(clock, order.cancel());
        else await hit(at, { size: "0.0015" });
      }
      clock.advanceBy(20_000);
      catchUp();
    }
    expect(read).toEqual(live);
    const ends = read.filter(({ from: before, to }) => before !== to);
    expect(ends.filter(({ to }) => to === "canceled")).toHaveLength(6);
    expect(ends.filter(({ to }) => to === "filled")).toHaveLength(6);
    expect(read.filter(({ evidence }) => evidence.type === "venue.fill").length).toBeGreaterThan(
      17,
    );
    at.expectBooksAgree();
  });

  it("situation 102: one that is too late is cut off with a gap it can name; nobody else loses anything", async () => {
    const at = await meeting({ engine: { limits: { slowTicks: 8 } } });
    const { clock, engine } = at;
    const from = engine.snapshot().sequence;
    const order = await rested(at);
    await hit(at);
    clock.advanceBy(60_000);
    const gaps: unknown[] = [];
    engine.ticksFrom(from).subscribe({ error: (error) => gaps.push(error) });
    expect(gaps).toMatchObject([{ code: "ticksGap", details: { from: from + 1 } }]);
    const kept = engine.snapshot().sequence - 8;
    const seen: number[] = [];
    engine.ticksFrom(kept).subscribe(({ sequence }) => seen.push(sequence));
    await hit(at);
    expect(seen).toEqual(seen.map((_, index) => kept + 1 + index));
    expect(at.fills).toHaveLength(2);
    expect(order.view().filled).toBe("0.001");
    at.expectBooksAgree();
  });

  it("situation 102: a socket that is slow brings every fill and every end, each once", async () => {
    const slow = { what: "slowSocket", bytesPerSecond: 1_500, to: { account: ACCOUNT } };
    const at = await meeting({
      faults: [{ ...slow, when: { afterMs: 5_000, untilMs: 12_000 } }],
    });
    const { clock } = at;
    const orders = [];
    for (let count = 0; count < 6; count += 1) {
      orders.push(await rested(at, { price: String(50_000 - count) }));
    }
    clock.advanceTo(5_000);
    for (const order of orders.slice(0, 3)) await hit(at, { price: order.view().price });
    void orders[5]?.cancel();
    clock.advanceBy(25_000);
    expect(at.fills.map(({ size }) => size)).toEqual(["0.0005", "0.0005", "0.0005"]);
    expect(orders[0]?.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0015" });
    const last = orders[5];
    expect(last === undefined ? [] : at.path(last)).toEqual(["pending", "resting", "canceled"]);
    at.expectBooksAgree();
  });
});
