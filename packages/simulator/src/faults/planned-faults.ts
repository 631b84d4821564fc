import { type Clock, type Random, seededRandom } from "@cloister/model";
import { ArmedFault, type Subject } from "./armed-fault.ts";
import type { BlockFate } from "./block-fate.ts";
import type { FaultKind } from "./fault-kind.ts";
import { type FaultPlan, kindOf, type PlannedFault } from "./fault-plan.ts";
import type { BlockSeen, Faults } from "./faults.ts";

/** Where the faults' time and chance come from. */
export type FaultTerms = {
  /** Times of the plan count from its hour now. */
  readonly clock: Clock;
  /** By default each fault draws from a source of its own, made of the plan's seed. */
  readonly random?: Random;
};

/** A plan at work, and how often each of its faults has fired. */
export type PlannedFaults = Faults & { readonly fired: () => readonly number[] };

/** Makes a plan misbehave: same plan, same clock, same actions give the same frames. */
export function faultsOf(plan: FaultPlan, terms: FaultTerms): PlannedFaults {
  const armed = plan.faults.map(
    (fault, at) =>
      new ArmedFault(fault, {
        clock: terms.clock,
        random: terms.random ?? seededRandom((plan.seed + at * 7_919) >>> 0),
      }),
  );
  /** The first fault that has a fate for it and fires decides. */
  const decide = <F>(
    subject: Subject,
    fateOf: (kind: FaultKind<object>, fault: PlannedFault) => F | undefined,
  ) => {
    for (const one of armed) {
      const fate = fateOf(kindOf(one.fault.what), one.fault);
      if (fate !== undefined && one.fires(subject)) return fate;
    }
    return undefined;
  };
  const memory = remembered(plan);
  return {
    action: (seen) =>
      decide({ ...seen, path: "/exchange" }, (kind, fault) => kind.action?.(fault, seen)) ??
      "execute",
    frame: (seen) =>
      decide({ ...seen, path: "/ws" }, (kind, fault) => kind.frame?.(fault, seen)) ?? "deliver",
    answer: (seen) =>
      decide({ ...seen, text: seen.body }, (kind, fault) => kind.answer?.(fault, seen)) ??
      "deliver",
    request: (seen) => decide(seen, (kind, fault) => kind.request?.(fault, seen)) ?? "pass",
    reading: (seen) => decide(seen, (kind, fault) => kind.reading?.(fault, seen)) ?? "fresh",
    remembers: () => memory,
    block: (seen) => armed.flatMap((one) => blockFate(one, seen) ?? []),
    fired: () => armed.map((one) => one.fired),
  };
}

/** In a block everything happens that is due; whom it concerns is known to nobody else. */
function blockFate(armed: ArmedFault, seen: BlockSeen): BlockFate | undefined {
  const { fault, random } = armed;
  const kind = kindOf(fault.what);
  if (kind.block === undefined || !armed.fires({ ...fault.to, path: "/exchange", ...seen })) {
    return undefined;
  }
  return kind.block(fault, { ...seen, random });
}

/** How far back the reads of a plan look at most. */
function remembered({ faults }: FaultPlan): { ms: number; blocks: number } {
  const most = { ms: 0, blocks: 0 };
  for (const fault of faults) {
    if (fault.what !== "lagReads") continue;
    if ("ms" in fault) most.ms = Math.max(most.ms, fault.ms);
    else most.blocks = Math.max(most.blocks, fault.blocks);
  }
  return most;
}
