import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The top of the checkout. */
export const ROOT = join(import.meta.dirname, "..", "..");

export type Room = {
  readonly rooms: readonly string[];
  readonly npm: readonly string[];
  readonly builtins: readonly string[];
};

type RoomTable = {
  readonly ROOMS: Readonly<Record<string, Room>>;
  readonly FILES: Readonly<Record<string, { readonly builtins: readonly string[] }>>;
  readonly TEST_NPM: readonly string[];
};

type ImportRules = { readonly forbidden: readonly { readonly name: string }[] };

const load = createRequire(import.meta.url);

/** The table of rooms, as dependency-cruiser's configuration reads it. */
export const TABLE = load("./rooms.cjs") as RoomTable;
export const IMPORT_RULES = (load("./imports.cjs") as ImportRules).forbidden.map(
  (rule) => rule.name,
);

/** Folders of tools and results: not ours. */
const NOT_OURS = new Set(["node_modules", "dist", ".git", ".cache"]);

/** Every file of the project under a folder; paths from the top, with slashes. */
export function filesUnder(folder: string): readonly string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    return entry.isDirectory() ? filesUnder(`${prefix}${entry.name}`) : [`${prefix}${entry.name}`];
  });
}

export function foldersUnder(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NOT_OURS.has(entry.name))
    .map((entry) => entry.name);
}

export function readText(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

export function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}
