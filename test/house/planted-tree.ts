import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { ROOT } from "./tree.ts";

/** What the house's tools read of the project, without its sources. */
const PAPERS = ["package.json", "tsconfig.base.json", "test/package.json", "test/house"];

/** A folder with the house's rules around sources of our own (file name to text), gone after the test. */
export function plantedTree(sources: Readonly<Record<string, string>>): string {
  const top = mkdtempSync(join(tmpdir(), "cloister-house-"));
  onTestFinished(() => {
    rmSync(top, { recursive: true, force: true });
  });
  for (const paper of PAPERS) {
    const isNoSource = (from: string): boolean => !from.endsWith(".ts");
    cpSync(join(ROOT, paper), join(top, paper), { recursive: true, filter: isNoSource });
  }
  for (const [file, text] of Object.entries(sources)) {
    mkdirSync(join(top, dirname(file)), { recursive: true });
    writeFileSync(join(top, file), text);
  }
  return top;
}
