import type { ProbeDesk } from "./probe-desk.ts";

/**
 * What a probe found: as assumed, otherwise, or that it could not be measured here (then it stays assumed).
 * `said` is for a person.
 */
export type Finding = {
  readonly verdict: "measured" | "differs" | "assumed";
  readonly said: string;
};

/** Measures one assumption. @throws ProbeTrouble when the venue does not answer */
export type Probe = (desk: ProbeDesk) => Promise<Finding>;

/** As assumed, or not. */
export function judged(isAsAssumed: boolean, said: string): Finding {
  return { verdict: isAsAssumed ? "measured" : "differs", said };
}

export function notMeasured(said: string): Finding {
  return { verdict: "assumed", said };
}
