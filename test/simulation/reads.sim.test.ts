import { seededRandom } from "@cloister/model";
import {
  DEFAULT_UNIVERSE,
  faultSwitch,
  type FaultSwitch,
  READY_PLANS,
  readFaultPlan,
} from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { BID } from "./story.fixture.ts";
import { OTHER, world } from "./world.ts";

const EXCHANGE = {
  crowd: false,
  universe: {
    ...DEFAULT_UNIVERSE,
    perps: DEFAULT_UNIVERSE.perps.slice(0, 1),
    dexes: [],
    pairs: [],
  },
  blockMs: 200,
} as const;
/** Less than half of what the venue gives, for less trading than would need it all. */
const LIMITS = { restWeight: 450 };
const STORM_MS = 24_000;
/** What a doubt may take in calm weather (design, rule 5). */
const CALM_MS = 25_000;

function stormOf(seed: number) {
  const faults = [
    { what: "loseAnswer", when: { chance: 0.1 }, to: { type: "order" } },
    ...READY_PLANS.storm.faults,
    { what: "disconnect", code: 1006, when: { everyMs: 10_000 }, to: { path: "/ws" } },
  ];
  return readFaultPlan({ seed, faults });
}

describe("reads under heavy trading in a storm", () => {
  it.each([11, 12, 13])(
    "situation 23: never use up the weight, and leave enough for doubt and recovery, seed %i",
    async (seed) => {
      const held: { faults?: FaultSwitch } = {};
      const all = await world({
        exchange: { ...EXCHANGE, limits: LIMITS },
        wire: (clock) => {
          held.faults ??= faultSwitch(READY_PLANS.calm, { clock });
          return { latencyMs: 5, faults: held.faults.faults };
        },
        engine: { limits: LIMITS },
      });
      const { clock, engine, exchange, engineFor } = all;
      const other = await engineFor(OTHER, { random: seededRandom(seed) }, exchange.wire());
      // What the start weighs has left the minute.
      clock.advanceBy(61_000);
      held.faults?.replace(stormOf(seed));
      for (let passed = 0; passed < STORM_MS; passed += 500) {
        other.place({ ...BID, side: "sell", size: "0.01" });
        engine.placeMany(Array.from({ length: 4 }, () => ({ ...BID, size: "0.001", tif: "Ioc" })));
        clock.advanceBy(500);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
      expect(engine.counters.doubts).toBeGreaterThan(0);
      held.faults?.replace(READY_PLANS.calm);
      const calmMs = clock.monotonicMs();
      while (engine.status.doubtful > 0 || engine.status.barrier !== "open") {
        clock.advanceBy(200);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        if (clock.monotonicMs() - calmMs > CALM_MS) break;
      }
      expect([engine.status.doubtful, engine.status.barrier]).toEqual([0, "open"]);
      const weight = engine.budgets.find(({ name }) => name === "restWeight");
      expect(weight?.used).toBeLessThanOrEqual(LIMITS.restWeight);
    },
  );
});
