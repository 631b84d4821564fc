import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Modified, OrderHandle } from "../api.ts";
import { admitted, resting, type Rig, rig, SPEC } from "./rig.fixture.ts";

const QUEUE_MS = 1_000;
const WORDS = [
  "place",
  "placeMany",
  "modify",
  "cancel",
  "answer",
  "answer",
  "cancelAll",
  "halt",
  "resume",
  "lost",
  "live",
] as const;

type Wish = { readonly atMs: number; readonly order: OrderHandle; result?: Modified };

/** Whoever uses the engine, at random; and what each of its wishes came to. */
class User {
  readonly #rig: Rig;
  readonly #placed: { readonly atMs: number; readonly order: OrderHandle }[] = [];
  readonly #modified: Wish[] = [];
  #oid = 10;

  constructor(given: Rig) {
    this.#rig = given;
  }

  does(word: (typeof WORDS)[number], pick: number): void {
    const { engine, venue, clock } = this.#rig;
    const atMs = clock.monotonicMs();
    const order = this.#placed[pick % Math.max(1, this.#placed.length)]?.order;
    switch (word) {
      case "place":
        this.#placed.push({ atMs, order: engine.place(SPEC) });
        return;
      case "placeMany":
        for (const one of engine.placeMany([SPEC, SPEC])) this.#placed.push({ atMs, order: one });
        return;
      case "modify":
        if (order !== undefined) this.#modify(order);
        return;
      case "cancel":
        void order?.cancel();
        return;
      case "answer":
        this.#answer(pick);
        return;
      case "cancelAll":
        void engine.cancelAll({ withinMs: 2_000 });
        return;
      case "halt":
        engine.halt("property");
        return;
      case "resume":
        engine.resume();
        return;
      case "lost":
        venue.says({ type: "connection.lost", epoch: 1, reason: "gone" });
        return;
      case "live":
        venue.says({ type: "connection.live", epoch: 2 });
    }
  }

  #modify(order: OrderHandle): void {
    const wish: Wish = { atMs: this.#rig.clock.monotonicMs(), order };
    this.#modified.push(wish);
    void order.modify({ price: "63990" }).then((result) => {
      wish.result = result;
    });
  }

  #answer(pick: number): void {
    const { venue } = this.#rig;
    const written = venue.written[pick % Math.max(1, venue.written.length)];
    if (written === undefined) return;
    const { action } = written;
    const count = action.kind === "place" ? action.orders.length : 1;
    const statuses = Array.from({ length: count }, () => {
      this.#oid += 1;
      return resting(this.#oid);
    });
    venue.replies(admitted(...statuses), written);
  }

  /** Nothing waits longer than it may. */
  async check(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    const nowMs = this.#rig.clock.monotonicMs();
    for (const { atMs, order } of this.#placed) {
      if (nowMs - atMs < QUEUE_MS) continue;
      const { requests } = order.view();
      const isQueued = requests.some(({ kind, state }) => kind === "place" && state === "queued");
      expect(isQueued, "a place waits too long").toBe(false);
    }
    for (const { atMs, order, result } of this.#modified) {
      if (nowMs - atMs < QUEUE_MS || result !== undefined) continue;
      const isSent = order.view().requests.some(({ kind }) => kind === "modify");
      expect(isSent, "a modify waits too long").toBe(true);
    }
  }
}

describe("the queue", () => {
  it("situation 27: whatever happens, each queued request is sent or refused within queueMs", async () => {
    const step = fc.record({
      word: fc.constantFrom(...WORDS),
      pick: fc.nat(50),
      waitMs: fc.constantFrom(0, 0, 1, 300, 700, 1_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const all = await rig({ limits: { inFlightMax: 2, cancelReserve: 1, queueMs: QUEUE_MS } });
        const user = new User(all);
        for (const { word, pick, waitMs } of steps) {
          user.does(word, pick);
          all.clock.advanceBy(waitMs);
          await user.check();
        }
        all.clock.advanceBy(QUEUE_MS);
        await user.check();
        expect(all.alarmed()).not.toContain("inputFailed");
        all.core.stop();
      }),
      { seed: 27, numRuns: 60 },
    );
  });

  it.each([
    ["halt", "halted"],
    ["cancelAll", "barrier"],
    ["lost", "connectionLost"],
    ["close", "draining"],
  ] as const)("situation 27: %s empties the queue of places and modifies", async (how, reason) => {
    const { engine, venue } = await rig({ limits: { inFlightMax: 1 } });
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)), venue.written[0]);
    engine.place(SPEC);
    const waits = engine.place(SPEC);
    const modified = order.modify({ price: "63990" });
    const before = venue.written.length;
    if (how === "halt") engine.halt("stop");
    else if (how === "cancelAll") void engine.cancelAll();
    else if (how === "close") void engine.close();
    else venue.says({ type: "connection.lost", epoch: 1, reason: "gone" });
    expect(waits.view()).toMatchObject({ cause: reason, requests: [] });
    expect(await modified).toMatchObject({ kind: "refused", by: "local" });
    const places = venue.written.slice(before).filter(({ action }) => action.kind === "place");
    expect(places).toEqual([]);
    expect(engine.status.queued).toBe(0);
  });

  it("situation 27: a doubtful request keeps its slot until it is decided", async () => {
    const { engine, venue, clock } = await rig({ limits: { inFlightMax: 1 } });
    engine.place(SPEC);
    venue.answers = () => undefined;
    clock.advanceBy(5_000);
    expect(engine.status).toMatchObject({ doubtful: 1, inFlight: 1 });
    const waits = engine.place(SPEC);
    expect(waits.view().requests).toMatchObject([{ state: "queued" }]);
    venue.replies({ admission: "admittedBare" }, venue.written[1]);
    expect(engine.status).toMatchObject({ doubtful: 0, inFlight: 1 });
    expect(waits.view().requests).toMatchObject([{ state: "inFlight" }]);
  });
});
