import { type Limits, VENUE_LIMITS } from "../limits/limits.ts";
import type { WrittenObject } from "../written-object.ts";

const NAMES = Object.keys(VENUE_LIMITS);

/** The limits that a plan replaces. @throws invalidOption with the path of what is no limit. */
export function readLimitsInPlan(limits: WrittenObject): Partial<Limits> {
  const given = NAMES.filter((name) => limits.has(name));
  const read = Object.fromEntries(
    given.map((name) => [name, limits.whole(name, { min: 0, max: Number.MAX_SAFE_INTEGER })]),
  );
  limits.end();
  return read;
}
