import type { FaultPlan } from "./fault-plan.ts";

const anywhere = { to: {} } as const;

/** Nothing goes wrong. */
const CALM: FaultPlan = { seed: 1, faults: [] };

/** A bad day, which every client must survive. */
const STORM: FaultPlan = {
  seed: 1,
  faults: [
    { ...anywhere, what: "loseAction", when: { chance: 0.01 } },
    { ...anywhere, what: "httpStatus", ...busy(), when: { meanMs: 30_000 } },
    { ...anywhere, what: "loseAnswer", when: { chance: 0.05 } },
    { what: "disconnect", code: 1006, when: { meanMs: 20_000 }, to: { path: "/ws" } },
    { ...anywhere, what: "duplicateFrame", when: { chance: 0.03 } },
    { ...anywhere, what: "reorderFrames", when: { chance: 0.05 } },
    { ...anywhere, what: "reorderArray", when: { chance: 0.05 } },
    { ...anywhere, what: "delayFrame", ms: 700, when: { chance: 0.01 } },
  ],
};

/** For a second and a half every request is one too many. */
function busy() {
  return { status: 429, body: "null", executed: false, ms: 1_500 } as const;
}

/** Plans that are ready to use, by name. */
export const READY_PLANS = { calm: CALM, storm: STORM } as const satisfies Readonly<
  Record<string, FaultPlan>
>;
