import { type Audit, type Difference, hasTraded, type Tally } from "./compare.ts";
import type { Line } from "./sums.ts";

/** More differences than these are counted only. */
const SHOWN_MAX = 40;

/** The audit for a person: a line per kind, then each difference. */
export function printAudit(audit: Audit): string {
  const lines = [
    row(["AUDIT", "engine", "exchange", "compared", "different"]),
    tallyLine("orders", audit.orders),
    tallyLine("fills", audit.fills),
    tallyLine("positions", audit.positions),
    ...audit.lines.map((line) => sumLine(audit, line)),
    ...audit.differences.slice(0, SHOWN_MAX).map(differenceLine),
  ];
  const rest = audit.differences.length - SHOWN_MAX;
  if (rest > 0) lines.push(`… and ${rest} more`);
  lines.push(`RESULT: ${resultOf(audit)}`);
  return `${lines.join("\n")}\n`;
}

function resultOf(audit: Audit): string {
  const { length } = audit.differences;
  if (length > 0) return `${length} ${length === 1 ? "difference" : "differences"}`;
  if (!hasTraded(audit)) return "nothing was traded, so nothing was proved";
  return "the engine and the exchange agree";
}

/** Orders that agree one by one add up differently only where the exchange keeps no record of a refusal. */
function sumLine({ orders }: Audit, { what, engine, exchange }: Line): string {
  const isUnrecorded = orders.differences === 0 && what.startsWith("orders:");
  const told = isUnrecorded ? "no record" : "differs";
  return row([`  ${what}`, engine, exchange, "", engine === exchange ? "" : told]);
}

function tallyLine(name: string, { engine, exchange, compared, differences }: Tally): string {
  return row([name, ...[engine, exchange, compared, differences].map(String)]);
}

function row([name = "", ...cells]: readonly string[]): string {
  return `${name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join("")}`.trimEnd();
}

function differenceLine({ of, key, field, engine, exchange }: Difference): string {
  return `DIFFERENT ${of} ${key}: ${field} is ${engine} in the engine, ${exchange} at the exchange`;
}
