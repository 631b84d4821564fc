import { CloisterError, invalidOption } from "@cloister/model";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type FaultPlan, readFaultPlan } from "./fault-plan.ts";
import { parseWhole } from "../json.ts";

/** Longer texts are no plans. */
const TEXT_MAX = 2_000_000;
/** A few `*names` spare writing; many of them multiply what is written without end. */
const ALIASES_MAX = 100;

/**
 * Reads a plan that somebody wrote, in YAML or in JSON.
 * @throws invalidOption with line and column: for what is neither, for a key named twice, for a tag, and with the path
 * of the first unknown key or bad value.
 */
export function parseFaultPlan(text: string): FaultPlan {
  if (text.length > TEXT_MAX) throw invalidOption("plan", text, "is too long");
  const lines = new LineCounter();
  const json = parseWhole(text);
  const document = parsed(text, lines);
  const flaws = [...document.errors, ...document.warnings];
  // What is JSON is good, however it is indented; but no key may be there twice.
  const flaw = json === undefined ? flaws[0] : flaws.find(({ code }) => code === "DUPLICATE_KEY");
  if (flaw !== undefined) {
    throw invalidOption("plan", text, `${flaw.message} (${placeOf(lines, flaw.pos[0])})`);
  }
  const plan = json === undefined ? dataOf(document, text) : json.value;
  try {
    return readFaultPlan(plan);
  } catch (error) {
    throw withPlace(error, document, lines);
  }
}

function parsed(text: string, lines: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      version: "1.2",
      schema: "core",
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
      // An address is written like a number in base 16; here it stays what it is.
      customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.format !== "HEX"),
    });
  } catch (error) {
    // What is nested without end exhausts the parser.
    throw invalidOption("plan", text, error instanceof Error ? error.message : String(error));
  }
}

/** The document as plain data. */
function dataOf(document: Document.Parsed, text: string): unknown {
  const { yaml } = document.directives;
  if (yaml.explicit === true && yaml.version !== "1.2") {
    throw invalidOption("plan", text, `YAML ${yaml.version} reads numbers otherwise: say 1.2`);
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return data;
  } catch (error) {
    throw invalidOption("plan", text, error instanceof Error ? error.message : String(error));
  }
}

/** The same refusal with the place in the text. */
function withPlace(error: unknown, document: Document.Parsed, lines: LineCounter): unknown {
  if (!(error instanceof CloisterError)) return error;
  const { field = "", value, rule = "" } = error.details;
  const offset = offsetOf(document, field.match(/[^.[\]]+/g) ?? []);
  return offset === undefined
    ? error
    : invalidOption(field, value, `${rule} (${placeOf(lines, offset)})`);
}

/** Where a key is written, or as much of its path as there is. */
function offsetOf(document: Document.Parsed, path: readonly string[]): number | undefined {
  let at: unknown = document.contents;
  let offset = isNode(at) ? at.range?.[0] : undefined;
  for (const part of path) {
    const inside = isSeq(at) ? { value: at.items[Number(part)] } : pairIn(at, part);
    if (inside === undefined) return offset;
    const named = "key" in inside && isNode(inside.key) ? inside.key : inside.value;
    offset = isNode(named) ? named.range?.[0] : offset;
    at = inside.value;
  }
  return offset;
}

function pairIn(at: unknown, name: string): { key: unknown; value: unknown } | undefined {
  return isMap(at) ? at.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
}

function placeOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}
