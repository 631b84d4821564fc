import { describe, expect, it } from "vitest";
import { holdsPaper } from "./papers.ts";
import { SITUATIONS } from "./situations.ts";
import { testTitles } from "./test-titles.ts";

/** Which tests name which situation. "situations 1, 2 and 70–73" counts for each of them. */
function numbersIn(title: string): readonly number[] {
  const named = /situations? ((?:\d+(?:[–-]\d+)?(?:, | and )?)+)/.exec(title)?.[1] ?? "";
  return named
    .split(/, | and /)
    .filter((part) => part !== "")
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split(/[–-]/).map(Number);
      return Array.from({ length: to - from + 1 }, (_, step) => from + step);
    });
}

const tests = testTitles();
const byNumber = new Map<number, string[]>();
for (const { file, title } of tests) {
  for (const number of numbersIn(title)) {
    const files = byNumber.get(number) ?? [];
    if (!files.includes(file)) files.push(file);
    byNumber.set(number, files);
  }
}

/** What must be covered by now. The list only grows. */
const DUE = [
  1, 2, 3, 4, 5, 7, 8, 13, 15, 16, 17, 18, 20, 21, 22, 26, 27, 28, 30, 31, 32, 33, 34, 35, 38, 39,
  41, 47, 51, 53, 57, 60, 67, 70, 71, 92, 99, 125,
];

function paper(): string {
  const rows = Object.entries(SITUATIONS).map(([number, line]) => {
    const files = (byNumber.get(Number(number)) ?? []).map((file) => `\`${file}\``).sort();
    return `| ${number} | ${line.replaceAll("|", "\\|")} | ${files.join("<br>") || "–"} |`;
  });
  const covered = Object.keys(SITUATIONS).filter((number) => byNumber.has(Number(number))).length;
  return [
    "# Situations",
    "",
    "What every serious order engine meets sooner or later on a real venue, and the tests that hold the engine to what",
    `is right. ${covered} of ${Object.keys(SITUATIONS).length} have a test that carries their number; – marks what is still to come.`,
    "Made from the tests' names: `npm run papers` writes it anew, and a test fails when it drifts.",
    "",
    "| # | situation | tests |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

describe("the situations", () => {
  it("reads numbers in every spelling", () => {
    expect(numbersIn("situation 7: …")).toEqual([7]);
    expect(numbersIn("lost (situations 1, 2 and 70–73)")).toEqual([1, 2, 70, 71, 72, 73]);
    expect(numbersIn("no number")).toEqual([]);
  });

  it("names no situation that does not exist", () => {
    expect([...byNumber.keys()].filter((number) => SITUATIONS[number] === undefined)).toEqual([]);
  });

  it.each(DUE)("situation %i has a test", (number) => {
    expect(byNumber.get(number) ?? []).not.toEqual([]);
  });

  it("are listed in test/SITUATIONS.md as they are", () => {
    holdsPaper("test/SITUATIONS.md", paper());
  });
});
