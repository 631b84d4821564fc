// Reads vitest's report: prints the ten slowest tests and what was skipped, and last two numbers: passed, failed.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ ...test, file: relative(process.cwd(), file.name) })),
);
const shown = (test) => `${test.file} > ${test.fullName}`;

console.log("the ten slowest:");
const byDuration = tests.toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0));
for (const test of byDuration.slice(0, 10)) {
  console.log(`${String(Math.round(test.duration ?? 0)).padStart(8)} ms  ${shown(test)}`);
}

const ended = (...words) => tests.filter((test) => words.includes(test.status));
const passed = ended("passed");
const failed = ended("failed");
const others = tests.length - passed.length - failed.length;
if (others > 0) console.log(`skipped: ${others}`);
for (const test of ended("skipped", "pending", "todo", "disabled")) console.log(`  ${shown(test)}`);

// A file that could not even be loaded holds no test that could fail.
const broken = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
);
for (const file of broken) console.log(`broken: ${relative(process.cwd(), file.name)}`);
if (passed.length === 0) throw new Error("no test passed");

console.log(`${passed.length} ${failed.length + broken.length}`);
