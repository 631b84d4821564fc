import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";

const DRAWS = 100_000;

function draws(seed: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe("seeded chance", () => {
  it("repeats itself exactly", () => {
    expect(draws(42, 1_000)).toEqual(draws(42, 1_000));
    expect(seededRandom(42).bytes(64)).toEqual(seededRandom(42).bytes(64));
  });

  it("keeps its sequence from release to release, or old seeds would tell other stories", () => {
    expect(draws(1, 3)).toEqual(PINNED);
  });

  it("differs from seed to seed, neighbours included", () => {
    const firsts = new Set(Array.from({ length: 10_000 }, (_, seed) => seededRandom(seed).next()));
    expect(firsts.size).toBeGreaterThan(9_990);
  });

  it.each([0, 1, -1, 2 ** 31, 123_456_789])(
    "stays in [0, 1) and spreads evenly: seed %d",
    (seed) => {
      const buckets = Array.from({ length: 20 }, () => 0);
      const values = draws(seed, DRAWS);
      expect(values.filter((value) => value < 0 || value >= 1)).toEqual([]);
      for (const value of values) {
        const bucket = Math.floor(value * 20);
        buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      }
      // Chi squared with 19 degrees of freedom: 43.8 is passed once in a thousand seeds.
      const even = DRAWS / 20;
      const chiSquared = buckets.reduce((sum, count) => sum + (count - even) ** 2 / even, 0);
      expect(chiSquared).toBeLessThan(43.8);
    },
  );

  it("does not lean on what came before", () => {
    const values = draws(5, DRAWS);
    const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
    let together = 0;
    for (let index = 1; index < DRAWS; index += 1) {
      together += ((values[index] ?? 0) - mean) * ((values[index - 1] ?? 0) - mean);
    }
    expect(Math.abs(together / DRAWS / (1 / 12))).toBeLessThan(0.02);
  });

  it("gives bytes of every value, as many as asked", () => {
    const bytes = seededRandom(9).bytes(10_000);
    expect(bytes).toHaveLength(10_000);
    expect(new Set(bytes).size).toBe(256);
    expect(seededRandom(9).bytes(0)).toHaveLength(0);
  });
});

/** sfc32 with this seeding, computed by another program. */
const PINNED: readonly number[] = [0.51208500796929, 0.35333981388248503, 0.2657745077740401];
