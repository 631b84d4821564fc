import type { Clock, ManualClock } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { settle } from "../world.ts";
import { BID, hit, meeting, rested } from "./meeting.fixture.ts";

function thrown(): never {
  throw new Error("a strategy's own mistake");
}

describe("callbacks of a strategy", () => {
  it("situation 125: throw on every stream, at every tick: orders, books and other readers feel nothing", async () => {
    const at = await meeting();
    const { clock, engine } = at;
    engine.ticks$.subscribe(thrown);
    engine.fills$.subscribe(thrown);
    engine.alarms$.subscribe(thrown);
    engine.status$.subscribe(thrown);
    engine.budget$.subscribe(thrown);
    engine.onTick(thrown);
    const order = await rested(at);
    order.changes$.subscribe(thrown);
    order.actor.subscribe(thrown);
    let heard = 0;
    order.changes$.subscribe(() => {
      heard += 1;
    });
    await hit(at);
    expect(await settle(clock, order.modify({ price: "50010" }))).toMatchObject({
      kind: "accepted",
    });
    await hit(at, { price: "50010" });
    at.cable.disconnect();
    clock.advanceBy(8_000);
    expect(await settle(clock, order.cancel())).toMatchObject({
      state: "canceled",
      filled: "0.001",
    });
    expect(at.path(order)).toEqual(["pending", "resting", "partiallyFilled", "canceled"]);
    expect(heard).toBeGreaterThan(3);
    expect(at.fills).toHaveLength(2);
    at.expectBooksAgree();
    expect(engine.counters.subscriberFailures).toBeGreaterThan(10);
    expect(engine.counters.failures).toBe(0);
    expect(new Set(at.alarmed())).toEqual(new Set(["subscriberFailed"]));
  });

  it("situation 125: place, cancel and modify from within a callback: each is its own input, in its turn", async () => {
    const at = await meeting();
    const { clock, engine } = at;
    const placed: string[] = [];
    let depth = 0;
    engine.fills$.subscribe(({ tag }) => {
      expect(depth).toBe(0);
      depth += 1;
      if (tag === "quote" && placed.length < 3) {
        placed.push(engine.place({ ...BID, tag: "quote" }).cloid);
      }
      depth -= 1;
    });
    engine.onTick(({ changes }) => {
      for (const { cloid, to } of changes) {
        if (to === "partiallyFilled") void engine.cancel(cloid);
      }
    });
    await rested(at, { tag: "quote" });
    for (let round = 0; round < 3; round += 1) {
      await hit(at);
      clock.advanceBy(1_000);
    }
    expect(placed).toHaveLength(3);
    const [first, second, third] = placed;
    for (const cloid of [first ?? "", second ?? ""]) {
      expect(at.path({ cloid })).toEqual(["pending", "resting", "partiallyFilled", "canceled"]);
    }
    expect(at.path({ cloid: third ?? "" })).toEqual(["pending", "resting"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual([]);
  });

  it("situation 125: one that blocks the process for eight seconds ends nothing: it is alarmed, and looked at", async () => {
    const process = new BlockedProcess();
    const at = await meeting({ engine: (clock) => ({ clock: process.clock(clock) }) });
    const { clock, engine } = at;
    const order = await rested(at);
    const ended = await rested(at, { price: "49000" });
    let flying = "";
    engine.fills$.subscribe(() => {
      void ended.cancel();
      flying = engine.place({ ...BID, price: "48000" }).cloid;
      process.block(clock, 8_000);
    });
    await hit(at);
    clock.advanceBy(3_000);
    expect(order.view()).toMatchObject({ state: "partiallyFilled", filled: "0.0005" });
    expect(at.path(ended)).toEqual(["pending", "resting", "canceled"]);
    expect(at.path({ cloid: flying })).toEqual(["pending", "resting"]);
    expect(engine.status).toMatchObject({ barrier: "open", doubtful: 0 });
    expect(at.sent()).toEqual(["order", "order", "cancel", "order"]);
    at.expectBooksAgree();
    expect(at.alarmed()).toEqual(["stalled"]);
  });
});

/** While it is blocked the world goes on and none of its timers fires; what is due comes right afterwards. */
class BlockedProcess {
  #late: (() => void)[] | undefined;

  clock(clock: ManualClock): Clock {
    return {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, callback) => {
        let isOff = false;
        const due = (): void => {
          if (!isOff) callback();
        };
        const cancel = clock.after(delayMs, () => {
          if (this.#late === undefined) due();
          else this.#late.push(due);
        });
        return () => {
          isOff = true;
          cancel();
        };
      },
    };
  }

  block(clock: ManualClock, ms: number): void {
    this.#late = [];
    clock.advanceBy(ms);
    const late = this.#late;
    this.#late = undefined;
    clock.after(0, () => {
      for (const due of late) due();
    });
  }
}
