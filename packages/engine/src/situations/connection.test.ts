import { CloisterError, type Journal, type JournalRecord, ManualClock } from "@cloister/model";
import { map, type Observable } from "rxjs";
import { describe, expect, it } from "vitest";
import {
  admitted,
  CANCELED,
  FILLED,
  fillOf,
  OPEN,
  report,
  resting,
  rig,
  settled,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./rig.fixture.ts";
import { DEFAULT_LIMITS } from "../options.ts";
import { calm, type ScriptedVenue } from "./scripted-venue.fixture.ts";

const LOST = { type: "connection.lost", epoch: 1, reason: "closed" } as const;
const LIVE = { type: "connection.live", epoch: 2 } as const;

async function withResting(options: Parameters<typeof rig>[0] = {}) {
  const all = await rig(options);
  const order = all.engine.place(SPEC);
  all.venue.replies(admitted(resting(7)));
  return { ...all, order };
}

describe("a connection that goes and comes", () => {
  it("situation 91: places wait until open orders were read and every missing order was asked", async () => {
    const { engine, venue, clock, order } = await withResting();
    venue.answers = (query) => (query.kind === "orderStatus" ? undefined : calm(query));
    venue.says(LOST);
    expect(engine.status).toMatchObject({ barrier: "recovering", gate: { place: false } });
    clock.advanceBy(30_000);
    venue.says(LIVE);
    const placed = engine.place(SPEC);
    expect(placed.view().state).toBe("pending");
    expect(engine.status.barrier).toBe("recovering");
    const status = venue.asked.at(-1);
    expect(status?.query).toEqual({ kind: "orderStatus", key: 7 });
    expect(venue.written).toHaveLength(1);
    const found = report(order.cloid, 7, FILLED, { left: "0" });
    venue.says({
      type: "read.answered",
      read: status?.read ?? 0,
      report: { kind: "orderStatus", found },
    });
    expect(engine.status).toMatchObject({ barrier: "open", gate: { place: true } });
    expect(venue.written).toHaveLength(2);
    expect(order.view()).toMatchObject({ state: "filled", ledger: "open" });
    venue.answers = (query) =>
      query.kind === "fills" ? { kind: "fills", fills: [fillOf(7, 1)], complete: true } : undefined;
    clock.advanceBy(2_000);
    expect(order.view()).toMatchObject({ filled: "0.001" });
  });

  it("situation 96: a read that fails while recovering starts the whole again, and never counts as empty", async () => {
    const { engine, venue, clock, order } = await withResting();
    venue.says(LOST);
    venue.answers = () => "fail";
    venue.says(LIVE);
    clock.advanceBy(6_500);
    expect(engine.status.barrier).toBe("recovering");
    expect(order.view().state).toBe("resting");
    expect(engine.certificate).toMatchObject({ complete: false, cause: "retry" });
    venue.answers = (query) =>
      query.kind === "openOrders"
        ? { kind: "openOrders", orders: [report(order.cloid, 7, OPEN)] }
        : calm(query);
    clock.advanceBy(1_000);
    expect(engine.status.barrier).toBe("open");
    expect(engine.certificate).toMatchObject({ complete: true, unresolved: [] });
  });

  it("situation 98: while the venue is away verdicts are frozen: no order ends by time", async () => {
    const { engine, venue, clock, order } = await withResting();
    const doubtful = engine.place(SPEC);
    const canceling = order.cancel();
    venue.answers = () => "fail";
    venue.says(LOST);
    clock.advanceBy(300_000);
    expect(order.view().state).toBe("resting");
    expect(doubtful.view().state).toBe("pending");
    expect(await settled(canceling)).toMatchObject({ kind: "unresolved" });
    expect(engine.exposure).toMatchObject([{ max: "0.002" }]);
  });

  it("situation 92: a snapshot after a reconnect replays fills: nothing is booked or told twice", async () => {
    const { engine, venue, order } = await withResting();
    const seen: number[] = [];
    engine.fills$.subscribe(({ tid }) => seen.push(tid));
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(LOST);
    venue.says(LIVE);
    venue.says(
      { type: "fill", fill: fillOf(7, 1, { size: "0.0004" }), snapshot: true },
      { type: "fill", fill: fillOf(7, 2, { size: "0.0006" }), snapshot: true },
    );
    expect(order.view()).toMatchObject({ state: "filled", filled: "0.001" });
    expect(engine.positions).toEqual([{ coin: "BTC", size: "0.001" }]);
    expect(seen).toEqual([1, 2]);
  });

  it("situation 94: two sockets that say the same are heard once", async () => {
    const { venue, order, ticks } = await withResting();
    for (let socket = 1; socket <= 2; socket += 1) {
      venue.says(traded(7, 1, { size: "0.0004" }));
      venue.says(told(order.cloid, 7, CANCELED, { left: "0.0006" }));
    }
    expect(order.view()).toMatchObject({ state: "canceled", filled: "0.0004" });
    expect(ticks.slice(-2).flatMap(({ changes }) => changes)).toEqual([]);
  });

  it("situation 95: news that came while a read was under way is not undone by it", async () => {
    const { venue, order } = await withResting();
    venue.answers = (query) => (query.kind === "openOrders" ? undefined : calm(query));
    venue.says(LOST);
    venue.says(LIVE);
    const open = venue.asked.find(({ query }) => query.kind === "openOrders");
    venue.says(told(order.cloid, 7, CANCELED));
    expect(order.view()).toMatchObject({ state: "resting" });
    venue.says({
      type: "read.answered",
      read: open?.read ?? 0,
      report: { kind: "openOrders", orders: [report(order.cloid, 7, OPEN)] },
    });
    expect(order.view()).toMatchObject({ state: "canceled" });
  });

  it("situation 97: a cancel while recovering leaves by REST and suppresses no recovered fill", async () => {
    const { venue, order } = await withResting();
    venue.says(LOST);
    const done = order.cancel();
    expect(venue.written.at(-1)).toMatchObject({ mouth: "rest", action: { kind: "cancel" } });
    venue.says(LIVE, { type: "fill", fill: fillOf(7, 1, { size: "0.0004" }), snapshot: true });
    venue.replies(admitted(SUCCESS));
    expect(await done).toEqual({ kind: "settled", state: "canceled", filled: "0.0004" });
  });

  it("situation 103: a connection that flaps ends no order and costs one recovery in five seconds", async () => {
    const { engine, venue, clock, core, order } = await withResting({
      limits: { barrierEveryMs: DEFAULT_LIMITS.barrierEveryMs },
    });
    let lists = 0;
    venue.answers = (query) => {
      if (query.kind !== "openOrders") return calm(query);
      lists += 1;
      return { kind: "openOrders", orders: [report(order.cloid, 7, OPEN)] };
    };
    for (let second = 0; second < 60; second += 1) {
      venue.says(LOST, LIVE);
      clock.advanceBy(1_000);
    }
    expect(lists).toBeGreaterThan(3);
    expect(lists).toBeLessThanOrEqual(12);
    expect(order.view().state).toBe("resting");
    clock.advanceBy(5_000);
    expect(engine.status.barrier).toBe("open");
    expect(core.sizes()["deadlines"]).toBeLessThan(5);
  });

  it("places while recovering wait for the gate, and expire after queueMs", async () => {
    const { engine, venue, clock } = await rig({}, (silent) => {
      silent.opens = "silent";
    });
    expect(engine.status.barrier).toBe("recovering");
    const late = engine.place(SPEC);
    clock.advanceBy(1_000);
    expect(late.view()).toMatchObject({ state: "rejected", cause: "expiredInQueue" });
    const soon = engine.place(SPEC);
    venue.says(LIVE);
    expect(venue.written).toHaveLength(1);
    venue.replies(admitted(resting(7)));
    expect(soon.view().state).toBe("resting");
  });

  it("a lost connection refuses what waits and is being signed, and doubts what is on the wire", async () => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 2 } });
    const flying = engine.place(SPEC);
    venue.signs = () => "never";
    const signing = engine.place(SPEC);
    const queued = engine.place(SPEC);
    venue.says(LOST);
    expect(flying.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    expect(signing.view()).toMatchObject({ state: "rejected", cause: "connectionLost" });
    expect(queued.view()).toMatchObject({ state: "rejected", cause: "connectionLost" });
    for (const { done } of venue.unsigned) done();
    // The noop was signed late as well: it still may withdraw what is doubtful.
    expect(venue.written.map(({ action }) => action.kind)).toEqual(["place", "noop"]);
  });

  it.each(["closing", "looking", "answered"])(
    "a connection lost while a request is %s loses nothing",
    async (state) => {
      const { engine, venue, clock } = await rig();
      const order = engine.place(SPEC);
      venue.answers = () => undefined;
      if (state === "closing") clock.advanceBy(5_000);
      if (state === "looking") venue.replies({ admission: "nonceSpent", how: "tooLow", text: "" });
      if (state === "answered") venue.replies(admitted(resting(7)));
      venue.says(LOST);
      venue.says(LOST);
      expect(order.view().state).toBe(state === "answered" ? "resting" : "pending");
      venue.says(told(order.cloid, 7, OPEN));
      expect(order.view()).toMatchObject({ state: "resting", requests: [] });
      expect(engine.status).toMatchObject({ inFlight: 0, doubtful: 0 });
    },
  );
});

