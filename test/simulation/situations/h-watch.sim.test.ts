import { createEngine } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { memoryJournal } from "@cloister/journal";
import { type Clock, ManualClock, seededRandom } from "@cloister/model";
import { type AgentOption, faultsOf, readFaultPlan } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { BID } from "../story.fixture.ts";
import { ACCOUNT, OTHER, settle, world } from "../world.ts";

const AGENT = `0x${"c3".repeat(20)}`;
const NETWORK = {
  http: "http://127.0.0.1:1",
  ws: "ws://127.0.0.1:1/ws",
  signatures: "mainnet",
} as const;
const DAY = 24 * 3_600_000;
const START = new ManualClock().wallMs();
const ALARMS_ONLY = { reconcileOrdersMs: 0, reconcileAccountMs: 0 };

/** A world in which ACCOUNT has approved a key, and an engine that signs with it. */
async function agent(key: Omit<AgentOption, "address">, faults: readonly object[] = []) {
  const plan = readFaultPlan({ seed: 1, faults });
  const all = await world({
    exchange: {
      crowd: false,
      accounts: [
        { address: ACCOUNT, deposit: "1000000", agents: [{ address: AGENT, ...key }] },
        { address: OTHER, deposit: "1000000" },
      ],
    },
    wire: (clock) => ({ latencyMs: 5, faults: faultsOf(plan, { clock }) }),
    engine: { limits: { ...ALARMS_ONLY, keyCheckMs: 15_000 } },
  });
  const { clock, engineFor, exchange } = all;
  const wire = exchange.wire({ latencyMs: 5 });
  const venue = hyperliquid({
    network: NETWORK,
    account: ACCOUNT,
    signer: testSigner(AGENT),
    wire,
  });
  const journal = memoryJournal({ mark: "c1015701" });
  const engine = await engineFor(ACCOUNT, { venue, journal, random: seededRandom(5) });
  const texts: string[] = [];
  engine.alarms$.subscribe(({ name, text }) => texts.push(`${name}: ${text}`));
  clock.advanceBy(2_000);
  return { ...all, engine, texts, names: () => texts.map((text) => text.split(":")[0]) };
}

describe("the key", () => {
  it("situation 25: a named key is told of before its end and at its end, without an order", async () => {
    const { clock, engine, texts, names } = await agent({
      name: "bot",
      validUntilMs: START + DAY + 20_000,
    });
    // It has less than three days when the engine starts.
    expect(texts).toEqual([expect.stringMatching(/^keyExpires: key "bot" may sign until \d+/)]);
    clock.advanceBy(15_000);
    expect(names()).toEqual(["keyExpires"]);
    clock.advanceBy(10_000);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain("1.0 days from now");
    clock.advanceBy(60_000);
    expect(names()).toEqual(["keyExpires", "keyExpires"]);
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
  });

  it("situation 25: a key whose time runs out: told at its hour; the first refusal halts trading", async () => {
    const { clock, engine, names } = await agent({ name: "bot", validUntilMs: START + 30_000 });
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    clock.advanceBy(60_000);
    expect(names().at(-1)).toBe("keyExpired");
    const late = engine.place(BID);
    expect(await settle(clock, late.acknowledged)).toMatchObject({
      kind: "refused",
      reason: "unknownSigner",
    });
    expect(names()).toContain("signerUnknown");
    expect(engine.status.brake).toBe("halted");
    expect(order.view().state).toBe("resting");
  });

  it("situation 25: an unnamed key that is taken back in mid-run is told of by its role", async () => {
    const { clock, engine, names } = await agent({}, [
      { what: "endAgents", to: { signer: AGENT }, when: { afterMs: 20_000 } },
    ]);
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    expect(names()).toEqual([]);
    clock.advanceBy(40_000);
    expect(names()).toEqual(["keyExpired"]);
    expect(order.view().state).toBe("resting");
  });

  it.each([
    ["an API wallet's address", AGENT, AGENT, "wrongAccount"],
    ["an address that never held funds", `0x${"d4".repeat(20)}`, AGENT, "wrongAccount"],
    ["another account's key", ACCOUNT, OTHER, "wrongKey"],
  ])(
    "situation 118: %s is refused at the start, and nothing was sent",
    async (_, account, key, code) => {
      const { clock, exchange } = await agent({ name: "bot" });
      const wire = exchange.wire();
      const venue = hyperliquid({ network: NETWORK, account, signer: testSigner(key), wire });
      const starting = createEngine({ venue, clock, random: seededRandom(6) });
      await expect(settle(clock, starting)).rejects.toMatchObject({ code });
    },
  );
});

