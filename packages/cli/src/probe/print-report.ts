import { ASSUMPTIONS } from "@cloister/hyperliquid";
import type { ProbeReport, ProbeRow } from "./run-probes.ts";

const RAW_MAX = 6;
const TEXT_MAX = 240;

/** The table of the assumptions for a person: verdict, what was seen, and what the venue said. */
export function printReport(report: ProbeReport): string {
  const lines = Object.entries(ASSUMPTIONS).flatMap(([chapter, assumed]) => {
    const ids = new Set<string>(assumed.map(({ id }) => id));
    const rows = report.rows.filter(({ assumption }) => ids.has(assumption.id));
    return [chapter, ...rows.flatMap(rowLines), ""];
  });
  const count = (verdict: ProbeRow["verdict"]): number =>
    report.rows.filter((row) => row.verdict === verdict).length;
  for (const trouble of report.troubles) lines.push(`TROUBLE ${trouble}`);
  for (const left of report.left) lines.push(`LEFT ${left}`);
  if (report.left.length === 0) lines.push("nothing is left open");
  const told = `${count("measured")} measured, ${count("assumed")} assumed, ${count("differs")} ${count("differs") === 1 ? "differs" : "differ"}`;
  lines.push(`RESULT: ${told}`);
  return `${lines.join("\n")}\n`;
}

function rowLines({ verdict, said, assumption, raw }: ProbeRow): readonly string[] {
  const { section, id, says, code, ifWrong } = assumption;
  const lines = [`  ${verdict.padEnd(9)} §${section.padEnd(5)} ${id.padEnd(22)} ${says}`];
  if (said !== "") lines.push(`${" ".repeat(13)}${cut(said)}`);
  if (verdict === "differs") lines.push(`${" ".repeat(13)}leant upon by ${code}; then: ${ifWrong}`);
  // Asking again until something is known says the same again.
  const texts = [...new Set(raw)].slice(-RAW_MAX);
  const shown = texts.map((text) => `${" ".repeat(15)}| ${cut(text)}`);
  return [...lines, ...shown];
}

function cut(text: string): string {
  const flat = text.replaceAll(/\s+|\p{Cc}+/gu, " ");
  return flat.length > TEXT_MAX ? `${flat.slice(0, TEXT_MAX)}…` : flat;
}
