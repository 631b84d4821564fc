import { CloisterError } from "@cloister/model";
import { type Limits, limitsOf, type Policies, policiesOf } from "../options.ts";
import { type Risk, type RiskOptions, riskOf } from "../restraints/risk-options.ts";

/** The options of a run that its inputs do not tell, as they are recorded. */
export type RunOptions = {
  readonly limits: Limits;
  readonly policies: Policies;
  readonly risk: RiskOptions | undefined;
};

export type RunTerms = {
  readonly limits: Limits;
  readonly policies: Policies;
  readonly risk: Risk;
};

/** Options as a record holds them. @throws journalVersion when they are not what this version writes. */
export function readRunOptions(recorded: unknown): RunTerms {
  const options = recorded as Partial<RunOptions> | null;
  try {
    if (typeof options !== "object" || options === null) throw new Error("no options");
    const { limits, policies, risk } = options;
    return {
      limits: limitsOf(limits),
      policies: policiesOf(policies ?? {}),
      // Prices are in the commands: nobody is asked.
      risk: riskOf({ ...(risk === undefined ? {} : { risk }), referencePrice: () => undefined }),
    };
  } catch (cause) {
    throw new CloisterError("journalVersion", "the journal was written under other options", {
      cause,
    });
  }
}

/** From here on these count: each life of a journal was given its own. */
export function takeRunOptions(present: RunTerms, recorded: unknown): void {
  const { limits, policies, risk } = readRunOptions(recorded);
  Object.assign(present.limits, limits);
  Object.assign(present.policies, policies);
  Object.assign(present.risk, risk);
}
