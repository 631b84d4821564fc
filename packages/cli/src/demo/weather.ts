import { type FaultPlan, type FaultSwitch, READY_PLANS } from "@cloister/simulator";
import type { FromFile } from "../option-file.ts";
import { readPlanFile } from "../plan-file.ts";

/** What the demo's exchange is going to suffer. */
export type Forecast = { readonly name: string; readonly plan: FaultPlan };

/** What it suffers now. */
export type Weather = {
  /** As it was asked for; "calm" after the storm. */
  readonly name: string;
  /** How often something went wrong so far. */
  readonly faults: number;
  /** From now on nothing goes wrong; what was delayed before still comes late. */
  calm(): void;
};

/** A ready plan by its name, or the plan of a file. */
export async function readForecast(text: string): Promise<FromFile<Forecast>> {
  const ready = new Map<string, FaultPlan>(Object.entries(READY_PLANS)).get(text);
  if (ready !== undefined) return { taken: { name: text, plan: ready } };
  const read = await readPlanFile(text);
  return "refused" in read ? read : { taken: { name: text, plan: read.taken } };
}

export function weatherOf(
  forecast: Forecast,
  faults: Pick<FaultSwitch, "replace" | "report">,
): Weather {
  let name = forecast.name;
  let before = 0;
  const fired = (): number => faults.report().fired.reduce((sum, times) => sum + times, 0);
  return {
    get name() {
      return name;
    },
    get faults() {
      return before + fired();
    },
    calm() {
      before += fired();
      faults.replace(READY_PLANS.calm);
      name = "calm";
    },
  };
}
