import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { plantedTree } from "./planted-tree.ts";
import { ROOT } from "./tree.ts";

const BREACHES = [
  'export type Kind = { kind: "a" } | { kind: "b" };',
  "declare const anything: any;",
  "declare function later(): Promise<number>;",
  "export function mixed(kind: Kind, a: number, b: number, c: number) {",
  "  later();",
  "  [a, b, c].forEach(async () => { await later(); });",
  "  console.log(anything.name);",
  "  const text: string = anything;",
  "  anything();",
  "  switch (kind.kind) {",
  '    case "a": return text!;',
  "  }",
  "  return anything;",
  "}",
  "export const all = async (): Promise<void> => { await 3; };",
  'import { Brand } from "./brand.ts";',
  "export const brand: Brand | undefined = undefined;",
  "export default brand;",
].join("\n");

const LONG = `export function long(): number {\n  let n = 0;\n${"  n += 1;\n".repeat(71)}  return n;\n}\n`;

const TREE = {
  "packages/engine/tsconfig.json": `{ "extends": "../../tsconfig.base.json", "include": ["src"] }`,
  "packages/engine/src/badName.ts": BREACHES,
  "packages/engine/src/brand.ts": "export type Brand = { readonly brand: true };\n",
  "packages/engine/src/long.ts": LONG,
  "packages/engine/src/order.machine.ts": LONG,
  "packages/engine/src/endless.ts": lines(401),
  "packages/engine/src/endless.test.ts": lines(599),
  "packages/engine/src/narrow.test.ts": [
    'import { expect, it } from "vitest";',
    'it.only("a", () => { expect(1).toBe(1); });',
    'it.skip("b", () => { expect(1).toBe(1); });',
    'it("b", () => { expect(1); });',
  ].join("\n"),
  "packages/cli/tsconfig.json": `{ "extends": "../../tsconfig.base.json", "include": ["src"] }`,
  "packages/cli/src/console.d.ts": "declare const console: { log(text: string): void };\n",
  "packages/cli/src/main.ts": `export function say(): void {\n  console.log("hello");\n}\n`,
};

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `export const n${index} = ${index};\n`).join(
    "",
  );
}

type Report = {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
};

function lint(top: string): Promise<Report> {
  const linter = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const args = [linter, "--type-aware", "-c", "test/house/oxlint.json", "-f", "json", "packages"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: top, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (stdout.startsWith("{")) resolve(JSON.parse(stdout) as Report);
      else reject(new Error(`oxlint is silent: ${stdout}${stderr}`, { cause: error }));
    });
  });
}

it("the lint bites what it forbids, by type too, and only there", { timeout: 60_000 }, async () => {
  const { diagnostics } = await lint(plantedTree(TREE));
  const rulesIn = (file: string): readonly string[] => [
    ...new Set(
      diagnostics.filter(({ filename }) => filename.endsWith(file)).map(({ code }) => code),
    ),
  ];
  expect(rulesIn("badName.ts")).toEqual(
    expect.arrayContaining([
      "eslint(max-params)",
      "eslint(no-console)",
      "import(no-default-export)",
      "typescript(await-thenable)",
      "typescript(consistent-type-imports)",
      "typescript(explicit-module-boundary-types)",
      "typescript(no-explicit-any)",
      "typescript(no-floating-promises)",
      "typescript(no-misused-promises)",
      "typescript(no-unsafe-assignment)",
      "typescript(no-unsafe-call)",
      "typescript(no-unsafe-member-access)",
      "typescript(no-unsafe-return)",
      "typescript(switch-exhaustiveness-check)",
      "unicorn(filename-case)",
    ]),
  );
  expect(rulesIn("/long.ts")).toEqual(["eslint(max-lines-per-function)"]);
  expect(rulesIn("/endless.ts")).toEqual(["eslint(max-lines)"]);
  expect(rulesIn("/narrow.test.ts")).toEqual(
    expect.arrayContaining([
      "vitest(no-disabled-tests)",
      "vitest(no-focused-tests)",
      "vitest(no-identical-title)",
      "vitest(valid-expect)",
    ]),
  );
  for (const fine of ["order.machine.ts", "endless.test.ts", "cli/src/main.ts"]) {
    expect(rulesIn(fine), fine).toEqual([]);
  }
});
