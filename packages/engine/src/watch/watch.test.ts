import { type KeyPermission, ManualClock, type MarketChange, parseCoin } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  admitted,
  AT,
  elementError,
  OPEN,
  resting,
  rig,
  SPEC,
  told,
} from "../situations/rig.fixture.ts";
import { calm, type ScriptedVenue } from "../situations/scripted-venue.fixture.ts";

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

/** An engine whose key has so many days left at the venue, as `days` says from time to time. */
async function keyed(permission: () => KeyPermission, keyCheckMs = HOUR) {
  const asked: number[] = [];
  const prepare = (venue: ScriptedVenue): void => {
    venue.answers = (query) => {
      if (query.kind !== "key") return calm(query);
      asked.push(1);
      return { kind: "key", permission: permission() };
    };
  };
  const all = await rig({ limits: { keyCheckMs } }, prepare);
  return { ...all, asked: () => asked.length };
}

function until(validUntil: number): KeyPermission {
  return { kind: "agent", name: "bot", validUntil };
}

/** The venue's hour when a rig begins. */
const START = 1;

describe("the key's permission (protocol §10.4)", () => {
  it("is told 14, 3 and 1 days before its end, each once, and when it is over", async () => {
    const { clock, alarms, alarmed } = await keyed(() => until(START + 20 * DAY));
    clock.advanceBy(5.9 * DAY);
    expect(alarmed()).toEqual([]);
    clock.advanceBy(0.2 * DAY);
    expect(alarms).toMatchObject([
      { name: "keyExpires", text: expect.stringContaining("14.0 days") as string },
    ]);
    clock.advanceBy(10.8 * DAY);
    expect(alarmed()).toEqual(["keyExpires"]);
    clock.advanceBy(0.2 * DAY);
    expect(alarms.at(-1)?.text).toContain("3.0 days");
    clock.advanceBy(2 * DAY);
    expect(alarms.at(-1)?.text).toContain("1.0 days");
    expect(alarmed()).toHaveLength(3);
    clock.advanceBy(3 * DAY);
    expect(alarmed()).toEqual(["keyExpires", "keyExpires", "keyExpires", "keyExpired"]);
  });

  it("one that ends soon is told of at once, and only of the nearest", async () => {
    const { clock, alarms } = await keyed(() => until(START + 2 * DAY));
    clock.advanceBy(1_000);
    expect(alarms).toMatchObject([
      { name: "keyExpires", text: expect.stringContaining("2.0 days") as string },
    ]);
  });

  it("one that was prolonged is told of anew when its new end is near", async () => {
    let end = START + 2 * DAY;
    const { clock, alarmed } = await keyed(() => until(end));
    clock.advanceBy(HOUR);
    end = START + 100 * DAY;
    clock.advanceBy(50 * DAY);
    expect(alarmed()).toHaveLength(1);
    clock.advanceBy(36.1 * DAY);
    expect(alarmed()).toHaveLength(2);
  });

  it("situation 25: a key that was taken back is told of once, and again after it could sign", async () => {
    let permission: KeyPermission = { kind: "none" };
    const { clock, alarmed, engine } = await keyed(() => permission);
    clock.advanceBy(5 * HOUR);
    expect(alarmed()).toEqual(["keyExpired"]);
    permission = { kind: "own" };
    clock.advanceBy(2 * HOUR);
    permission = { kind: "none" };
    clock.advanceBy(2 * HOUR);
    expect(alarmed()).toEqual(["keyExpired", "keyExpired"]);
    expect(engine.status.barrier).toBe("open");
  });

  it("costs one reading in keyCheckMs, whatever is traded; a reading that fails says nothing", async () => {
    const { clock, venue, alarmed, asked, engine } = await keyed(() => ({ kind: "own" }));
    for (let oid = 1; oid <= 10; oid += 1) {
      engine.place(SPEC);
      venue.replies(admitted(resting(oid)));
    }
    clock.advanceBy(10 * HOUR);
    expect(asked()).toBe(10);
    venue.answers = (query) => (query.kind === "key" ? "fail" : calm(query));
    clock.advanceBy(10 * HOUR);
    expect(alarmed()).not.toContain("keyExpired");
  });

  it("is not read at all with 0", async () => {
    const { clock, asked } = await keyed(() => ({ kind: "none" }), 0);
    clock.advanceBy(10 * HOUR);
    expect(asked()).toBe(0);
  });
});