describe("halt, resume and close", () => {
  it("a halt refuses what waits, withdraws what is on the wire, lets cancels pass, and holds until resume", async () => {
    const { engine, venue, order } = await withResting();
    const flying = engine.place(SPEC);
    venue.signs = (action) => (action.kind === "place" ? "never" : "signed");
    const signing = engine.place(SPEC);
    engine.halt("enough");
    expect(signing.view()).toMatchObject({ state: "rejected", cause: "halted" });
    expect(flying.view().requests).toMatchObject([{ state: "closing" }]);
    expect(venue.written.at(-1)?.action.kind).toBe("noop");
    expect(engine.place(SPEC).view()).toMatchObject({ state: "rejected", cause: "halted" });
    const done = order.cancel();
    venue.replies(admitted(SUCCESS));
    expect(await done).toMatchObject({ kind: "settled" });
    venue.says(LOST, LIVE);
    expect(engine.status).toMatchObject({ barrier: "open", brake: "halted" });
    venue.signs = () => "signed";
    engine.resume();
    expect(engine.place(SPEC).view().state).toBe("pending");
  });

  it("resume does not open a gate that recovery holds", async () => {
    const { engine, venue } = await rig();
    venue.answers = () => undefined;
    engine.halt("x");
    venue.says(LOST, LIVE);
    engine.resume();
    expect(engine.status.gate.place).toBe(false);
  });

  it("situation 121: close answers in time and lists what stays unresolved", async () => {
    const { engine, venue, clock, order } = await withResting();
    const doubtful = engine.place(SPEC);
    clock.advanceBy(5_000);
    venue.answers = () => "fail";
    const closing = engine.close({ withinMs: 2_000 });
    expect(engine.place(SPEC).view()).toMatchObject({ state: "rejected", cause: "draining" });
    clock.advanceBy(2_000);
    const result = await closing;
    expect(result.unresolved).toEqual([order.cloid, doubtful.cloid]);
    expect(result.doubtful).toHaveLength(1);
    expect(await doubtful.acknowledged).toMatchObject({ kind: "unresolved" });
    expect(await doubtful.closed).toMatchObject({ state: "pending" });
    expect((await doubtful.closed).unresolved).toHaveLength(2);
    expect(await engine.close()).toBe(result);
    expect(clock.nextDueMs()).toBeUndefined();
    expect(venue.isClosed).toBe(true);
  });

  it("close answers who waits for cancels, modifies and sweeps", async () => {
    const { engine, order, venue } = await withResting();
    venue.answers = () => "fail";
    const modified = order.modify({ price: "63990" });
    const canceled = order.cancel();
    const swept = engine.cancelAll();
    await engine.close({ orders: "leave" });
    expect(await modified).toMatchObject({ kind: "unresolved" });
    expect(await canceled).toMatchObject({ kind: "unresolved" });
    expect(await swept).toMatchObject({ canceled: [], unresolved: [order.cloid] });
    await expect(order.cancel()).rejects.toMatchObject({ code: "closed" });
    expect(() => engine.place(SPEC)).toThrow(expect.objectContaining({ code: "closed" }));
  });

  it("close refuses a time that is none, and stays open", async () => {
    const { engine } = await rig();
    await expect(engine.close({ withinMs: Number.NaN })).rejects.toMatchObject({
      code: "invalidSpec",
    });
    expect(engine.status.life).toBe("running");
  });

  it("await using closes the engine and cancels its orders", async () => {
    const { engine, venue, order } = await withResting();
    const statuses: string[] = [];
    engine.status$.subscribe(({ life }) => statuses.push(life));
    const scope = async (): Promise<void> => {
      await using closing = engine;
      expect(closing.orders).toHaveLength(1);
    };
    const left = scope();
    await Promise.resolve();
    await Promise.resolve();
    venue.replies(admitted(SUCCESS));
    await left;
    expect(order.view()).toMatchObject({ state: "canceled" });
    expect(statuses.at(-1)).toBe("stopped");
    expect(venue.isClosed).toBe(true);
  });

  it("a venue that does not open leaves nothing behind", async () => {
    const venues: ScriptedVenue[] = [];
    const clock = new ManualClock();
    const opening = rig({ clock }, (venue) => {
      venue.opens = "fails";
      venues.push(venue);
    });
    await expect(opening).rejects.toThrow("no such account");
    expect(venues).toMatchObject([{ isClosed: true }]);
    expect(clock.nextDueMs()).toBeUndefined();
  });
});

