import { seededRandom } from "@cloister/model";
import { CHOICES, DEFAULT_UNIVERSE, faultsOf, type RulesOption } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { STORM, stormPlan, tradeThrough } from "./storm.fixture.ts";

/** Every word that is not a default, and numbers that are none. */
const ANSWERS: readonly RulesOption[] = [
  ...Object.entries(CHOICES).flatMap(([name, { words }]) =>
    words.slice(1).map((word): RulesOption => ({ [name]: word })),
  ),
  { nonceMarginMs: 120_000 },
  { updatesBlocks: 3 },
  { ordersPerAction: 2 },
  { snapshotFills: 0 },
  { cadence: { bookMs: 5_000, midsMs: 5_000, stateMs: 10_000 } },
  { recordsKept: 10 },
];

/** Seeds of storms in which orders rest, fill, are canceled and refused. */
const SEEDS = [1, 3, 4, 6, 7, 9, 10, 12];

const STORMS = SEEDS.map((seed, at) => {
  const rules = rulesOf(at);
  return { seed, rules, answers: Object.keys(rules).join(" ") };
});

/** Each answer comes in one storm, together with some others: words of one question never meet. */
function rulesOf(storm: number): RulesOption {
  const rules: RulesOption = {};
  for (const [turn, one] of ANSWERS.entries()) {
    if (turn % SEEDS.length === storm) Object.assign(rules, one);
  }
  return rules;
}

/** Two coins, a thin market close to the fair price, slow blocks: cheap to run, and orders still fill. */
const SMALL = {
  universe: {
    ...DEFAULT_UNIVERSE,
    perps: DEFAULT_UNIVERSE.perps.slice(0, 2),
    dexes: [],
    pairs: [],
  },
  crowd: { levels: 2, halfSpreadBps: 8, levelValue: 150 },
  blockMs: 200,
};

/** A stretch of a storm with an exchange that chose differently: the engine knows what the exchange knows. */
describe("whatever the venue turns out to do, both sides know the same (protocol §16)", () => {
  it("every answer is in a storm", () => {
    const inStorms = STORMS.flatMap(({ rules }) => Object.keys(rules));
    expect(inStorms).toHaveLength(ANSWERS.length);
  });

  it.each(STORMS)("seed $seed: $answers", ({ seed, rules }) =>
    tradeThrough(
      {
        steps: 24,
        exchange: { ...SMALL, rules },
        wire: (clock) => ({ latencyMs: 5, faults: faultsOf(stormPlan(seed), { clock }) }),
        begin: (clock) => clock.advanceTo(STORM.afterMs),
        end: () => {},
      },
      seededRandom(seed),
    ),
  );
});