describe("the markets (protocol §8.1)", () => {
  async function listed(marketsEveryMs = 60_000) {
    const changes: MarketChange[] = [];
    let asked = 0;
    const all = await rig({ limits: { marketsEveryMs } }, (venue) => {
      venue.answers = (query) => {
        if (query.kind !== "markets") return calm(query);
        asked += 1;
        return { kind: "markets", changes: changes.splice(0) };
      };
    });
    return { ...all, changes, asked: () => asked };
  }

  it("are read again and again; what changed is one alarm", async () => {
    const { clock, alarms, changes, asked } = await listed();
    clock.advanceBy(119_000);
    expect(asked()).toBe(1);
    changes.push(
      { type: "delisted", coin: parseCoin("OLD") },
      { type: "maxLeverage", coin: parseCoin("BTC"), from: 40, to: 20 },
    );
    clock.advanceBy(2_000);
    const text = "OLD is delisted; leverage of BTC is at most 20, not 40";
    expect(alarms).toEqual([{ name: "marketsChanged", text }]);
    clock.advanceBy(600_000);
    expect(alarms).toHaveLength(1);
  });

  it("are read soon after a refusal that may mean other rules, once in between", async () => {
    const { clock, engine, venue, asked } = await listed(3_600_000);
    const refuse = (): void => {
      engine.place(SPEC);
      venue.replies(
        admitted(elementError("tick", "Price must be divisible by tick size. asset=0")),
      );
    };
    refuse();
    clock.advanceBy(1_999);
    expect(asked()).toBe(0);
    clock.advanceBy(1);
    expect(asked()).toBe(1);
    for (let nth = 0; nth < 5; nth += 1) {
      refuse();
      clock.advanceBy(60_000);
    }
    expect(asked()).toBe(1);
    clock.advanceBy(3_600_000);
    expect(asked()).toBe(2);
    refuse();
    clock.advanceBy(2_000);
    expect(asked()).toBe(3);
  });

  it("a refusal that says nothing of the rules costs no reading", async () => {
    const { clock, engine, venue, asked } = await listed(3_600_000);
    engine.place(SPEC);
    venue.replies(admitted(elementError("margin", "Insufficient margin to place order. asset=0")));
    clock.advanceBy(60_000);
    expect(asked()).toBe(0);
  });
});

/** A clock that can be held up: timers that were due meanwhile fire late, all at the same hour. */
class StallingClock extends ManualClock {
  #lateMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#lateMs;
  }

  /** Nothing runs for so long. */
  stall(byMs: number): void {
    this.#lateMs += byMs;
  }
}

describe("a process that stands still", () => {
  it("situation 100: is alarmed with how long, and the venue is looked at anew", async () => {
    const clock = new StallingClock();
    const limits = { reconcileOrdersMs: 60_000, stallMs: 1_000 };
    const { engine, venue, alarms } = await rig({ clock, limits });
    const order = engine.place(SPEC);
    venue.says(told(order.cloid, 7, OPEN, { at: AT }));
    clock.advanceBy(5_000);
    expect(alarms).toEqual([]);
    const asked: string[] = [];
    venue.answers = (query) => {
      asked.push(query.kind);
      return calm(query);
    };
    clock.stall(4_000);
    clock.advanceBy(1_000);
    expect(alarms).toMatchObject([{ name: "stalled" }]);
    expect(Number(/for (\d+) ms/.exec(alarms[0]?.text ?? "")?.[1])).toBeGreaterThanOrEqual(4_000);
    clock.advanceBy(10);
    expect(asked).toContain("openOrders");
    clock.advanceBy(60_000);
    expect(alarms.filter(({ name }) => name === "stalled")).toHaveLength(1);
  });

  it("situation 100: a wall clock that steps is no stall, and ends nothing", async () => {
    const { clock, engine, venue, alarmed } = await rig({ limits: { stallMs: 1_000 } });
    const order = engine.place(SPEC);
    venue.says(told(order.cloid, 7, OPEN));
    for (const byMs of [-3_600_000, 7_200_000]) {
      clock.stepWall(byMs);
      clock.advanceBy(2_000);
    }
    expect(alarmed()).not.toContain("stalled");
    expect(order.view().state).toBe("resting");
  });

  it("costs no input while all is well", async () => {
    const { clock, ticks } = await rig({ limits: { stallMs: 1_000 } });
    clock.advanceBy(600_000);
    expect(ticks).toEqual([]);
  });
});
