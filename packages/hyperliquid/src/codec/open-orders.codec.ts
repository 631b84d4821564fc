import type { OrderReport } from "@cloister/model";
import { type Decoded, decodeRows, ok, type Rows, readRows } from "./decoded.ts";
import { brokenFrame, factsFrame, unrecognizedFact } from "./facts.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { isNone, isRecord } from "./json.ts";
import { readOpenRow } from "./order-row.ts";

const CHANNEL = "openOrders";

/**
 * The full list of one dex, pushed (protocol §4.4). A list with a broken row is no longer full, and absence
 * from it would mislead: then its good rows are told one by one.
 */
export function decodeOpenOrdersFrame(data: unknown): Frame {
  if (!isRecord(data)) return brokenFrame(CHANNEL, "data is not an object");
  const dex = isNone(data["dex"]) ? "" : data["dex"];
  if (typeof dex !== "string") return brokenFrame(CHANNEL, "dex is not a text");
  const elements = data["orders"];
  if (!Array.isArray(elements)) return brokenFrame(CHANNEL, "orders is not an array");
  const { rows, broken } = readRows(withChildren(elements), readOpenRow);
  const facts: FrameFact[] =
    broken.length === 0
      ? [{ type: "openOrders", dex, orders: rows }]
      : [
          ...rows.map((report): FrameFact => ({ type: "order", report })),
          ...broken.map((part) => unrecognizedFact(CHANNEL, part)),
        ];
  return factsFrame(CHANNEL, facts, { user: data["user"] });
}

/** The answer of `openOrders` and `frontendOpenOrders`; the first hides everything about triggers (protocol §8.2). */
export function decodeOpenOrders(body: unknown): Decoded<Rows<OrderReport>> {
  return Array.isArray(body)
    ? ok(readRows(withChildren(body), readOpenRow))
    : decodeRows(body, readOpenRow);
}

/** TP/SL children nest in their parent and stand at top level too; one that only nests is not lost. */
function withChildren(elements: readonly unknown[]): readonly unknown[] {
  if (!elements.some(hasChildren)) return elements;
  const listed = new Set(elements.map(oidOf));
  const nested = elements.flatMap(childrenOf).filter((child) => !listed.has(oidOf(child)));
  return [...elements, ...nested];
}

function hasChildren(element: unknown): boolean {
  return childrenOf(element).length > 0;
}

function childrenOf(element: unknown): readonly unknown[] {
  const children = isRecord(element) ? element["children"] : undefined;
  return Array.isArray(children) ? children : [];
}

function oidOf(element: unknown): unknown {
  return isRecord(element) ? element["oid"] : undefined;
}
