import { describe, expect, it } from "vitest";
import { codeLines, takeApart } from "./source-text.ts";
import { EMPTY_WORDS, PAPER_RULES, SOURCE_RULES, type TextRule } from "./text-rules.ts";
import { filesUnder, foldersUnder, readJson, readText, TABLE } from "./tree.ts";

const FILES = filesUnder("");
const SOURCES = FILES.filter((file) => file.endsWith(".ts"));
const ROOMS = Object.entries(TABLE.ROOMS);
const SPELLS_THE_FORBIDDEN = "test/house/text-rules.ts";

/** Tests, and what only tests use: none of them ships. */
const TEST_ROLES = ["test", "fixture", "stories"];

const CODE_LINES_MAX = 400;
const TEST_CODE_LINES_MAX = 600;

describe("the rooms", () => {
  it("on disk are those of the table", () => {
    const onDisk = [...foldersUnder("packages").map((name) => `packages/${name}`), "machines"];
    expect(onDisk.toSorted()).toEqual(Object.keys(TABLE.ROOMS).toSorted());
  });

  it("are befriended by a name that exists", () => {
    const friends = ROOMS.flatMap(([, may]) => may.rooms);
    expect(friends.filter((friend) => TABLE.ROOMS[friend] === undefined)).toEqual([]);
    expect(Object.keys(TABLE.FILES).filter((file) => !FILES.includes(file))).toEqual([]);
  });

  it("are all built, and all checked with the tests", () => {
    const { scripts } = readJson("package.json") as { scripts: Readonly<Record<string, string>> };
    const targets = (scripts["build"] ?? "").split(" ").slice(2);
    const built = [...targets, ...targets.flatMap(roomsBehind)];
    expect([...new Set(built)].toSorted()).toEqual(Object.keys(TABLE.ROOMS).toSorted());
    const checked = [...Object.keys(TABLE.ROOMS), "test"];
    expect(referencesOf("tsconfig.json").toSorted()).toEqual(checked.toSorted());
    expect(referencesOf("test/tsconfig.json").toSorted()).toEqual(checked.slice(0, -1).toSorted());
  });

  describe.each(ROOMS)("%s", (room, may) => {
    const papers = readJson(`${room}/package.json`) as Papers;
    const settings = readJson(`${room}/tsconfig.json`) as Settings;

    it("has a front door and a README that begins with its name", () => {
      const needed = [`${room}/src/index.ts`, `${room}/README.md`];
      expect(needed.filter((file) => !FILES.includes(file))).toEqual([]);
      const title = readText(`${room}/README.md`).split("\n")[0];
      expect([`# ${room.split("/").at(-1) ?? room}`, `# ${nameOf(room)}`]).toContain(title);
    });

    it("declares only what the table lets it import", () => {
      const declared = Object.keys({ ...papers.dependencies, ...papers.peerDependencies });
      const allowed = [...may.rooms.map(nameOf), ...may.npm];
      expect(declared.filter((name) => !allowed.includes(name))).toEqual([]);
    });

    it("is compiled after the rooms it declares, and no others", () => {
      const declared = Object.keys(papers.dependencies ?? {});
      const rooms = Object.keys(TABLE.ROOMS).filter((other) => declared.includes(nameOf(other)));
      expect(referencesOf(`${room}/tsconfig.json`).toSorted()).toEqual(rooms.toSorted());
    });

    it("ships no test, nor what only tests use", () => {
      expect(settings.exclude).toEqual(TEST_ROLES.map((role) => `src/**/*.${role}.ts`));
      expect(papers.files).toEqual(
        expect.arrayContaining(TEST_ROLES.map((role) => `!**/*.${role}.*`)),
      );
    });

    it("is pure where the table says so: no clock, socket or console compiles there", () => {
      const pure = may.builtins.length === 0 && !Object.keys(TABLE.FILES).some(isIn(room));
      const base = (readJson("tsconfig.base.json") as Settings).compilerOptions;
      expect({ lib: base.lib, types: base.types }).toEqual({
        lib: ["ES2023", "ESNext.Disposable"],
        types: [],
      });
      expect(settings.extends).toMatch(/^(\.\.\/)+tsconfig\.base\.json$/);
      expect(settings.compilerOptions.lib).toBeUndefined();
      expect(settings.compilerOptions.types ?? []).toEqual(pure ? [] : ["node"]);
    });
  });
});

