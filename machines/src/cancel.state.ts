import type { CancelFacts } from "./cancel.facts.ts";

export type CancelState = "queued" | "signing" | "inFlight" | "looking" | "settled" | "refused";

/** What the facts mean. Total and pure. */
export function judge(facts: CancelFacts): CancelState {
  if (facts.ended !== undefined) return facts.ended;
  if (facts.targets.every(({ ended }) => ended)) return "settled";
  if (facts.stopped) return "refused";
  if (facts.attempt === 0) return "queued";
  if (facts.abandoned || facts.writes.every(({ done }) => done)) return "looking";
  return facts.writes.some(({ signed }) => signed) ? "inFlight" : "signing";
}

export function isOver(state: CancelState): boolean {
  return state === "settled" || state === "refused";
}

/** Whether it was sent so often that it counts as stuck. */
export function isStuck(facts: CancelFacts): boolean {
  return facts.attempt >= facts.timings.stuckAttempts;
}

/** Only the first attempt holds a slot: retries pass without one. */
export function holdsSlot(facts: CancelFacts): boolean {
  const state = judge(facts);
  return facts.granted && facts.attempt === 1 && (state === "signing" || state === "inFlight");
}