async function listing(marketsEveryMs = 20_000) {
  const all = await world({
    exchange: { crowd: false },
    engine: { limits: { ...ALARMS_ONLY, marketsEveryMs } },
  });
  const texts: string[] = [];
  all.engine.alarms$.subscribe(({ name, text }) => texts.push(`${name}: ${text}`));
  return { ...all, texts };
}

describe("the markets", () => {
  it("situation 67: a coin is delisted: its orders end so, it is told, and nothing new is taken here", async () => {
    const { clock, engine, exchange, texts } = await listing();
    const order = engine.place(BID);
    await settle(clock, order.acknowledged);
    exchange.market({ steps: [{ do: "delist", coin: "BTC" }] });
    expect(await settle(clock, order.closed)).toMatchObject({
      state: "canceled",
      cause: "delisted",
    });
    clock.advanceBy(25_000);
    expect(texts).toEqual(["marketsChanged: BTC is delisted"]);
    expect(() => engine.place(BID)).toThrow("is delisted");
    expect(engine.market("BTC")).toMatchObject({ delisted: true });
  });

  it("a refusal is the first sign: the markets are read soon after it, and once", async () => {
    const { clock, engine, exchange, texts } = await listing(3_600_000);
    exchange.market({ steps: [{ do: "delist", coin: "BTC" }] });
    clock.advanceBy(1_000);
    const order = engine.place(BID);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "refused", by: "venue" });
    expect(texts).toEqual([]);
    clock.advanceBy(3_000);
    expect(texts).toEqual(["marketsChanged: BTC is delisted"]);
  });

  it("a coin that is listed in mid-run can be traded once it was read", async () => {
    const { clock, engine, exchange, texts } = await listing();
    const terms = { name: "NEW", sizeDecimals: 2, maxLeverage: 3, price: "10" };
    exchange.market({ steps: [{ do: "list", ...terms }] });
    const spec = { ...BID, coin: "NEW", price: "9", size: "20" };
    expect(() => engine.place(spec)).toThrow("lists no such coin");
    clock.advanceBy(25_000);
    expect(texts).toEqual(["marketsChanged: NEW is listed"]);
    const order = engine.place(spec);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    expect(await settle(clock, order.cancel())).toMatchObject({ state: "canceled" });
  });
});

/** The hand of a process that may stand still: what was due meanwhile runs when it goes on. */
class HeldClock implements Clock {
  readonly #clock: Clock;
  readonly #due: (() => void)[] = [];
  #isHeld = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  after(delayMs: number, callback: () => void): () => void {
    let isOff = false;
    const run = (): void => {
      if (isOff) return;
      if (this.#isHeld) this.#due.push(run);
      else callback();
    };
    const cancel = this.#clock.after(delayMs, run);
    return () => {
      isOff = true;
      cancel();
    };
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const run of this.#due.splice(0)) run();
  }
}

describe("this process", () => {
  it("situation 100: stands still with a request on its way: told how long, and the venue is looked at anew", async () => {
    const all = await world({ exchange: { crowd: false }, wire: { latencyMs: 5 } });
    const { clock, engineFor } = all;
    const held = new HeldClock(clock);
    const journal = memoryJournal({ mark: "c1015701" });
    const engine = await engineFor(ACCOUNT, { clock: held, journal, random: seededRandom(8) });
    const texts: string[] = [];
    engine.alarms$.subscribe(({ name, text }) => texts.push(`${name}: ${text}`));
    clock.advanceBy(3_000);
    const order = engine.place(BID);
    held.hold();
    clock.advanceBy(4_000);
    held.release();
    expect(texts).toEqual([expect.stringMatching(/^stalled: nothing ran for [34]\d{3} ms$/)]);
    const before = engine.counters.inputs;
    clock.advanceBy(1_000);
    expect(engine.counters.inputs).toBeGreaterThan(before);
    expect(await settle(clock, order.acknowledged)).toMatchObject({ kind: "accepted" });
    clock.advanceBy(60_000);
    expect(texts).toHaveLength(1);
    expect(order.view().state).toBe("resting");
    expect(engine.counters.doubts).toBe(0);
  });
});
