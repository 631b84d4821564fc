import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { plantedTree } from "./planted-tree.ts";
import { filesUnder, IMPORT_RULES, ROOT, TABLE } from "./tree.ts";

type Cruise = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
};

const CRUISER = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const FOLDERS = ["packages", "machines", "test"];

/** Runs the import rules over a tree, as `npm run imports:check` does. */
function cruise(top: string): Promise<Cruise> {
  const args = [CRUISER, ...FOLDERS, "--config", "test/house/imports.cjs", "--output-type", "json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: top, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (stdout !== "") resolve(JSON.parse(stdout) as Cruise);
      else reject(new Error(`dependency-cruiser is silent: ${stderr}`, { cause: error }));
    });
  });
}

describe("the import rules", () => {
  it("hold, and saw every source file on disk", { timeout: 60_000 }, async () => {
    const { modules, summary } = await cruise(ROOT);
    const seen = new Set(modules.map((module) => module.source));
    const onDisk = FOLDERS.flatMap(filesUnder).filter((file) => file.endsWith(".ts"));
    expect(onDisk.filter((file) => !seen.has(file))).toEqual([]);
    expect(
      summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    ).toEqual([]);
  });

  it("fire one and all where they are broken", { timeout: 60_000 }, async () => {
    const { summary } = await cruise(brokenTree());
    expect(IMPORT_RULES.length).toBeGreaterThan(3 * Object.keys(TABLE.ROOMS).length);
    const fired = new Set(summary.violations.map(({ rule }) => rule.name));
    expect(IMPORT_RULES.filter((rule) => !fired.has(rule))).toEqual([]);
  });

  it("are silent where nothing is broken", { timeout: 60_000 }, async () => {
    const { modules, summary } = await cruise(treeOf({ ...frontDoors(), ...blameless() }));
    expect(modules.length).toBeGreaterThan(Object.keys(TABLE.ROOMS).length);
    expect(summary.violations).toEqual([]);
  });
});

/** The planted sources in furnished rooms. */
function treeOf(sources: Readonly<Record<string, string>>): string {
  const top = plantedTree(sources);
  for (const room of Object.keys(TABLE.ROOMS)) furnish(top, room);
  return top;
}

/** Gives a room its papers, and every library any room has: only the rules can refuse one. */
function furnish(path: string, room: string): void {
  mkdirSync(join(path, room, "node_modules/@cloister"), { recursive: true });
  cpSync(join(ROOT, room, "package.json"), join(path, room, "package.json"));
  for (const other of Object.keys(TABLE.ROOMS)) {
    const name = other.split("/").at(-1) ?? other;
    symlinkSync(join(path, other), join(path, room, "node_modules/@cloister", name));
  }
  for (const library of LIBRARIES) {
    const link = join(path, room, "node_modules", library);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(homeOf(library), link);
  }
}

const LIBRARIES = [
  ...new Set([...Object.values(TABLE.ROOMS).flatMap((room) => room.npm), ...TABLE.TEST_NPM]),
];

/** Where pnpm linked a library. */
function homeOf(library: string): string {
  const owner = Object.keys(TABLE.ROOMS).find((room) => TABLE.ROOMS[room]?.npm.includes(library));
  return join(ROOT, owner ?? "", "node_modules", library);
}

const DOOR = "export const x = 1;\n";

function frontDoors(): Record<string, string> {
  const doors: Record<string, string> = {};
  for (const room of Object.keys(TABLE.ROOMS)) doors[`${room}/src/index.ts`] = DOOR;
  return doors;
}

/** Imports that the table allows, in production and in a test beside it. */
function blameless(): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const [room, may] of Object.entries(TABLE.ROOMS)) {
    const doors = may.rooms.map((friend) => `@cloister/${friend.split("/").at(-1) ?? ""}`);
    const allowed = [...doors, ...may.npm];
    sources[`${room}/src/index.ts`] = `import "./inner.ts";\nexport const x = 1;\n`;
    sources[`${room}/src/inner.ts`] = importing([...allowed, "./leaf.ts"]);
    sources[`${room}/src/leaf.ts`] = "export const leaf = 1;\n";
    const shared = [...allowed, ...TABLE.TEST_NPM, "./inner.ts"];
    sources[`${room}/src/inner.fixture.ts`] = importing(shared);
    sources[`${room}/src/inner.test.ts`] = importing([...shared, "./inner.fixture.ts"]);
  }
  return sources;
}

/** Every rule broken at least once. */
function brokenTree(): string {
  const sources = frontDoors();
  const names = Object.keys(TABLE.ROOMS).map((room) => `@cloister/${room.split("/").at(-1) ?? ""}`);
  for (const room of Object.keys(TABLE.ROOMS)) {
    const up = room.includes("/") ? "../../.." : "../..";
    const all = [...names, ...LIBRARIES, "node:child_process", "node:net", "node:fs"];
    sources[`${room}/src/planted.ts`] = importing([...all, `${up}/test/planted.ts`]);
    sources[`${room}/src/planted.test.ts`] = importing([...names, ...LIBRARIES]);
  }
  for (const file of Object.keys(TABLE.FILES)) sources[file] = importing(["node:child_process"]);
  return treeOf({
    ...sources,
    "packages/market-makers/src/index.ts": `import "../../model/src/index.ts";\n`,
    "packages/engine/src/deep.ts": `import "../../model/src/cycle-a.ts";\n`,
    "packages/model/src/cycle-a.ts": `import "./cycle-b.ts";\n`,
    "packages/model/src/cycle-b.ts": `import "./cycle-a.ts";\n`,
    "packages/model/src/orphan.ts": "export const alone = 1;\n",
    "packages/model/src/lost.ts": `import "./nowhere.ts";\n`,
    "packages/model/src/tested.ts": `import "./planted.test.ts";\n`,
    "packages/model/src/other.test.ts": `import "./planted.test.ts";\n`,
    "test/planted.ts": `import "../packages/model/src/cycle-a.ts";\n`,
  });
}

function importing(names: readonly string[]): string {
  return names.map((name) => `import "${name}";\n`).join("");
}
