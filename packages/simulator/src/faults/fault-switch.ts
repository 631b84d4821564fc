import type { FaultPlan } from "./fault-plan.ts";
import type { Faults } from "./faults.ts";
import { faultsOf, type FaultTerms } from "./planned-faults.ts";

/** Faults whose plan can be replaced while wires use them. */
export type FaultSwitch = {
  readonly faults: Faults;
  /** From now on this plan; its times count from now. What was delayed or muted by the old one runs out. */
  replace(plan: FaultPlan): void;
  /** The plan in force, and how often each of its faults has fired since it is. */
  report(): { readonly plan: FaultPlan; readonly fired: readonly number[] };
};

export function faultSwitch(plan: FaultPlan, terms: FaultTerms): FaultSwitch {
  let inForce = plan;
  let now = faultsOf(plan, terms);
  return {
    faults: {
      action: (seen) => now.action?.(seen) ?? "execute",
      frame: (seen) => now.frame?.(seen) ?? "deliver",
      answer: (seen) => now.answer?.(seen) ?? "deliver",
      request: (seen) => now.request?.(seen) ?? "pass",
      reading: (seen) => now.reading?.(seen) ?? "fresh",
      remembers: () => now.remembers?.() ?? { ms: 0, blocks: 0 },
      block: (seen) => now.block?.(seen) ?? [],
    },
    replace(next) {
      inForce = next;
      now = faultsOf(next, terms);
    },
    report: () => ({ plan: inForce, fired: now.fired() }),
  };
}