const NOTHING_KEPT: Omit<Journal, "mark" | "append"> = {
  recall: () => ({ checkpoint: undefined, records: [], damage: [], lastSequence: 0 }),
  whenDurable: (done) => done(undefined),
  checkpoint: () => undefined,
  close: () => undefined,
};

describe("a journal that fails", () => {
  function brokenJournal(): {
    journal: Journal;
    records: JournalRecord[];
    breaks: (yes: boolean) => void;
  } {
    const records: JournalRecord[] = [];
    let isBroken = false;
    const journal: Journal = {
      mark: "c0ffee00",
      append(record) {
        if (isBroken) throw new CloisterError("journalFailed", "disk full");
        records.push(record);
      },
      ...NOTHING_KEPT,
    };
    return { journal, records, breaks: (yes) => (isBroken = yes) };
  }

  it("places are refused until resume, what is being signed is not sent, cancels pass", async () => {
    const { journal, records, breaks } = brokenJournal();
    const { engine, venue, alarmed } = await rig({ journal });
    expect(engine.mark).toBe("c0ffee00");
    const order = engine.place(SPEC);
    expect(order.cloid.startsWith("0xc0ffee00")).toBe(true);
    venue.replies(admitted(resting(7)));
    venue.signs = (action) => (action.kind === "place" ? "never" : "signed");
    const signing = engine.place(SPEC);
    breaks(true);
    const refused = engine.place(SPEC);
    expect(refused.view()).toMatchObject({ state: "rejected", cause: "journalFailed" });
    expect(alarmed()).toEqual(["journalFailed"]);
    for (const { done } of venue.unsigned) done();
    expect(signing.view()).toMatchObject({ state: "rejected", cause: "journalFailed" });
    breaks(false);
    venue.signs = () => "signed";
    expect(engine.place(SPEC).view()).toMatchObject({ cause: "journalFailed" });
    const canceled = order.cancel();
    venue.replies(admitted(SUCCESS));
    expect(await canceled).toMatchObject({ kind: "settled" });
    engine.resume();
    expect(engine.place(SPEC).view().state).toBe("pending");
    expect(records.at(-1)?.input.kind).toBe("signed");
  });

  it("what is sent was journaled first", async () => {
    const { journal, records } = brokenJournal();
    const { engine, venue } = await rig({ journal });
    let journaled = 0;
    const write = venue.write.bind(venue);
    venue.write = (...args) => {
      journaled = records.length;
      write(...args);
    };
    engine.place(SPEC);
    expect(records.slice(0, journaled).at(-1)?.input.kind).toBe("signed");
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
  });
});

