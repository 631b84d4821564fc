import { isObject } from "../json.ts";
import type { Rules } from "../choices/rules.ts";

/** Texts that the papers spell in other words than the live venue (protocol §7.2). */
const DOCUMENTED: ReadonlyMap<string, string> = new Map([
  ["Insufficient spot balance", "Order has insufficient spot balance to trade"],
  ["Price too far from oracle", "Order price too far from oracle"],
]);

/** The statuses of an answer with their texts as the live venue writes them, or as its papers do. */
export function inWords(rules: Rules, statuses: readonly unknown[]): readonly unknown[] {
  return rules.refusalTexts === "live" ? statuses : statuses.map(documented);
}

function documented(status: unknown): unknown {
  const text = isObject(status) ? status["error"] : undefined;
  if (typeof text !== "string") return status;
  const bare = text.replace(/ asset=\d+$/, "");
  return { error: DOCUMENTED.get(bare) ?? bare };
}