describe("the files", () => {
  it("are found at all", () => {
    expect(SOURCES.length).toBeGreaterThan(2 * ROOMS.length);
  });

  it("of machines and codecs have their test beside them", () => {
    const subjects = SOURCES.filter((file) => /\.(machine|codec)\.ts$/.test(file));
    const untested = subjects.filter((file) => !FILES.includes(file.replace(/\.ts$/, ".test.ts")));
    expect(untested).toEqual([]);
  });

  it("are short enough to read", () => {
    const long = SOURCES.map((file) => ({ file, lines: codeLines(readText(file)) })).filter(
      ({ file, lines }) => lines > (isTest(file) ? TEST_CODE_LINES_MAX : CODE_LINES_MAX),
    );
    expect(long).toEqual([]);
  });

  it("and their folders have names that say something, in kebab-case", () => {
    expect(FILES.filter((file) => EMPTY_WORDS.test(file))).toEqual([]);
    expect(SOURCES.filter((file) => !/^[a-z0-9./-]+$/.test(file))).toEqual([]);
  });

  it.each(SOURCE_RULES)("$name", (rule) => {
    expect(breachesOf(rule, SOURCES)).toEqual([]);
  });

  it.each(PAPER_RULES)("$name", (rule) => {
    expect(breachesOf(rule, FILES)).toEqual([]);
  });
});

describe("the tidy rules themselves", () => {
  it.each([...SOURCE_RULES, ...PAPER_RULES])(
    "$name: bites its breaches, spares the rest",
    (rule) => {
      expect(rule.breaches.filter((text) => !isBroken(rule, text))).toEqual([]);
      expect(rule.fine.filter((text) => isBroken(rule, text))).toEqual([]);
    },
  );

  it("except only files that exist and need it", () => {
    for (const rule of SOURCE_RULES) {
      const idle = Object.keys(rule.except ?? {}).filter(
        (file) => !FILES.includes(file) || !isBroken(rule, readText(file)),
      );
      expect(idle, rule.name).toEqual([]);
    }
  });

  it("take a source apart without falling for look-alikes", () => {
    const { code, comments } = takeApart(
      'const url = "http://x"; // why\n/* two\nlines */ const quote = /["\'`]/; const a = `b`;',
    );
    expect(code).toBe('const url = ""; \n\n const quote = /["\'`]/; const a = `b`;');
    expect(comments).toEqual(["// why", "/* two\nlines */"]);
    expect(codeLines("\n// only words\n/* and\nmore */\n")).toBe(0);
    expect(codeLines("const a = 1; // one\n\nconst b = 2;\n")).toBe(2);
  });

  it("know an empty word from a telling one", () => {
    const empty = [
      "packages/model/src/utils/a.ts",
      "a/helper.ts",
      "order-manager.ts",
      "common/x.ts",
    ];
    const telling = ["packages/model/src/decimal.ts", "market-maker/a.ts", "uncommon.ts"];
    expect([...empty, ...telling].filter((file) => EMPTY_WORDS.test(file))).toEqual(empty);
  });
});

type Papers = {
  readonly files: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
};

type Settings = {
  readonly exclude?: readonly string[];
  readonly extends?: string;
  readonly compilerOptions: {
    readonly lib?: readonly string[];
    readonly types?: readonly string[];
  };
  readonly references?: readonly { readonly path: string }[];
};

/** The rooms that a TypeScript project refers to, as paths from the top. */
function referencesOf(file: string): readonly string[] {
  const base = new URL(file, "file:///");
  const references = (readJson(file) as Settings).references ?? [];
  return references.map(({ path }) => new URL(path, base).pathname.slice(1));
}

/** Every room that is built before this one. */
function roomsBehind(room: string): readonly string[] {
  const next = referencesOf(`${room}/tsconfig.json`);
  return [...next, ...next.flatMap(roomsBehind)];
}

function nameOf(room: string): string {
  return `@cloister/${room.split("/").at(-1) ?? room}`;
}

function isIn(room: string): (file: string) => boolean {
  return (file) => file.startsWith(`${room}/`);
}

function isTest(file: string): boolean {
  return /\.(test|fixture|stories)\.ts$/.test(file) || file.startsWith("test/");
}

function isBroken(rule: TextRule, text: string): boolean {
  if (rule.looksAt === "text") return rule.forbids.test(text);
  const { code, comments } = takeApart(text);
  return rule.looksAt === "code"
    ? rule.forbids.test(code)
    : comments.some((comment) => rule.forbids.test(comment));
}

function breachesOf(rule: TextRule, files: readonly string[]): readonly string[] {
  return files.filter(
    (file) =>
      file !== SPELLS_THE_FORBIDDEN &&
      rule.except?.[file] === undefined &&
      isBroken(rule, readText(file)),
  );
}
