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
  "delegatorHistory",
  "delegatorRewards",
  "fundingHistory",
  "historicalOrders",
  "recentTrades",
  "twapHistory",
  "userFills",
  "userFillsByTime",
  "userFunding",
  "userNonFundingLedgerUpdates",
  "userTwapSliceFills",
  "userTwapSliceFillsByTime",
]);
const ROWS_PER_WEIGHT = 20;
const CANDLES_PER_WEIGHT = 60;
const BATCHES = ["orders", "cancels", "modifies"];

export function readWeight(request: unknown): number {
  const type = typeOf(request);
  if (LIGHT.has(type)) return 2;
  return type === "userRole" ? 60 : 20;
}

/** What the rows of an answer weigh in addition: one per 20, of candles one per 60. */
export function rowsWeight(request: unknown, answer: unknown): number {
  const type = typeOf(request);
  if (!isList(answer)) return 0;
  if (type === "candleSnapshot") return Math.floor(answer.length / CANDLES_PER_WEIGHT);
  return BY_ROWS.has(type) ? Math.floor(answer.length / ROWS_PER_WEIGHT) : 0;
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
