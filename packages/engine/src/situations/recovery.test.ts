import {
  add,
  type Fill,
  parseCoin,
  parseDecimal,
  type Query,
  type Report,
  ZERO,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  CANCELED,
  FILLED,
  fillOf,
  OPEN,
  report,
  resting,
  rig,
  SPEC,
  told,
  traded,
} from "./rig.fixture.ts";
import { calm } from "./scripted-venue.fixture.ts";

const LOST = { type: "connection.lost", epoch: 1, reason: "closed" } as const;
const LIVE = { type: "connection.live", epoch: 2 } as const;

/** An account that was flat when the engine started, at this hour. */
function since(at: number): (query: Query) => Report {
  return (query) =>
    query.kind === "positions" ? { kind: "positions", positions: [], at } : calm(query);
}

async function withResting(options: Parameters<typeof rig>[0] = {}) {
  const all = await rig(options, (venue) => {
    venue.answers = since(AT);
  });
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

/** Answers as an account with these fills and open orders does. */
function holding(fills: readonly Fill[], open: readonly ReturnType<typeof report>[] = []) {
  return (query: Query): Report => {
    if (query.kind === "openOrders") return { kind: "openOrders", orders: open };
    if (query.kind === "fills") {
      const kept = fills.filter(({ at }) => at >= query.fromMs);
      return { kind: "fills", fills: kept, complete: true, pages: 1 };
    }
    if (query.kind !== "positions") return calm(query);
    const size = fills.reduce((sum, fill) => add(sum, fill.size), ZERO);
    const positions = size === ZERO ? [] : [{ coin: parseCoin("BTC"), size }];
    return { kind: "positions", positions, at: AT + 20_000 };
  };
}

describe("a recovery", () => {
  it("situation 91, 114: says what was asked, over which window, what was found and what stays open", async () => {
    const { engine, venue, ticks, order } = await withResting();
    const lost = engine.place(SPEC);
    venue.replies(admitted(resting(8)));
    venue.answers = holding([fillOf(7, 1, { size: "0.0004" })], [report(order.cloid, 7, OPEN)]);
    venue.says(LOST, LIVE);
    expect(engine.certificate).toMatchObject({
      cause: "reconnect",
      complete: true,
      asked: [
        { query: "openOrders", asked: 1, answered: 1, failed: 0 },
        { query: "orderStatus", asked: 1, answered: 1, failed: 0 },
        { query: "positions", asked: 1, answered: 1, failed: 0 },
        { query: "fills", asked: 1, answered: 1, failed: 0 },
      ],
      windows: [{ pages: 1, rows: 1, complete: true }],
      found: { fills: 1, missing: 1, adopted: [], strangers: 0 },
      unresolved: [{ kind: "order", cloid: lost.cloid, oid: 8 }],
    });
    expect(ticks.flatMap(({ certificates = [] }) => certificates)).toEqual([engine.certificate]);
    expect(order.view()).toMatchObject({ filled: "0.0004" });
    expect(lost.view().state).toBe("resting");
  });

  it("fills that are older than any snapshot are read from the floor, and booked once", async () => {
    const { engine, venue, order } = await withResting();
    const asked: Query[] = [];
    const fills = [fillOf(7, 1, { size: "0.0004", at: AT + 5 })];
    const answers = holding(fills, [report(order.cloid, 7, OPEN)]);
    venue.answers = (query) => {
      asked.push(query);
      return answers(query);
    };
    venue.says(LOST, LIVE);
    expect(asked).toContainEqual({ kind: "fills", fromMs: AT - 30_000 });
    venue.says(traded(7, 1, { size: "0.0004", at: AT + 5 }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
  });

  it("holds private events back while it reads, and tells them afterwards in their order", async () => {
    const { engine, venue, core, order } = await withResting();
    venue.answers = (query) => (query.kind === "fills" ? undefined : since(AT)(query));
    venue.says(LOST, LIVE);
    venue.says(
      traded(7, 1, { size: "0.0004" }),
      told(order.cloid, 7, CANCELED, { left: "0.0006" }),
    );
    expect(core.sizes()["held"]).toBe(2);
    expect(order.view()).toMatchObject({ state: "resting", filled: "0" });
    const read = venue.asked.at(-1)?.read ?? 0;
    venue.says({
      type: "read.answered",
      read,
      report: { kind: "fills", fills: [fillOf(7, 1, { size: "0.0004" })], complete: true },
    });
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.0004" });
    expect(engine.status.barrier).toBe("open");
    expect(engine.certificate).toMatchObject({ buffered: 2 });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
  });

  it("more events than may be held back are told, alarmed, and the recovery begins again", async () => {
    const { engine, venue, clock, alarmed, ticks } = await withResting({
      limits: { recoveryBufferMax: 3 },
    });
    venue.answers = (query) => (query.kind === "fills" ? undefined : since(AT)(query));
    venue.says(LOST, LIVE);
    for (let tid = 1; tid <= 4; tid += 1) venue.says(traded(7, tid, { size: "0.0001" }));
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.0004" }]);
    expect(alarmed()).toContain("bufferOverflow");
    const last = ticks.flatMap(({ certificates = [] }) => certificates).at(-1);
    expect(last).toMatchObject({
      complete: false,
      buffered: 4,
      unresolved: [{ kind: "order" }, { kind: "abandoned" }],
    });
    venue.answers = since(AT);
    clock.advanceBy(1_000);
    expect(engine.certificate).toMatchObject({ cause: "overflow", complete: true });
    expect(engine.status.barrier).toBe("open");
  });

  it("situation 91: a second loss while it reads begins again from the same floor", async () => {
    const { engine, venue, order } = await withResting();
    venue.answers = () => undefined;
    venue.says(LOST, LIVE);
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(LOST);
    // What was held back is not lost with the attempt.
    expect(order.view()).toMatchObject({ filled: "0.0004" });
    venue.says(LIVE);
    const floors = venue.asked.flatMap(({ query }) =>
      query.kind === "fills" ? [query.fromMs] : [],
    );
    expect(floors).toEqual([AT - 30_000, AT - 30_000]);
    for (const { read, query } of venue.asked.slice(-3)) {
      venue.says({ type: "read.answered", read, report: holding([])(query) });
    }
    expect(engine.status.barrier).toBe("recovering");
    const status = venue.asked.at(-1);
    expect(status?.query).toEqual({ kind: "orderStatus", key: 7 });
    const found = report(order.cloid, 7, FILLED, { left: "0" });
    const answer = { kind: "orderStatus", found } as const;
    venue.says({ type: "read.answered", read: status?.read ?? 0, report: answer });
    expect(engine.status.barrier).toBe("open");
  });

  it("situation 96: a read that nobody answers fails in time, and the recovery begins again", async () => {
    const { engine, venue, clock } = await withResting();
    venue.answers = (query) => (query.kind === "positions" ? undefined : since(AT)(query));
    venue.says(LOST, LIVE);
    clock.advanceBy(30_000);
    expect(engine.certificate).toMatchObject({
      complete: false,
      unresolved: expect.arrayContaining([
        { kind: "read", query: "positions", why: "no answer in time" },
      ]),
    });
    venue.answers = since(AT);
    clock.advanceBy(1_000);
    expect(engine.status.barrier).toBe("open");
  });

  it("situation 114: names the requests of which nobody knows what became of them", async () => {
    const { engine, venue } = await withResting();
    const doubtful = engine.place(SPEC);
    venue.answers = since(AT);
    venue.says(LOST, LIVE);
    expect(doubtful.view().requests).toMatchObject([{ state: "closing" }]);
    expect(engine.certificate?.unresolved).toContainEqual({
      kind: "doubt",
      request: expect.stringContaining("place"),
    });
  });

  it("situation 98: a venue that cannot be read for a minute is alarmed once, until it can be", async () => {
    const { venue, clock, alarmed, engine } = await withResting();
    const failing = (): number => alarmed().filter((name) => name === "readsFailing").length;
    venue.answers = () => "fail";
    venue.says(LOST, LIVE);
    clock.advanceBy(55_000);
    expect(failing()).toBe(0);
    clock.advanceBy(245_000);
    expect(failing()).toBe(1);
    expect(engine.status.gate.place).toBe(false);
    venue.answers = since(AT);
    clock.advanceBy(10_000);
    expect(engine.status.gate.place).toBe(true);
    venue.answers = () => "fail";
    venue.says(LOST, LIVE);
    clock.advanceBy(100_000);
    expect(failing()).toBe(2);
  });

  it("situation 96, 110: a window that is cut is said to be so, alarmed once, and moves no floor beyond the cut", async () => {
    const { engine, venue, alarmed, clock } = await withResting();
    const asked: number[] = [];
    venue.answers = (query) => {
      if (query.kind !== "fills") return since(AT + 100_000)(query);
      asked.push(query.fromMs);
      const cut = { why: "a whole page was of one millisecond", fromMs: AT + 40_000 };
      return { kind: "fills", fills: [], complete: false, pages: 2, cut };
    };
    for (let time = 0; time < 3; time += 1) {
      venue.says(LOST, LIVE);
      clock.advanceBy(1_000);
    }
    expect(engine.status.barrier).toBe("open");
    expect(engine.certificate).toMatchObject({
      complete: false,
      windows: [{ complete: false, pages: 2, why: "a whole page was of one millisecond" }],
    });
    expect(engine.certificate?.unresolved).toContainEqual({
      kind: "fills",
      fromMs: AT + 40_000,
      why: "a whole page was of one millisecond",
    });
    expect(alarmed().filter((name) => name === "fillsTruncated")).toHaveLength(1);
    expect(Math.max(...asked)).toBeLessThanOrEqual(AT + 10_000);
  });

  it("situation 126: orders of two dexes with one coin's name, and their positions, are never mixed", async () => {
    const { engine, venue, alarmed } = await withResting();
    const coin = parseCoin("xyz:BTC");
    const hours = [
      { dex: "", at: AT },
      { dex: "xyz", at: AT },
    ];
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(70, 1, { coin: "xyz:BTC", size: "3", side: "sell" }));
    expect(engine.positions).toEqual([
      { coin: "BTC", size: "0.0004" },
      { coin: "xyz:BTC", size: "-3" },
    ]);
    const positions = [
      { coin: parseCoin("BTC"), size: parseDecimal("0.0004") },
      { coin, size: parseDecimal("-3") },
    ];
    venue.answers = (query) =>
      query.kind === "positions"
        ? {
            kind: "positions",
            positions,
            at: AT + 100,
            hours: hours.map((one) => ({ ...one, at: AT + 100 })),
          }
        : calm(query);
    const certificate = await engine.reconcile();
    expect(certificate.unresolved).toEqual([{ kind: "order", cloid: expect.anything(), oid: 7 }]);
    expect(alarmed()).not.toContain("positionDiffers");
  });
});
