export type JsonRecord = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: not null, not an array. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON text as a value, undefined when it is none (JSON itself has no undefined). Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value as text, to be kept as evidence: JSON where it can be written. Never throws. */
export function textOf(value: unknown): string {
  if (value === undefined) return "nothing";
  try {
    return JSON.stringify(value);
  } catch {
    // What was parsed can only fail by its depth: reading is not recursive, writing is.
    return "nested too deep to be written";
  }
}

/** A whole number from 0 that is exact; undefined for anything else. */
export function readWhole(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A key that may be absent or null, which the venue uses alike. */
export function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
