import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const ROOM = join(ROOT, "packages/hyperliquid");
const WIRE = readFileSync(join(ROOM, "WIRE.md"), "utf8");
const ASSUMPTIONS = readFileSync(join(ROOM, "ASSUMPTIONS.md"), "utf8");

/** Sections are headings, or list items in bold: "## §9 Modify", "- **§9.5** …". */
const SECTIONS = new Set(
  [...WIRE.matchAll(/^(?:#+ |- \*\*)§(\d+(?:\.\d+)?)/gm)].map(([, number]) => number ?? ""),
);

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(c?ts|md)$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => join(folder, file));
}

/** Every section that a comment, a test or a paper cites as "protocol §n", lists and ranges included. */
function cited(text: string): readonly string[] {
  return [...text.matchAll(/protocol[ \n*/]+(§\d[\d.]*(?:(?:,| to| and) §\d[\d.]*)*)/g)].flatMap(
    ([, list = ""]) => [...list.matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, number]) => number ?? ""),
  );
}

describe("the papers of the wire", () => {
  const files = ["packages", "machines", "test"].flatMap((folder) => sources(join(ROOT, folder)));

  it("WIRE.md has every section that is cited", () => {
    const missing = files.flatMap((file) =>
      cited(readFileSync(file, "utf8"))
        .filter((number) => !SECTIONS.has(number))
        .map((number) => `${file.slice(ROOT.length + 1)}: §${number}`),
    );
    expect(missing).toEqual([]);
  });

  it("citations are found at all", () => {
    const all = new Set(files.flatMap((file) => cited(readFileSync(file, "utf8"))));
    expect(all.size).toBeGreaterThan(20);
    expect(cited("see protocol §4.1, §8.3 and protocol §2 to §4")).toEqual([
      "4.1",
      "8.3",
      "2",
      "4",
    ]);
  });

  it("ASSUMPTIONS.md names sections and files that exist", () => {
    const rows = [...ASSUMPTIONS.matchAll(/^\| (\d[\d.]*) \|/gm)].map(([, number]) => number ?? "");
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((number) => !SECTIONS.has(number))).toEqual([]);
    const named = [
      ...ASSUMPTIONS.matchAll(
        /`((?:codec|adapter|encode|signing|model)\/[\w.-]+\.ts|assets\.ts)`/g,
      ),
    ];
    const paths = named.map(([, file = ""]) =>
      file.startsWith("model/")
        ? join(ROOT, "packages/model/src", file.slice(6))
        : join(ROOM, "src", file),
    );
    expect(paths.length).toBeGreaterThan(15);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});
