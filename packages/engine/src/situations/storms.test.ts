import {
  add,
  type Cloid,
  compare,
  type Decimal,
  formatDecimal,
  isLive,
  ManualClock,
  parseDecimal,
  type Random,
  seededRandom,
  subtract,
  type Tick,
  ZERO,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { CancelAllResult, Engine, Modified, OrderHandle } from "../api.ts";
import type { Core } from "../core.ts";
import { startEngine } from "../create-engine.ts";
import { RandomVenue, type Weather } from "./random-venue.fixture.ts";
import { settled, SPEC } from "./rig.fixture.ts";

const CALM: Weather = {
  lost: 0,
  repeated: 0,
  failedRead: 0,
  refused: 0,
  signer: 0,
  delayMs: 20,
};
const STORM: Weather = {
  lost: 0.15,
  repeated: 0.2,
  failedRead: 0.1,
  refused: 0.1,
  signer: 0.2,
  delayMs: 900,
};

/** An engine in bad weather, and whoever uses it; what it says is held against the venue's own books. */
class Storm {
  /** What broke, in words. */
  readonly broken = new Set<string>();
  doubts = 0;
  readonly clock = new ManualClock();
  readonly venue: RandomVenue;
  readonly #random: Random;
  readonly #handles: OrderHandle[] = [];
  readonly #modified: Promise<Modified>[] = [];
  readonly #swept: Promise<CancelAllResult>[] = [];
  readonly #filled = new Map<Cloid, Decimal>();
  #sequence = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.venue = new RandomVenue(this.clock, this.#random, CALM);
  }

  async start(seed: number): Promise<{ engine: Engine; core: Core }> {
    const { clock, venue } = this;
    // Many cuts are what some of these storms are about: each gets its recovery.
    const limits = { barrierEveryMs: 500 };
    const starting = startEngine({ venue, clock, random: seededRandom(seed), limits });
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    clock.advanceBy(1_000);
    const { engine, core } = await starting;
    engine.onTick((tick) => this.#hear(tick));
    engine.onTick(() => this.#checkSums(core));
    return { engine, core };
  }

  rage(engine: Engine, { orders, cuts }: { orders: number; cuts: number }): void {
    this.venue.weather = STORM;
    for (let step = 0; step < orders * 5; step += 1) {
      const dice = this.#random.next();
      if (dice >= 0.35) this.#meddle(engine, dice);
      else if (this.#handles.length < orders) {
        const side = this.#chance(0.5) ? "buy" : "sell";
        this.#handles.push(engine.place({ ...SPEC, side }));
      }
      if (this.#chance(this.venue.isLost ? 0.5 : cuts)) this.venue.turn();
      this.clock.advanceBy(Math.floor(this.#random.next() * 120));
      this.#checkExposure(engine);
      this.doubts += engine.status.doubtful;
    }
  }

  /** Calm weather: everything comes to its end. */
  async calm(engine: Engine): Promise<void> {
    this.venue.weather = CALM;
    if (this.venue.isLost) this.venue.turn();
    engine.resume();
    this.clock.advanceBy(25_000);
    this.#checkExposure(engine);
    const { doubtful } = engine.status;
    if (doubtful > 0) this.broken.add(`rule 5: ${doubtful} still doubtful`);
    const all = engine.cancelAll();
    this.clock.advanceBy(60_000);
    const swept = await settled(all);
    if (swept === "open" || swept.unresolved.length > 0) {
      this.broken.add(`rule 5: cancelAll left ${JSON.stringify(swept)}`);
    }
    this.clock.advanceBy(180_000);
    for (const result of [...this.#modified, ...this.#swept]) {
      if ((await settled<unknown>(result)) === "open") this.broken.add("rule 5: no answer");
    }
    for (const handle of this.#handles) await this.#auditOrder(handle);
    this.#auditAccount(engine);
  }

  #meddle(engine: Engine, dice: number): void {
    if (dice >= 0.82 && dice < 0.86) this.#brake(engine, dice);
    const handle = this.#handles.at(Math.floor(this.#random.next() * this.#handles.length));
    if (dice < 0.5) void handle?.cancel();
    else if (dice < 0.6 && handle !== undefined) {
      const spec = this.#chance(0.5) ? { price: "63990" } : { leaves: "0.003" };
      this.#modified.push(handle.modify(spec));
    } else if (dice < 0.8) this.venue.trade();
    else if (dice < 0.82) this.venue.disturb("margin");
  }

  /** It is released sooner than it is pulled. */
  #brake(engine: Engine, dice: number): void {
    if (engine.status.brake === "halted") engine.resume();
    else if (dice < 0.83) engine.halt("storm");
    else if (dice < 0.835) this.#swept.push(engine.cancelAll({ withinMs: 3_000 }));
  }

  #hear({ sequence, changes }: Tick): void {
    if (this.#sequence !== 0 && sequence !== this.#sequence + 1) this.broken.add("a gap in ticks");
    this.#sequence = sequence;
    for (const { cloid, to, evidence, filled } of changes) {
      if (compare(filled, this.#filled.get(cloid) ?? ZERO) < 0) this.broken.add("rule 2: fell");
      this.#filled.set(cloid, filled);
      const isWish = evidence.type === "command.place" || evidence.type === "request.sent";
      if (isWish && !isLive(to)) this.broken.add("rule 3: ended by a wish");
    }
  }

  /** The sums that are kept up to date are those that counting every order gives. */
  #checkSums(core: Core): void {
    const [kept, counted] = [core.exposure(), core.recounted()].map((all) => JSON.stringify(all));
    if (kept !== counted) this.broken.add(`kept ${kept}, counted ${counted}`);
  }

  #checkExposure(engine: Engine): void {
    const { venue } = this;
    const exposure = engine.exposure.at(0);
    const max = parseDecimal(exposure?.max ?? "0");
    const min = parseDecimal(exposure?.min ?? "0");
    const top = add(venue.position(), venue.openSize("buy"));
    const bottom = subtract(venue.position(), venue.openSize("sell"));
    if (compare(max, top) < 0) this.broken.add(`rule 4: max ${max} is below ${top}`);
    if (compare(min, bottom) > 0) this.broken.add(`rule 4: min ${min} is above ${bottom}`);
  }

  async #auditOrder(handle: OrderHandle): Promise<void> {
    const fills = this.venue.fills.filter(
      ({ oid }) => this.venue.legs.get(oid)?.cloid === handle.cloid,
    );
    const traded = formatDecimal(fills.reduce((sum, { size }) => add(sum, size), ZERO));
    const { filled } = handle.view();
    if (filled !== traded) this.broken.add(`rule 2: ${filled} of ${traded}`);
    if ((await settled(handle.closed)) === "open") {
      this.broken.add(`rule 5: never closed ${JSON.stringify(handle.view())}`);
    }
  }

  #auditAccount(engine: Engine): void {
    const { orders, positions, exposure, counters } = engine;
    if (orders.length > 0) this.broken.add(`${orders.length} orders were never reaped`);
    const traded = formatDecimal(this.venue.position());
    if (positions.some(({ size }) => size !== traded)) this.broken.add(`rule 1: not ${traded}`);
    if (exposure.some(({ position, max, min }) => max !== position || min !== position)) {
      this.broken.add(`rule 4: exposure stays: ${JSON.stringify(exposure)}`);
    }
    if (counters.failures > 0) this.broken.add(`${counters.failures} inputs failed`);
  }

  #chance(of: number): boolean {
    return this.#random.next() < of;
  }
}

describe("situation 127: random weather", () => {
  it.each([
    [1, 0.002],
    [2, 0.002],
    [3, 0.002],
    [4, 0.002],
    [5, 0.01],
    [6, 0.01],
    [7, 0.05],
  ])("breaks no rule, seed %i, cuts %f", async (seed, cuts) => {
    const storm = new Storm(seed);
    const { engine, core } = await storm.start(seed + 1);
    storm.rage(engine, { orders: 120, cuts });
    await storm.calm(engine);
    expect([...storm.broken]).toEqual([]);
    // Only lost answers are still awaited.
    const { strangers, requests, copies, heard, deadlines, ...held } = core.sizes();
    expect(Object.values(held).filter((size) => size > 0)).toEqual([]);
    // The next looks at the venue, at the key and at the markets.
    expect(deadlines).toBeLessThan(10);
    expect(copies).toBeLessThan(60);
    expect(requests).toBeLessThan(60);
    // A storm in which nothing happens proves nothing.
    const kinds = storm.venue.written.map(({ action }) => action.kind);
    expect(storm.venue.fills.length).toBeGreaterThan(9);
    expect(storm.doubts).toBeGreaterThan(20);
    expect(new Set(kinds)).toContain("noop");
    expect(new Set(kinds)).toContain("cancelByCloid");
  });
});
