import { decodeFrame } from "./codec/decode-frame.ts";
import { type DecodedLine, ignored, notUnderstood, type Told } from "./codec/decoded-line.ts";
import { parseJson, textOf } from "./codec/json.ts";
import { isMarked, tellItem } from "./codec/tell-item.ts";

export type { DecodedLine } from "./codec/decoded-line.ts";

/** Info types whose answer is itself an array: an array of rows is one body, an array of arrays several. */
const ARRAY_BODIES: ReadonlySet<string> = new Set([
  "openOrders",
  "frontendOpenOrders",
  "historicalOrders",
  "userFills",
  "userFillsByTime",
  "extraAgents",
  "perpDexs",
]);

/**
 * Says of recorded messages what each is to the engine: evidence, ignored (and why), or unrecognized (and why).
 * Takes frames, exchange answers, {request, response} pairs and bare bodies of `as`, as one JSON value,
 * as a JSON array or one per line. Never throws, and every item of the input has at least one line.
 */
export function decodeAnything(
  text: string,
  options: { readonly as?: string } = {},
): readonly DecodedLine[] {
  const told = itemsOf(text.replace(/^\uFEFF/, ""), options.as);
  return told.flatMap((lines, index) => lines.map((line) => ({ item: index + 1, ...line })));
}

/** The lines of each item. */
function itemsOf(text: string, as: string | undefined): readonly (readonly Told[])[] {
  const whole = parseJson(text);
  if (whole !== undefined) return tellValue(whole, as);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length === 0) return [[notUnderstood("text", "there is nothing in it", text)]];
  return lines.flatMap((line) => {
    const value = parseJson(line);
    return value === undefined ? [tellText(line)] : tellValue(value, as);
  });
}

function tellValue(value: unknown, as: string | undefined): readonly (readonly Told[])[] {
  if (!Array.isArray(value) || isOneBody(value, as)) return [tellItem(value, as)];
  if (value.length === 0) return [[notUnderstood("array", "an empty array", textOf(value))]];
  return value.map((element: unknown) => tellItem(element, as));
}

function isOneBody(elements: readonly unknown[], as: string | undefined): boolean {
  if (as === undefined || !ARRAY_BODIES.has(as)) return false;
  return !elements.some((element) => Array.isArray(element) || isMarked(element));
}

/** Text that is no JSON is a greeting or nothing we know. */
function tellText(text: string): readonly Told[] {
  const frame = decodeFrame(text);
  return frame.kind === "greeting"
    ? [ignored("greeting", "the venue greets")]
    : [notUnderstood("text", "the text is not JSON", text)];
}
