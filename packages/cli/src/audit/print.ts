import type { Audit, Difference, Tally } from "./compare.ts";

/** More differences than these are counted only. */
const SHOWN_MAX = 40;

/** The audit for a person: a line per kind, then each difference. */
export function printAudit(audit: Audit): string {
  const states = Object.entries(audit.states)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([state, count]) => `${state} ${count}`)
    .join(", ");
  const lines = [
    "AUDIT           engine  exchange  compared  different",
    tallyLine("orders", audit.orders),
    tallyLine("fills", audit.fills),
    tallyLine("positions", audit.positions),
    `engine's orders: ${states === "" ? "none" : states}`,
    ...audit.differences.slice(0, SHOWN_MAX).map(differenceLine),
  ];
  const rest = audit.differences.length - SHOWN_MAX;
  if (rest > 0) lines.push(`… and ${rest} more`);
  lines.push(
    audit.agrees
      ? "RESULT: the engine and the exchange agree"
      : `RESULT: ${audit.differences.length} differences`,
  );
  return `${lines.join("\n")}\n`;
}

function tallyLine(name: string, tally: Tally): string {
  const numbers = [
    String(tally.engine).padStart(7),
    String(tally.exchange).padStart(10),
    String(tally.compared).padStart(10),
    String(tally.differences).padStart(11),
  ];
  return `${name.padEnd(15)}${numbers.join("")}`;
}

function differenceLine({ of, key, field, engine, exchange }: Difference): string {
  return `DIFFERENT ${of} ${key}: ${field} is ${engine} in the engine, ${exchange} at the exchange`;
}
