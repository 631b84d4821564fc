/** Readers of untrusted JSON: each says yes or no, none throws. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** A whole number that JSON carries exactly. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Whether an object has no key but the named ones. */
export function hasOnly(value: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

/** A text, a number or a word at the beginning; lists and objects have to be counted out. */
const FIRST_SCALAR =
  /^\s*(?:"(?:[^"\\\n]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/;

/** The first complete JSON value of a text; what trails it is ignored, as the venue does (protocol §1). */
export function parseFirst(text: string): { readonly value: unknown } | undefined {
  const whole = parseWhole(text);
  if (whole !== undefined) return whole;
  const end = FIRST_SCALAR.exec(text)?.[0].length ?? endOfFirst(text);
  return end === undefined ? undefined : parseWhole(text.slice(0, end));
}

/** The JSON value that is the whole text. */
export function parseWhole(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

/** Where the first object or list of a text closes. */
function endOfFirst(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
      if (depth < 0) return undefined;
    }
  }
  return undefined;
}

/** A flag that may be left out; undefined when it is none. */
export function readFlag(value: unknown): boolean | undefined {
  const given = value ?? false;
  return typeof given === "boolean" ? given : undefined;
}
