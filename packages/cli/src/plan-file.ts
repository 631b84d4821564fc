import { type FaultPlan, parseFaultPlan } from "@cloister/simulator";
import { type FromFile, readOptionFile } from "./option-file.ts";

/** The fault plan of a YAML or JSON file, or in one line why there is none. `check` may refuse it by throwing. */
export function readPlanFile(
  file: string,
  check: (plan: FaultPlan) => void = () => {},
): Promise<FromFile<FaultPlan>> {
  return readOptionFile(file, (text) => {
    const plan = parseFaultPlan(text);
    check(plan);
    return plan;
  });
}
