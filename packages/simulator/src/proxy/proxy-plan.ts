import { invalidOption } from "@cloister/model";
import { type FaultPlan, kindOf, type PlannedFault } from "../faults/fault-plan.ts";

/**
 * Refuses what a proxy cannot do, since it would never happen, without a word.
 * @throws invalidOption with the path of the key: `faults[2].what`.
 */
export function checkProxyPlan(plan: FaultPlan): void {
  for (const [at, fault] of plan.faults.entries()) {
    const refusal = refusalOf(fault);
    if (refusal === undefined) continue;
    const { key, value, rule } = refusal;
    throw invalidOption(`faults[${at}].${key}`, value, `the proxy cannot ${rule}`);
  }
}

type Refusal = { readonly key: string; readonly value: unknown; readonly rule: string };

function refusalOf(fault: PlannedFault): Refusal | undefined {
  const { what, when, to } = fault;
  if (kindOf(what).inside === true) {
    return { key: "what", value: what, rule: "do this: only an exchange can" };
  }
  if (what === "holdAction" && "blocks" in fault) {
    return { key: "blocks", value: fault.blocks, rule: "count blocks: say ms" };
  }
  for (const key of ["fromBlock", "toBlock"] as const) {
    if (when[key] !== undefined) {
      return { key: `when.${key}`, value: when[key], rule: "count blocks: say ms" };
    }
  }
  const isAction = what === "loseAction" || what === "holdAction";
  for (const key of ["account", "signer"] as const) {
    if (isAction && to[key] !== undefined) {
      return { key: `to.${key}`, value: to[key], rule: "tell whose action it is" };
    }
  }
  return undefined;
}
