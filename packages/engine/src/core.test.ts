import { type Cloid, type ElementStatus, parseCloid, type VenueFact } from "@cloister/model";
import { map, type Observable, take } from "rxjs";
import { describe, expect, it } from "vitest";
import type { InspectionEvent } from "xstate";
import {
  admitted,
  CANCELED,
  FILLED,
  OPEN,
  report,
  resting,
  rig,
  SPEC,
  SUCCESS,
  told,
  traded,
} from "./situations/rig.fixture.ts";

/** A fact whose word throws when it is read the second time: on the way it is fine, in the actor it is not. */
function poisoned(cloid: Cloid, oid: number): VenueFact {
  const fact = traded(oid, 666, { cloid });
  if (fact.type !== "fill") throw new Error("a fill is a fill");
  let reads = 0;
  const fill = Object.defineProperty({ ...fact.fill }, "size", {
    get: () => {
      reads += 1;
      // The ledger and the router read it first.
      if (reads > 2) throw new Error("poison");
      return fact.fill.size;
    },
  });
  return { ...fact, fill };
}

describe("what throws", () => {
  it("an order's actor that fails on an event is made again without it, and hears what comes next", async () => {
    const { engine, venue, alarms } = await rig();
    const order = engine.place(SPEC);
    const other = engine.place(SPEC);
    venue.replies(admitted(resting(7)), venue.written[0]);
    const heard: string[] = [];
    order.actor.subscribe((snapshot) => heard.push(snapshot.status));
    venue.says(poisoned(order.cloid, 7), told(other.cloid, 8, OPEN));
    expect(alarms).toMatchObject([{ name: "actorRebuilt", cloid: order.cloid }]);
    expect(order.view()).toMatchObject({ state: "resting", filled: "0" });
    expect(other.view().state).toBe("resting");
    venue.says(traded(7, 1, { size: "0.0004" }));
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0004" });
    expect(order.actor.getSnapshot().status).toBe("active");
    expect(heard).toContain("active");
  });

  it("a request's actor that fails on an event is made again without it, and comes to its end", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    const other = engine.place(SPEC);
    // Whoever compares this hour throws: only the request does.
    const placedAt: number = JSON.parse("{}");
    venue.answers = (query) => {
      if (query.kind !== "orderStatus" || query.key === other.cloid) return undefined;
      const found = { ...report(order.cloid, 7, OPEN), placedAt: poison(placedAt) };
      return { kind: "orderStatus", found };
    };
    clock.advanceBy(6_000);
    expect(alarmed()).toContain("actorRebuilt");
    expect(order.view()).toMatchObject({ state: "resting", oid: 7, requests: [] });
    expect(engine.status.doubtful).toBe(1);
  });

  it("an answer that cannot be read ends no other news, and its request is looked for", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    const other = engine.place(SPEC);
    const unreadable: ElementStatus = {
      kind: "resting",
      get oid(): never {
        throw new Error("poison");
      },
    };
    const [first, second] = venue.written;
    venue.says(
      {
        type: "copy.answered",
        copy: first?.copy ?? 0,
        mouth: "socket",
        answer: admitted(unreadable),
      },
      {
        type: "copy.answered",
        copy: second?.copy ?? 0,
        mouth: "socket",
        answer: admitted(resting(8)),
      },
    );
    expect(alarmed()).toEqual(["inputFailed"]);
    expect(engine.counters.failures).toBe(1);
    expect(other.view().state).toBe("resting");
    clock.advanceBy(5_000);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
  });

  it("a venue that throws on write has said nothing: the request is doubtful and withdrawn, not lost", async () => {
    const { engine, venue, clock } = await rig();
    venue.writes = "throws";
    const order = engine.place(SPEC);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ state: "closing" }] });
    venue.writes = "kept";
    clock.advanceBy(1_000);
    expect(venue.written.map(({ action }) => action.kind)).toEqual(["noop"]);
    venue.replies({ admission: "admittedBare" });
    expect(order.view()).toMatchObject({ state: "rejected", requests: [] });
  });

  it("a venue that throws on the write of a cancel: it is looked for and sent again", async () => {
    const { engine, venue, clock } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    venue.writes = "throws";
    const done = order.cancel();
    expect(order.view().requests).toMatchObject([{ kind: "cancel", state: "looking" }]);
    venue.writes = "kept";
    clock.advanceBy(1_000);
    venue.replies(admitted(SUCCESS));
    expect(await done).toMatchObject({ kind: "settled" });
  });

  it("a venue that throws on read has failed the read: it is asked again", async () => {
    const { engine, venue, clock, core } = await rig();
    const order = engine.place(SPEC);
    venue.reads = "throws";
    clock.advanceBy(30_000);
    expect(order.view()).toMatchObject({ state: "pending", requests: [{ kind: "place" }] });
    expect(core.sizes()).toMatchObject({ reads: 0 });
    venue.says(told(order.cloid, 7, OPEN));
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
  });

  it("a nonce source that throws refuses the place and costs no slot", async () => {
    const { engine, venue, core } = await rig();
    venue.nextNonce = () => {
      throw new Error("no nonce");
    };
    const order = engine.place(SPEC);
    expect(order.view()).toMatchObject({ state: "rejected", cause: "signFailed" });
    expect(core.sizes()).toMatchObject({ slots: 0, signJobs: 0, requests: 0 });
  });

  it.each([1, 2, 3])("a signer that calls back late, %i times, sends once", async (times) => {
    const { engine, venue, core } = await rig();
    venue.signs = () => "never";
    const order = engine.place(SPEC);
    expect(venue.written).toEqual([]);
    for (let time = 0; time < times; time += 1) venue.unsigned[0]?.done();
    expect(venue.written).toHaveLength(1);
    venue.replies(admitted(resting(7)));
    expect(order.view()).toMatchObject({ state: "resting", requests: [] });
    expect(core.sizes()).toMatchObject({ signJobs: 0, slots: 0, copies: 0 });
  });

  it("a signer that never calls back: refused after signTimeoutMs, and its late signature is thrown away", async () => {
    const { engine, venue, clock, core } = await rig();
    venue.signs = () => "never";
    const order = engine.place(SPEC);
    clock.advanceBy(1_000);
    expect(order.view()).toMatchObject({ state: "rejected", cause: "signFailed" });
    venue.unsigned[0]?.done();
    expect(venue.written).toEqual([]);
    expect(core.sizes()).toMatchObject({ signJobs: 0, slots: 0, requests: 0 });
  });

  it("a noop whose signature never comes is signed again at the next look, and leaks nothing", async () => {
    const { engine, venue, clock, core } = await rig();
    const order = engine.place(SPEC);
    venue.signs = () => "never";
    venue.answers = () => "fail";
    clock.advanceBy(60_000);
    expect(venue.unsigned.length).toBeGreaterThan(2);
    expect(core.sizes()).toMatchObject({ signJobs: 1 });
    venue.unsigned.at(-1)?.done();
    venue.replies({ admission: "admittedBare" });
    expect(order.view()).toMatchObject({ state: "rejected" });
    expect(core.sizes()).toMatchObject({ signJobs: 0, copies: 1 });
  });

  it("an answer that comes after the request was settled contradicts it, also when the order was reaped", async () => {
    const { engine, venue, clock, alarmed } = await rig();
    const order = engine.place(SPEC);
    const place = venue.written[0];
    clock.advanceBy(5_000);
    venue.replies({ admission: "admittedBare" });
    clock.advanceBy(10_000);
    expect(engine.orders).toEqual([]);
    venue.replies(admitted(resting(7)), place);
    expect(alarmed()).toEqual(["contradicted", "revived"]);
    expect(order.view().state).toBe("reaped");
  });
});