describe("callbacks of others", () => {
  it("situation 125: a subscriber that throws, on any stream and behind operators, harms nobody", async () => {
    const { engine, venue, alarms } = await rig();
    const fail = (): never => {
      throw new Error("strategy bug");
    };
    const order = engine.place(SPEC);
    const seen: string[] = [];
    const streams: readonly Observable<unknown>[] = [
      engine.ticks$,
      engine.fills$,
      engine.alarms$,
      engine.status$,
      order.changes$,
    ];
    for (const stream of streams) {
      stream.pipe(map((value) => value)).subscribe(fail);
      stream.pipe(map(fail)).subscribe();
      stream.pipe(map(fail)).subscribe({ error: fail });
    }
    engine.onTick(fail);
    order.actor.subscribe(fail);
    order.changes$.subscribe(({ to }) => seen.push(to));
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1, { size: "0.0004" }));
    venue.says(traded(7, 2, { size: "0.0006" }));
    expect(seen).toEqual(["resting", "partiallyFilled", "filled"]);
    expect(alarms.every(({ name }) => name === "subscriberFailed")).toBe(true);
    expect(alarms.some(({ text }) => text.includes("strategy bug"))).toBe(true);
  });

  it("situation 125: a logger, an inspector and a subscriber of the end that throw harm nobody", async () => {
    const fail = (): never => {
      throw new Error("host bug");
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    const { engine, venue } = await rig({ logger, inspect: fail });
    const order = engine.place(SPEC);
    engine.ticks$.subscribe({ complete: fail });
    venue.replies(admitted(resting(7)));
    venue.says({ type: "unrecognized", channel: "?", reason: "", text: "" });
    expect(order.view().state).toBe("resting");
    expect(engine.counters.subscriberFailures).toBeGreaterThan(1);
    venue.close = fail;
    await engine.close({ orders: "leave" });
    expect(engine.status.life).toBe("stopped");
  });

  it("commands from within subscribers wait their turn, and every tick is numbered without a gap", async () => {
    const { engine, venue, ticks } = await rig();
    const handles: { state: string; isKnown: boolean }[] = [];
    let canceled: Promise<unknown> | undefined;
    const order = engine.place(SPEC);
    order.changes$.subscribe(({ from, to }) => {
      if (from === to || to !== "resting") return;
      const next = engine.place(SPEC);
      const isKnown = engine.order(next.cloid) === next;
      handles.push({ state: next.view().state, isKnown });
      canceled = next.cancel();
      void order.modify({ price: "63990" });
    });
    engine.fills$.subscribe(() => void engine.cancel(order.cloid));
    venue.replies(admitted(resting(7)));
    expect(handles).toEqual([{ state: "pending", isKnown: true }]);
    // The place from within was still being signed when its cancel came.
    expect(venue.written.map(({ action }) => action.kind)).toEqual(["place", "modify"]);
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(venue.written.at(-1)?.action.kind).toBe("cancelByCloid");
    expect(await canceled).toMatchObject({ kind: "settled", state: "canceled" });
    expect(ticks.map(({ sequence }) => sequence)).toEqual(
      ticks.map((_, index) => (ticks[0]?.sequence ?? 0) + index),
    );
  });

  it("ticksFrom resumes without a gap, also when its subscriber brings about new ticks, and names a gap", async () => {
    const { engine, venue, ticks } = await rig({ limits: { slowTicks: 8 } });
    const order = engine.place(SPEC);
    const from = ticks.at(-1)?.sequence ?? 0;
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1, { size: "0.0004" }));
    const seen: number[] = [];
    engine.ticksFrom(from).subscribe(({ sequence }) => {
      if (seen.length === 0) engine.halt("from within");
      seen.push(sequence);
    });
    engine.resume();
    expect(seen).toEqual([1, 2, 3, 4].map((step) => from + step));
    for (let time = 0; time < 40; time += 1) venue.says(told(order.cloid, 7, OPEN));
    const errors: unknown[] = [];
    engine.ticksFrom(1).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toMatchObject([{ code: "ticksGap", details: { from: 2 } }]);
    expect(() => engine.onTick(() => undefined, 1)).toThrow(
      expect.objectContaining({ code: "ticksGap" }),
    );
  });

  it("status$ begins with the present, tells each change once, and nothing twice", async () => {
    const { engine, venue } = await rig();
    const first: string[] = [];
    const second: string[] = [];
    const word = ({ barrier, brake }: { barrier: string; brake: string }): string =>
      `${barrier} ${brake}`;
    const stop = engine.status$.pipe(map(word)).subscribe((text) => first.push(text));
    venue.says({ type: "ignored", what: "", reason: "" });
    engine.halt("x");
    stop.unsubscribe();
    engine.resume();
    engine.status$.pipe(map(word)).subscribe((text) => second.push(text));
    engine.halt("x");
    expect(first).toEqual(["open released", "open halted"]);
    expect(second).toEqual(["open released", "open halted"]);
  });
});
