import {
  type Cloid,
  type Fill,
  ManualClock,
  type OrderReport,
  type OrderWord,
  parseCoin,
  parseDecimal,
  parseOid,
  readTid,
  seededRandom,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { OrderHandle } from "./api.ts";
import { createEngine } from "./create-engine.ts";
import type { EngineOptions } from "./options.ts";
import { ScriptedVenue } from "./scripted-venue.fixture.ts";

async function start(options: Partial<EngineOptions> = {}) {
  const venue = new ScriptedVenue();
  const clock = new ManualClock();
  const engine = await createEngine({ venue, clock, random: seededRandom(7), ...options });
  return { venue, clock, engine };
}

const SPEC = { coin: "BTC", side: "buy", price: "64000", size: "0.001", tif: "Gtc" } as const;
const AT = 1_700_000_000_000;

function report(order: OrderHandle, oid: number, word: OrderWord, left = "0.001"): OrderReport {
  return {
    coin: parseCoin("BTC"),
    oid: parseOid(oid),
    cloid: order.cloid,
    side: "buy",
    price: parseDecimal("64000"),
    remaining: parseDecimal(left),
    size: parseDecimal("0.001"),
    placedAt: AT,
    word,
    raw: word.kind,
    at: AT,
  };
}

function fill(oid: number, tid: number, size: string, cloid?: Cloid): Fill {
  const id = readTid(tid);
  if (id === undefined) throw new Error("bad tid");
  return {
    coin: parseCoin("BTC"),
    oid: parseOid(oid),
    tid: id,
    ...(cloid === undefined ? {} : { cloid }),
    side: "buy",
    price: parseDecimal("64000"),
    size: parseDecimal(size),
    at: AT + tid,
    startPosition: parseDecimal("0"),
    fee: parseDecimal("0.01"),
    feeToken: "USDC",
    closedPnl: parseDecimal("0"),
    taker: false,
    direction: "Open Long",
    hash: "0x0",
  };
}

const resting = (oid: number) =>
  ({ admission: "admitted", statuses: [{ kind: "resting", oid: parseOid(oid) }] }) as const;

describe("a place", () => {
  it("situation 1: answered, then told, it rests once", async () => {
    const { engine, venue } = await start();
    const order = engine.place(SPEC);
    expect(venue.written).toHaveLength(1);
    venue.replies(resting(7));
    venue.says({ type: "order", report: report(order, 7, { kind: "open" }) });
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, leaves: "0.001" });
    expect(await order.acknowledged).toMatchObject({ kind: "accepted", oid: 7 });
  });

  it("lives from place to reap", async () => {
    const { engine, venue, clock } = await start();
    const states: string[] = [];
    const order = engine.place(SPEC);
    order.changes$.subscribe((change) => states.push(`${change.from}>${change.to}`));
    venue.replies(resting(7));
    venue.says({ type: "fill", fill: fill(7, 1, "0.0004"), snapshot: false });
    venue.says({ type: "fill", fill: fill(7, 1, "0.0004"), snapshot: false });
    venue.says({ type: "fill", fill: fill(7, 2, "0.0006"), snapshot: false });
    venue.says({ type: "order", report: report(order, 7, { kind: "filled" }, "0") });
    expect(await order.closed).toMatchObject({
      state: "filled",
      filled: "0.001",
      ledger: "complete",
    });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    clock.advanceBy(3_000);
    expect(engine.orders).toEqual([]);
    expect(states).toEqual([
      "pending>resting",
      "resting>partiallyFilled",
      "partiallyFilled>filled",
      "filled>filled",
      "filled>reaped",
    ]);
  });

  it("situation 51: a cancel that is accepted ends it once", async () => {
    const { engine, venue } = await start();
    const order = engine.place(SPEC);
    venue.replies(resting(7));
    const done = order.cancel();
    expect(venue.written.at(-1)?.action).toMatchObject({
      kind: "cancel",
      targets: [{ coin: "BTC", oid: 7 }],
    });
    venue.replies({ admission: "admitted", statuses: [{ kind: "success" }] });
    venue.says({
      type: "order",
      report: report(order, 7, { kind: "canceled", cause: "requested" }),
    });
    expect(await done).toMatchObject({ kind: "settled", state: "canceled", filled: "0" });
    expect(venue.written).toHaveLength(2);
  });

  it("situation 8: a lost answer is withdrawn by a noop, and only its ok says never landed", async () => {
    const { engine, venue, clock } = await start();
    const order = engine.place(SPEC);
    clock.advanceBy(5_000);
    expect(engine.status.doubtful).toBe(1);
    expect(order.view().state).toBe("pending");
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest", action: { kind: "noop" } });
    expect(venue.written.at(-1)?.signed.nonce).toBe(venue.written[0]?.signed.nonce);
    venue.replies({ admission: "admittedBare" });
    expect(await order.acknowledged).toMatchObject({ kind: "refused" });
    expect(order.view().state).toBe("rejected");
    expect(engine.status.doubtful).toBe(0);
  });

  it("modifies by cancel and replace under one cloid", async () => {
    const { engine, venue } = await start();
    const order = engine.place(SPEC);
    venue.replies(resting(7));
    const done = order.modify({ price: "63990" });
    expect(venue.written.at(-1)?.action).toMatchObject({ kind: "modify", target: 7 });
    venue.says(
      { type: "order", report: report(order, 8, { kind: "open" }) },
      { type: "order", report: report(order, 7, { kind: "canceled", cause: "requested" }) },
    );
    venue.replies(resting(8));
    expect(await done).toEqual({ kind: "accepted", oid: 8 });
    expect(order.view()).toMatchObject({ state: "resting", oid: 8, oids: [7, 8] });
  });

  it("closes: cancels what lives and answers", async () => {
    const { engine, venue, clock } = await start();
    const order = engine.place(SPEC);
    venue.replies(resting(7));
    const closing = engine.close();
    venue.replies({ admission: "admitted", statuses: [{ kind: "success" }] });
    clock.advanceBy(1_000);
    expect(await closing).toEqual({ canceled: [order.cloid], unresolved: [], doubtful: [] });
    expect(venue.isClosed).toBe(true);
    expect(() => engine.place(SPEC)).toThrow(expect.objectContaining({ code: "closed" }));
  });
});