describe("many orders", () => {
  it("placeMany of 200 is one request; one more is refused", async () => {
    const { engine, venue } = await rig();
    const specs = Array.from({ length: 200 }, () => SPEC);
    const orders = engine.placeMany(specs);
    expect(venue.written).toHaveLength(1);
    expect(engine.status.inFlight).toBe(1);
    venue.replies(admitted(...orders.map((_, index) => resting(100 + index))));
    expect(orders.every((order, index) => order.view().oid === 100 + index)).toBe(true);
    expect(() => engine.placeMany([...specs, SPEC])).toThrow("must be 1 to 200 orders");
    expect(() => engine.placeMany([])).toThrow("must be 1 to 200 orders");
    const done = engine.cancelMany(orders.map(({ cloid }) => cloid));
    expect(venue.written).toHaveLength(2);
    venue.replies(admitted(...orders.map(() => SUCCESS)));
    expect((await done).every(({ kind }) => kind === "settled")).toBe(true);
  });

  it("after hundreds of orders nothing is held but tombstones", async () => {
    // Doubts by the dozen: what their looks weigh is not the matter here.
    const limits = { restWeight: 1_000_000 };
    const { engine, venue, clock, core } = await rig({ limits });
    const base = core.sizes();
    for (let number = 1; number <= 600; number += 1) live(number);
    clock.advanceBy(120_000);
    expect(core.sizes()).toEqual(base);
    expect(engine.orders).toEqual([]);
    expect(clock.nextDueMs()).toBeUndefined();

    /** One of five lives: filled, canceled, rejected, lost and withdrawn, modified and canceled. */
    function live(number: number): void {
      const oid = number * 10;
      const order = engine.place(SPEC);
      void order.acknowledged;
      void order.closed;
      const stop = order.changes$.subscribe();
      switch (number % 5) {
        case 0:
          venue.replies(admitted(resting(oid)));
          venue.says(traded(oid, number), told(order.cloid, oid, FILLED, { left: "0" }));
          break;
        case 1:
          venue.replies(admitted(resting(oid)));
          void order.cancel();
          venue.replies(admitted(SUCCESS));
          venue.says(told(order.cloid, oid, CANCELED));
          stop.unsubscribe();
          break;
        case 2:
          venue.replies({ admission: "notAdmitted", reason: "malformed", text: "" });
          break;
        case 3:
          venue.replies({ admission: "unknown", text: "<html>" });
          venue.replies({ admission: "admittedBare" });
          break;
        default:
          venue.replies(admitted(resting(oid)));
          void order.modify({ price: "63990" });
          venue.replies(admitted(resting(oid + 1)));
          venue.says(told(order.cloid, oid, CANCELED));
          void engine.cancelAll();
          venue.replies(admitted(SUCCESS));
          venue.says(told(order.cloid, oid + 1, CANCELED));
      }
      if (number % 50 === 0) clock.advanceBy(2_000);
    }
  });

  it("who unsubscribes is forgotten, through operators too", async () => {
    const { engine, core, venue } = await rig();
    const order = engine.place(SPEC);
    const base = core.sizes();
    const streams: readonly Observable<unknown>[] = [
      engine.ticks$,
      engine.fills$,
      engine.alarms$,
      engine.status$,
      order.changes$,
    ];
    for (const stream of streams) {
      stream.subscribe().unsubscribe();
      stream
        .pipe(map((value) => value))
        .subscribe()
        .unsubscribe();
      stream.pipe(take(1)).subscribe();
    }
    engine.onTick(() => undefined)();
    order.actor.subscribe(() => undefined).unsubscribe();
    venue.replies(admitted(resting(7)));
    venue.says(traded(7, 1), { type: "unrecognized", channel: "", reason: "", text: "" });
    expect(core.sizes()).toMatchObject({ heard: base["heard"] });
  });

  it("a stranger's evidence is bounded, and our mark on an unknown order is an orphan", async () => {
    const { engine, venue, core, alarmed } = await rig({ limits: { strangersMax: 10 } });
    for (let oid = 1; oid <= 50; oid += 1) venue.says(told(undefined, oid, OPEN));
    expect(core.sizes()).toMatchObject({ strangers: 10 });
    const { cloid } = engine.place(SPEC);
    const orphan = cloid.replace(/.{4}$/, "0000");
    venue.says(told(parseCloid(orphan), 77, OPEN));
    expect(alarmed()).toEqual(["orphan"]);
  });

  it("inspects every actor when asked to, and none otherwise", async () => {
    const events: InspectionEvent[] = [];
    const { engine, venue } = await rig({ inspect: (event) => events.push(event) });
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    void order.cancel();
    void order.modify({ price: "63990" });
    const actors = new Set(
      events
        .filter(({ type }) => type === "@xstate.actor")
        .map(({ actorRef }) => machineOf(actorRef)),
    );
    expect(actors).toEqual(new Set(["supervisor", "order", "place", "cancel"]));
    const told7 = events.filter(({ type }) => type === "@xstate.snapshot");
    expect(told7.length).toBeGreaterThan(5);
  });
});

/** A number that throws when it is compared. */
function poison(box: number): number {
  return Object.assign(box, {
    valueOf: () => {
      throw new Error("poison");
    },
  });
}

function machineOf(actor: unknown): string {
  const id = typeof actor === "object" && actor !== null && "id" in actor ? String(actor.id) : "";
  return id.startsWith("0x") ? "order" : id.replace(/-\d+$/, "");
}
