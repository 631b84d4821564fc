import { isWhole, type JsonObject } from "../json.ts";

/** A span of time that a read names, ms; both ends inclusive. */
export type Window = { readonly startMs: number; readonly endMs: number };

/** General reads of a span give so many rows at most (protocol §8.6). */
const PAGE_ROWS = 500;

/** `startTime` is needed; without `endTime` it ends now. Undefined when they are no times. */
export function readWindow(request: JsonObject, nowMs: number): Window | undefined {
  const startMs = request["startTime"];
  const endMs = request["endTime"] ?? nowMs;
  return isWhole(startMs) && isWhole(endMs) ? { startMs, endMs } : undefined;
}

/** The oldest rows of a window, oldest first. */
export function pageOf<Row extends { readonly time: number }>(
  rows: readonly Row[],
  window: Window,
  most = PAGE_ROWS,
): Row[] {
  return rows.filter(({ time }) => time >= window.startMs && time <= window.endMs).slice(0, most);
}
