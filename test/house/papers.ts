import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ROOT, readText } from "./tree.ts";

/** `npm run papers` sets it: then what is generated is written anew instead of being compared. */
const WRITES = process.env["CLOISTER_PAPERS"] === "write";

/** The whole file is generated. */
export function holdsPaper(file: string, text: string): void {
  if (WRITES) writeFileSync(join(ROOT, file), text);
  expect(readText(file), `${file} has drifted: npm run papers`).toBe(text);
}

/** One part of the file is generated, between its marks. */
export function holdsPart(file: string, name: string, text: string): void {
  const whole = readText(file);
  const begin = `<!-- generated: ${name} -->\n`;
  const end = `<!-- end of ${name} -->`;
  const from = whole.indexOf(begin);
  const to = whole.indexOf(end);
  expect(from, `${file} has a part called ${name}`).toBeGreaterThanOrEqual(0);
  expect(to).toBeGreaterThan(from);
  holdsPaper(file, `${whole.slice(0, from + begin.length)}\n${text}\n\n${whole.slice(to)}`);
}

/** A table in Markdown, in the order given. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
