import { badField, type Unrecognized } from "./decoded.ts";
import type { JsonRecord } from "./json.ts";

/** Fields as read: undefined where the type is wrong, null where an optional one is absent. */
type Complete<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Whether every field could be read. */
export function isComplete<T extends object>(fields: T): fields is Complete<T> {
  return !Object.values(fields).includes(undefined);
}

/** Names the first field that could not be read. The keys are the venue's. */
export function brokenField(fields: object, row: JsonRecord): Unrecognized {
  const [name = ""] = Object.entries(fields).find(([, value]) => value === undefined) ?? [];
  return badField(name, row[name]);
}
