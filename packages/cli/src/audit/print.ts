import type { Audit, Difference, Tally } from "./compare.ts";

/** More differences than these are counted only. */
const SHOWN_MAX = 40;

/** The audit for a person: a line per kind, then each difference. */
export function printAudit(audit: Audit): string {
  const lines = [
    row(["AUDIT", "engine", "exchange", "compared", "different"]),
    tallyLine("orders", audit.orders),
    tallyLine("fills", audit.fills),
    tallyLine("positions", audit.positions),
    ...audit.lines.map(({ what, engine, exchange }) =>
      row([`  ${what}`, engine, exchange, "", engine === exchange ? "" : "differs"]),
    ),
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

function tallyLine(name: string, { engine, exchange, compared, differences }: Tally): string {
  return row([name, ...[engine, exchange, compared, differences].map(String)]);
}

function row([name = "", ...cells]: readonly string[]): string {
  return `${name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join("")}`.trimEnd();
}

function differenceLine({ of, key, field, engine, exchange }: Difference): string {
  return `DIFFERENT ${of} ${key}: ${field} is ${engine} in the engine, ${exchange} at the exchange`;
}
