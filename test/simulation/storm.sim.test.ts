import { seededRandom, type Random } from "@cloister/model";
import { type Delivery, type Faults, faultsOf } from "@cloister/simulator";
import { describe, it } from "vitest";
import { type Season, STORM, stormPlan, tradeThrough } from "./storm.fixture.ts";

type Weather = { calm: boolean };

/** A network and a venue that lose, repeat, delay and cut, as a seed draws it. */
function storm(random: Random, weather: Weather): Faults {
  /** Chances are per thousand. */
  const chance = (perMille: number): boolean => !weather.calm && random.next() * 1_000 < perMille;
  const delivery = (): Delivery => {
    if (chance(80)) return "lose";
    if (chance(30)) return "duplicate";
    if (chance(120)) return { holdMs: Math.floor(random.next() * 6_000) };
    return "deliver";
  };
  return {
    action: () => (chance(30) ? "lose" : "execute"),
    frame: ({ channel }) => {
      if (chance(10)) return "disconnect";
      if (channel === "post") return delivery();
      // Also on a connection that lives on: lists and reads must show what a stream did not tell.
      if (chance(40)) return "lose";
      if (chance(30)) return "duplicate";
      return chance(60) ? { holdMs: Math.floor(random.next() * 800) } : "deliver";
    },
    answer: () => {
      if (chance(10)) return { instead: { status: 429, body: "null" } };
      if (chance(10)) return { instead: { status: 502, body: "<html>bad gateway</html>" } };
      const fate = delivery();
      return fate === "disconnect" ? "lose" : fate;
    },
  };
}

describe("a storm", () => {
  it.each([1, 2, 3, 4])(
    "situation 127: leaves the engine knowing what the exchange knows, seed %i",
    (seed) => {
      const weather: Weather = { calm: true };
      const season: Season = {
        wire: () => ({ latencyMs: 5, faults: storm(seededRandom(seed + 1_000), weather) }),
        begin: () => {
          weather.calm = false;
        },
        end: () => {
          weather.calm = true;
        },
      };
      return tradeThrough(season, seededRandom(seed));
    },
  );

  it.each([1, 2, 3])("by a plan leaves the engine knowing the same, seed %i", (seed) => {
    const season: Season = {
      wire: (clock) => ({ latencyMs: 5, faults: faultsOf(stormPlan(seed), { clock }) }),
      begin: (clock) => clock.advanceTo(STORM.afterMs),
      end: () => {},
    };
    return tradeThrough(season, seededRandom(seed));
  });
});
