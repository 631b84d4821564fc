import { badField, type Decoded, ok } from "./decoded.ts";
import type { PerpDexs } from "./info.ts";
import { isRecord } from "./json.ts";

/** Null stands for the first dex, which has no name; positions make asset ids (protocol §8.1, §11.3). */
export function decodePerpDexs(body: unknown): Decoded<PerpDexs> {
  if (!Array.isArray(body)) return badField("the body", body);
  return ok(body.map((element: unknown, position) => dexName(element, position)));
}

function dexName(element: unknown, position: number): string | undefined {
  if (position === 0 && element === null) return "";
  const name = isRecord(element) ? element["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}
