import { readFile } from "node:fs/promises";
import { type FaultPlan, readFaultPlan } from "@cloister/simulator";

/** The fault plan of a JSON file, or in one line why there is none. */
export async function readPlanFile(
  file: string,
): Promise<FaultPlan | { readonly refused: string }> {
  try {
    const plan: unknown = JSON.parse(await readFile(file, "utf8"));
    return readFaultPlan(plan);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: `${file}: ${reason}`.replaceAll(/\s+|\p{Cc}+/gu, " ") };
  }
}
