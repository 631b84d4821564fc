import type { Acknowledged, Canceled, OrderHandle } from "@cloister/engine";
import {
  add,
  type Cloid,
  type EngineStatus,
  type ExposureView,
  formatDecimal,
  isLive,
  ManualClock,
  marketOf,
  negate,
  type OrderState,
  type OrderView,
  parseCloid,
  parseCoin,
  parseDecimal,
  type PlaceSpec,
  ZERO,
} from "@cloister/model";
import { EMPTY, Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { createMarketMaker } from "./market-maker.ts";
import type { CoinOptions, MarketMakerOptions, QuotingEngine } from "./options.ts";

type FakeOrder = { view: OrderView; acknowledge: (answer: Acknowledged) => void };

/** An engine that does what it is told: orders stay pending until the test says otherwise. */
class ScriptedEngine implements QuotingEngine {
  readonly placements: (readonly PlaceSpec[])[] = [];
  readonly cancellations: (readonly string[])[] = [];
  readonly #orders = new Map<Cloid, FakeOrder>();
  readonly #cancels = new Map<string, (canceled: Canceled) => void>();
  gateOpen = true;
  refusesToPlace: Error | undefined;

  get orders(): readonly OrderView[] {
    return [...this.#orders.values()].map(({ view }) => view);
  }

  get working(): readonly OrderView[] {
    return this.orders.filter(({ state }) => isLive(state));
  }

  get exposure(): readonly ExposureView[] {
    let [min, max] = [ZERO, ZERO];
    for (const { side, leaves } of this.working) {
      if (side === "buy") max = add(max, parseDecimal(leaves));
      else min = add(min, negate(parseDecimal(leaves)));
    }
    const coin = parseCoin("BTC");
    return [{ coin, position: "0", min: formatDecimal(min), max: formatDecimal(max) }];
  }

  get status(): EngineStatus {
    return {
      barrier: this.gateOpen ? "open" : "recovering",
      brake: "released",
      load: "free",
      life: "running",
      gate: { place: this.gateOpen, modify: this.gateOpen, cancel: true },
      inFlight: 0,
      queued: 0,
      doubtful: 0,
      route: "socket",
    };
  }

  market(coin: string): ReturnType<QuotingEngine["market"]> {
    if (coin !== "BTC") return undefined;
    return marketOf({
      coin: parseCoin(coin),
      kind: "perp",
      dex: "",
      sizeDecimals: 5,
      delisted: false,
    });
  }

  placeMany(specs: readonly PlaceSpec[]): readonly OrderHandle[] {
    if (this.refusesToPlace !== undefined) throw this.refusesToPlace;
    this.placements.push(specs);
    return specs.map((spec) => this.#add(spec));
  }

  cancelMany(cloids: readonly string[]): Promise<readonly Canceled[]> {
    this.cancellations.push(cloids);
    return Promise.all(
      cloids.map((cloid) => {
        return new Promise<Canceled>((resolve) => {
          this.#cancels.set(cloid, resolve);
        });
      }),
    );
  }

  /** What the venue says of every order that matches. */
  settle(state: OrderState, matches: (view: OrderView) => boolean = () => true): void {
    for (const order of this.#orders.values()) {
      if (!isLive(order.view.state) || !matches(order.view)) continue;
      order.view = { ...order.view, state };
      order.acknowledge(
        state === "rejected"
          ? { kind: "refused", by: "venue", reason: "postOnly" }
          : { kind: "accepted", atMs: 0 },
      );
      if (isLive(state)) continue;
      this.#cancels.get(order.view.cloid)?.({ kind: "settled", state, filled: "0" });
    }
  }

  #add(spec: PlaceSpec): OrderHandle {
    const cloid = parseCloid(`0x${(this.#orders.size + 1).toString(16).padStart(32, "0")}`);
    let acknowledge: FakeOrder["acknowledge"] = () => undefined;
    const acknowledged = new Promise<Acknowledged>((resolve) => {
      acknowledge = resolve;
    });
    const view: OrderView = {
      cloid,
      ...(spec.tag === undefined ? {} : { tag: spec.tag }),
      coin: parseCoin(spec.coin),
      side: spec.side,
      price: spec.price,
      size: spec.size,
      tif: spec.tif,
      state: "pending",
      oids: [],
      filled: "0",
      leaves: spec.size,
      fees: {},
      ledger: "open",
      requests: [],
      timings: [],
      placedAtMs: 0,
    };
    this.#orders.set(cloid, { view, acknowledge });
    const unused = (): never => {
      throw new Error("not scripted");
    };
    const never = Promise.race<never>([]);
    return {
      cloid,
      tag: spec.tag,
      acknowledged,
      closed: never,
      changes$: EMPTY,
      actor: { id: cloid, getSnapshot: unused, subscribe: unused },
      timings: [],
      view: () => this.#orders.get(cloid)?.view ?? view,
      modify: unused,
      cancel: unused,
    };
  }
}

function rig(options: Partial<CoinOptions> & Partial<MarketMakerOptions> = {}) {
  const engine = new ScriptedEngine();
  const clock = new ManualClock();
  const fair$ = new Subject<string>();
  const coin: CoinOptions = {
    coin: "BTC",
    fairPrice$: fair$,
    levels: 5,
    spacing: "10",
    size: "0.01",
    positionMax: "1",
    ...options,
  };
  const maker = createMarketMaker({ engine, clock, coins: [coin], cycleMs: 100, ...options });
  return { engine, clock, fair$, maker };
}

/** Lets promises that were settled run their course. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("a market maker", () => {
  it("places both sides of the ladder in one request, post-only", () => {
    const { engine, clock, fair$, maker } = rig();
    clock.advanceBy(300);
    expect(engine.placements).toEqual([]);
    fair$.next("64000");
    clock.advanceBy(100);
    expect(engine.placements).toHaveLength(1);
    expect(engine.placements[0]).toHaveLength(10);
    expect(engine.placements[0]?.every(({ tif }) => tif === "Alo")).toBe(true);
    expect(maker.status().coins).toEqual([
      { coin: "BTC", fairPrice: "64000", quoting: true, bids: 5, asks: 5 },
    ]);
  });

  it("counts orders whose answer is still open, and does not place them twice", () => {
    const { engine, clock, fair$ } = rig();
    fair$.next("64000");
    clock.advanceBy(1_000);
    expect(engine.placements).toHaveLength(1);
    expect(engine.cancellations).toEqual([]);
  });

  it("places anew an order that was lost, refused or expired, and only that one", () => {
    const { engine, clock, fair$ } = rig();
    fair$.next("64000");
    clock.advanceBy(1);
    engine.settle("rejected", ({ price }) => price === "63980");
    engine.settle("canceled", ({ price }) => price === "64030");
    engine.settle("resting");
    clock.advanceBy(100);
    expect(engine.placements[1]?.map(({ price }) => price)).toEqual(["63980", "64030"]);
    expect(engine.cancellations).toEqual([]);
  });

  it("follows the fair price: cancels in one request, and does not cancel again what is going", async () => {
    const { engine, clock, fair$ } = rig();
    fair$.next("64000");
    clock.advanceBy(1);
    engine.settle("resting");
    fair$.next("64200");
    clock.advanceBy(300);
    expect(engine.cancellations).toHaveLength(1);
    expect(engine.cancellations[0]).toHaveLength(10);
    engine.settle("canceled", ({ price }) => Number(price) <= 64_050);
    await settled();
    clock.advanceBy(100);
    expect(engine.working.map(({ price }) => price)).toContain("64210");
    expect(engine.working).toHaveLength(10);
  });

  it("keeps a level while the fair price stays within half a spacing", () => {
    const { engine, clock, fair$ } = rig();
    fair$.next("64000");
    clock.advanceBy(1);
    engine.settle("resting");
    fair$.next("64005");
    clock.advanceBy(100);
    expect(engine.cancellations).toEqual([]);
    fair$.next("64006");
    clock.advanceBy(100);
    // The others now stand for the neighbouring level: only the ends of the ladder change.
    expect(engine.cancellations).toHaveLength(1);
    expect(engine.placements[1]?.map(({ price }) => price)).toEqual(["63996", "64056"]);
  });

  it("never asks for more than the position limit allows", () => {
    const { engine, clock, fair$, maker } = rig({ positionMax: "0.03" });
    fair$.next("64000");
    clock.advanceBy(500);
    expect(engine.working.filter(({ side }) => side === "buy")).toHaveLength(3);
    expect(maker.stats().heldByLimit).toBeGreaterThan(0);
  });

  it("withdraws when the fair price is stale, and when its stream ends", () => {
    for (const end of ["silence", "complete", "error"] as const) {
      const { engine, clock, fair$ } = rig({ staleMs: 1_000 });
      fair$.next("64000");
      clock.advanceBy(1);
      engine.settle("resting");
      if (end === "complete") fair$.complete();
      if (end === "error") fair$.error(new Error("feed lost"));
      clock.advanceBy(end === "silence" ? 1_200 : 100);
      expect(engine.cancellations[0]).toHaveLength(10);
    }
  });

  it("passes over a price that is none", () => {
    const { engine, clock, fair$, maker } = rig();
    for (const bad of ["NaN", "-1", "0", "1e5", ""]) fair$.next(bad);
    clock.advanceBy(100);
    expect(engine.placements).toEqual([]);
    expect(maker.stats().badPrices).toBe(5);
  });

  it("waits while the gate is closed, and goes on when it opens", () => {
    const { engine, clock, fair$ } = rig();
    engine.gateOpen = false;
    fair$.next("64000");
    clock.advanceBy(500);
    expect(engine.placements).toEqual([]);
    engine.gateOpen = true;
    clock.advanceBy(100);
    expect(engine.placements).toHaveLength(1);
  });

  it("rests, longer each time, when nothing of a placement is accepted", async () => {
    const { engine, clock, fair$ } = rig();
    fair$.next("64000");
    for (let cycle = 0; cycle < 31; cycle += 1) {
      clock.advanceBy(100);
      engine.settle("rejected");
      await settled();
    }
    expect(engine.placements.length).toBeGreaterThan(3);
    expect(engine.placements.length).toBeLessThan(8);
  });

  it("survives an engine that throws, and rests", () => {
    const { engine, clock, fair$, maker } = rig();
    engine.refusesToPlace = new Error("closed");
    fair$.next("64000");
    clock.advanceBy(3_000);
    expect(maker.stats().failures).toBeGreaterThan(2);
    expect(maker.stats().failures).toBeLessThan(8);
    engine.refusesToPlace = undefined;
    clock.advanceBy(5_000);
    expect(engine.placements).toHaveLength(1);
  });

  it("leaves other people's orders alone", () => {
    const { engine, clock, fair$ } = rig();
    engine.placeMany([
      { coin: "BTC", side: "buy", price: "100", size: "1", tif: "Gtc", tag: "by hand" },
    ]);
    fair$.next("64000");
    clock.advanceBy(100);
    fair$.complete();
    clock.advanceBy(100);
    expect(engine.cancellations.flat()).toHaveLength(engine.orders.length - 1);
  });

  it("stops: cancels, waits until nothing works, and quotes no more", async () => {
    const { engine, clock, fair$, maker } = rig();
    fair$.next("64000");
    clock.advanceBy(1);
    engine.settle("resting");
    let done = false;
    const stopped = maker.stop().then(() => {
      done = true;
    });
    expect(maker.stop()).toBe(maker.stop());
    clock.advanceBy(100);
    await settled();
    expect(engine.cancellations.flat()).toHaveLength(10);
    expect(done).toBe(false);
    engine.settle("canceled");
    clock.advanceBy(100);
    await stopped;
    fair$.next("65000");
    clock.advanceBy(1_000);
    expect(engine.placements).toHaveLength(1);
    expect(maker.status().state).toBe("stopped");
  });

  it("gives stopping up after its time, and shows what is left", async () => {
    const { engine, clock, fair$, maker } = rig({ stopMs: 500 });
    fair$.next("64000");
    clock.advanceBy(1);
    engine.settle("resting");
    const stopped = maker.stop();
    for (let cycle = 0; cycle < 6; cycle += 1) {
      clock.advanceBy(100);
      await settled();
    }
    await stopped;
    expect(maker.status().coins[0]).toMatchObject({ bids: 5, asks: 5 });
  });

  it.each([
    ["coin", { coin: "NONE" }],
    ["levels", { levels: 0 }],
    ["spacing", { spacing: "0" }],
    ["halfSpread", { halfSpread: "-1" }],
    ["size", { size: "0.0000001" }],
    ["positionMax", { positionMax: "0.001" }],
    ["cycleMs", { cycleMs: 0 }],
  ])("refuses a bad %s", (field, options) => {
    expect(() => rig(options)).toThrow(expect.objectContaining({ code: "invalidOption" }));
    expect(() => rig(options)).toThrow(field);
  });
});
