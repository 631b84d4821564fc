/**
 * What no file may say. Each rule brings a breach of itself, so that a rule which no longer bites is noticed.
 * This is the one file that must spell what it forbids; the tidy test leaves it out.
 */
export type TextRule = {
  readonly name: string;
  /** What to do instead. */
  readonly instead: string;
  readonly looksAt: "code" | "comments" | "text";
  readonly forbids: RegExp;
  readonly breaches: readonly string[];
  readonly fine: readonly string[];
  /** Files in which it is right, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
};

/** Files that may touch the machine's own clock, timers, dice or environment. */
const CLOCKS: Readonly<Record<string, string>> = {
  "packages/engine/src/system.ts": "the default clock and random source of an engine",
  "packages/hyperliquid/src/wire/system-clock.ts": "the clock of market data without an engine",
  "packages/simulator/src/doors/system-clock.ts": "the hour of an exchange behind real sockets",
  "test/bench/measure.ts": "a bench measures the machine's own time",
};

const DICE: Readonly<Record<string, string>> = {
  "packages/engine/src/system.ts": "the default clock and random source of an engine",
  "packages/journal/src/fresh-mark.ts": "the mark of a new journal",
  "packages/hyperliquid/src/wire/system-random.ts": "the dice of market data without an engine",
};

/** The model's own parse functions, where brands are made. */
const BRAND_MAKERS: Readonly<Record<string, string>> = {
  "packages/model/src/cloid.ts": "reads and makes cloids",
  "packages/model/src/decimal.ts": "reads and makes decimals",
  "packages/model/src/ids.ts": "reads the venue's ids",
};

/** Rules for every TypeScript file. */
export const SOURCE_RULES: readonly TextRule[] = [
  {
    name: "no star exports",
    instead: "name what you export",
    looksAt: "code",
    forbids: /\bexport\s+(type\s+)?\*/,
    breaches: [
      'export * from "./a.ts";',
      'export type * from "./a.ts";',
      'export * as a from "./a.ts";',
    ],
    fine: ['export { a } from "./a.ts";', "export const a = b * c;"],
  },
  {
    name: "no enums",
    instead: "use a union of strings",
    looksAt: "code",
    forbids: /\benum\s+\w+\s*\{/,
    breaches: ["export enum Side { Buy }", "const enum A {}"],
    fine: ["const enumerable = true;"],
  },
  {
    name: "no default exports",
    instead: "give it a name",
    looksAt: "code",
    forbids: /\bexport\s+(default\b|\{[^}]*\bas\s+default\b)/,
    breaches: ["export default 1;", "export { a as default };"],
    fine: ["export const defaults = 1;"],
    except: { "test/vitest.config.ts": "vitest reads a default export" },
  },
  {
    name: "no any",
    instead: "say what it is, or unknown",
    looksAt: "code",
    forbids: /(\bas|[:<,|&(])\s*any\b(?!\s*[(.:])/,
    breaches: ["x as any", "let x: any;", "Array<any>", "Record<string, any>"],
    fine: ["expect.any(Number)", 'it("takes: any order")', "return Promise.any(all)"],
  },
  {
    name: "no silenced compiler",
    instead: "mend the types",
    looksAt: "comments",
    forbids: /@ts-(ignore|nocheck|expect-error)/,
    breaches: ["// @ts-ignore", "/* @ts-nocheck */"],
    fine: ["// the compiler is right"],
  },
  {
    name: "no narrowed or skipped tests",
    instead: "run it, or skip from inside with a note: context.skip(condition, note)",
    looksAt: "code",
    forbids:
      /\b(it|test|describe|suite)(\.\w+)*\.(only|skip|todo|fails|skipIf|runIf)\b|\.skip\(\s*\)|\b[xf](it|describe)\(/,
    breaches: ["it.only(", "describe.skip(", "it.concurrent.skipIf(x)(", "context.skip()", "xit("],
    fine: ["context.skip(folder === undefined, note)", "it.each(rows)("],
  },
  {
    name: "no promises in comments",
    instead: "do it, or file an issue",
    looksAt: "comments",
    forbids: /\b(TODO|FIXME|XXX|HACK)\b/,
    breaches: ["// TODO later", "/* FIXME */"],
    fine: ["// today"],
  },
  {
    name: "no ambient time",
    instead: "take a Clock",
    looksAt: "code",
    forbids:
      /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bperformance\.(now|timeOrigin)\b|\bprocess\.(hrtime|uptime)\b|\b(setTimeout|setInterval)\b/,
    breaches: ["Date.now()", "new Date()", "performance.now()", "setTimeout(f, 1)", "setInterval"],
    fine: ["new Date(atMs)", "clock.after(1, f)"],
    except: CLOCKS,
  },
  {
    name: "no ambient randomness",
    instead: "take a Random",
    looksAt: "code",
    forbids: /\bMath\.random\b|\b(randomBytes|randomUUID|randomInt|getRandomValues)\b/,
    breaches: ["Math.random()", "randomUUID()", "crypto.getRandomValues(bytes)"],
    fine: ["random.next()", "seededRandom(1)"],
    except: DICE,
  },
  {
    name: "no ambient environment",
    instead: "the command line reads it and hands it on",
    looksAt: "code",
    forbids: /\bprocess\.env\b|\bimport\.meta\.env\b|\bimport\s*\{[^}]*\benv\b[^}]*\}/,
    breaches: ["process.env.HOME", 'process.env["HOME"]', 'import { env } from "node:process"'],
    fine: ["process.exitCode = 1"],
    except: {
      "packages/cli/src/main.ts": "the command line is where the environment comes in",
      "test/contracts/captures.contract.test.ts": "real captures stand outside the project",
      "test/contracts/simulator-captures.contract.test.ts":
        "real captures stand outside the project",
      "test/house/papers.ts": "generated papers are compared, or on request written anew",
    },
  },
  {
    name: "no ambient network",
    instead: "speak through a Wire",
    looksAt: "code",
    forbids: /(?<![.\w])fetch\(|\bglobalThis\.(fetch|WebSocket)\b/,
    breaches: ["await fetch(url)", "globalThis.WebSocket"],
    fine: ["wire.fetch(url)", "prefetch(x)"],
    except: {
      "packages/cli/src/audit/ask-info.ts": "the audit asks the exchange itself, past the engine",
      "packages/simulator/src/doors/serve.test.ts": "knocks at a real port as a stranger would",
      "packages/simulator/src/doors/serve-faults.test.ts": "the same, and is mistreated there",
    },
  },
  {
    name: "brands are made by their parse functions",
    instead: "call parseCloid, parseCoin, parseDecimal …, and be refused at the border",
    looksAt: "code",
    forbids: /\bas\s+(unknown\s+as\s+)?(Cloid|CloidMark|Oid|Tid|Coin|Address|Decimal)\b/,
    breaches: ["text as Cloid", "1 as unknown as Oid", "x as Decimal"],
    fine: ["parseCloid(text)", "type A = Coin"],
    except: BRAND_MAKERS,
  },
  {
    name: "comments cite names, not line numbers",
    instead: "name the function or the section",
    looksAt: "comments",
    forbids: /\b[\w-]+\.(ts|js|cjs|mjs|md|json|py|rs|cpp|go):\d+|\blines?\s+\d+/i,
    breaches: ["// see order.ts:12", "// as in line 40 of the codec"],
    fine: ["// protocol §4.1", "// see judge() in order.machine.ts"],
  },
];

/** Rules for every text file of the project. */
export const PAPER_RULES: readonly TextRule[] = [
  {
    name: "no registry host",
    instead: "leave it to the user's settings",
    looksAt: "text",
    forbids:
      /\bregistry\.[a-z0-9-]+\.(org|com|net|io|dev|cn)\b|\/\/[^\s/]*(registry|npm|artifact)[^\s/]*\/|^\s*registry\s*=/im,
    breaches: [
      "https://registry.example.org/",
      "registry = http://localhost:4873",
      "http://npm.local/",
    ],
    fine: ["the registry of orders", "this.registry.orders.get(cloid)", "npmjs.com/package/ws"],
  },
  {
    name: "no path of one machine",
    instead: "a path from the checkout, or the system's own folder for temporary files",
    looksAt: "text",
    forbids: /(^|[\s"'`(=:])\/(work|home|tmp|root|Users|mnt)\//m,
    breaches: ['"/tmp/journal"', "see /home/me/notes"],
    fine: ["packages/work/x", "../shared/captures"],
  },
];

/** Words that say nothing, as a folder or as a part of a file's name. */
export const EMPTY_WORDS = /(^|[/.-])(utils?|common|helpers?|misc|managers?)([/.-]|$)/;
