import { type FaultPlan, readFaultPlan } from "@cloister/simulator";
import { type FromFile, readOptionFile } from "./option-file.ts";

/** The fault plan of a JSON file, or in one line why there is none. */
export function readPlanFile(file: string): Promise<FromFile<FaultPlan>> {
  return readOptionFile(file, (text) => {
    const plan: unknown = JSON.parse(text);
    return readFaultPlan(plan);
  });
}
