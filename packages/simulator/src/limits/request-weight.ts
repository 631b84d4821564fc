import { isList, isObject } from "../json.ts";

/** What a request weighs for its network address (protocol §12.1). */

const LIGHT: ReadonlySet<unknown> = new Set([
  "allMids",
  "clearinghouseState",
  "exchangeStatus",
  "l2Book",
  "orderStatus",
  "spotClearinghouseState",
]);
const BY_ROWS: ReadonlySet<unknown> = new Set([
  "historicalOrders",
  "recentTrades",
  "userFills",
  "userFillsByTime",
]);
const BATCHES = ["orders", "cancels", "modifies"];

export function readWeight(request: unknown): number {
  const type = typeOf(request);
  if (LIGHT.has(type)) return 2;
  return type === "userRole" ? 60 : 20;
}

/** What the rows of an answer weigh in addition: one per 20. */
export function rowsWeight(request: unknown, answer: unknown): number {
  return BY_ROWS.has(typeOf(request)) && isList(answer) ? Math.floor(answer.length / 20) : 0;
}

export function actionWeight(envelope: unknown): number {
  const action = isObject(envelope) ? envelope["action"] : undefined;
  if (!isObject(action)) return 1;
  const lengths = BATCHES.map((name) => {
    const batch = action[name];
    return isList(batch) ? batch.length : 0;
  });
  return 1 + Math.floor(Math.max(...lengths) / 40);
}

function typeOf(request: unknown): unknown {
  return isObject(request) ? request["type"] : undefined;
}
