import { badField, type Decoded, ok } from "./decoded.ts";
import { isRecord, readWhole } from "./json.ts";
import type { BookLevel } from "./market-data.ts";
import { readAmount } from "./scalars.ts";

/** One step of a book: price, size and how many orders rest there (protocol §4.5). */
export function readLevel(value: unknown): Decoded<BookLevel> {
  if (!isRecord(value)) return badField("the level", value);
  const price = readAmount(value["px"]);
  if (price === undefined) return badField("px", value["px"]);
  const size = readAmount(value["sz"]);
  if (size === undefined) return badField("sz", value["sz"]);
  const orders = readWhole(value["n"]);
  return orders === undefined ? badField("n", value["n"]) : ok({ price, size, orders });
}
