import { show } from "@cloister/model";
import { textOf } from "./json.ts";

/** What a decoder makes of a body: a value in our words, or why there is none. */
export type Decoded<T> = { readonly kind: "ok"; readonly value: T } | Unrecognized;

export type Unrecognized = { readonly kind: "unrecognized"; readonly reason: string };

/** A part of an array that was not understood. `text` is the part itself, as JSON. */
export type Broken = { readonly reason: string; readonly text: string };

/** A list of which single rows may be broken. Only a list without broken rows may count as complete. */
export type Rows<T> = { readonly rows: readonly T[]; readonly broken: readonly Broken[] };

export function ok<T>(value: T): Decoded<T> {
  return { kind: "ok", value };
}

export function unrecognized(reason: string): Unrecognized {
  return { kind: "unrecognized", reason };
}

/** A field that has not the type we compute with. */
export function badField(field: string, value: unknown): Unrecognized {
  return unrecognized(`${field} is ${show(value)}`);
}

/** Every element read alone: a bad one does not lose the others. */
export function readRows<T>(
  elements: readonly unknown[],
  read: (element: unknown) => Decoded<T>,
): Rows<T> {
  const rows: T[] = [];
  const broken: Broken[] = [];
  for (const element of elements) {
    const decoded = read(element);
    if (decoded.kind === "ok") rows.push(decoded.value);
    else broken.push({ reason: decoded.reason, text: textOf(element) });
  }
  return { rows, broken };
}

/** The rows of a body that must be an array. */
export function decodeRows<T>(
  body: unknown,
  read: (element: unknown) => Decoded<T>,
): Decoded<Rows<T>> {
  return Array.isArray(body) ? ok(readRows(body, read)) : badField("the body", body);
}
