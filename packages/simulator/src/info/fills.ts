import type { WireFill } from "../market/fill.ts";
import { isWhole, type JsonObject } from "../json.ts";
import { forUser, MALFORMED, value } from "./answer.ts";

const ROWS_MAX = 2_000;

/** The newest 2000, newest first. */
export const userFills = forUser((_core, { account, request }) => {
  const aggregate = readFlag(request["aggregateByTime"]);
  if (aggregate === undefined) return MALFORMED;
  return value((account?.fills ?? []).slice(-ROWS_MAX).reverse());
});

/** The oldest 2000 of a window, oldest first; ends inclusive (protocol §8.6). */
export const userFillsByTime = forUser((core, { account, request }) => {
  const window = readWindow(request, core.blockMs());
  if (window === undefined) return MALFORMED;
  const rows = (account?.fills ?? []).filter(
    ({ time }) => time >= window.startMs && time <= window.endMs,
  );
  return value(window.reversed ? rows.reverse().slice(0, ROWS_MAX) : rows.slice(0, ROWS_MAX));
});

/** The fills a subscription begins with: the newest ones, oldest first (protocol §2.6). */
export function fillsSnapshot(fills: readonly WireFill[]): readonly WireFill[] {
  return fills.slice(-ROWS_MAX);
}

function readWindow(
  request: JsonObject,
  nowMs: number,
): { startMs: number; endMs: number; reversed: boolean } | undefined {
  const startMs = request["startTime"];
  const endMs = request["endTime"] ?? nowMs;
  const reversed = readFlag(request["reversed"]);
  const aggregate = readFlag(request["aggregateByTime"]);
  if (!isWhole(startMs) || !isWhole(endMs) || reversed === undefined || aggregate === undefined) {
    return undefined;
  }
  return { startMs, endMs, reversed };
}

export function readFlag(flag: unknown): boolean | undefined {
  const given = flag ?? false;
  return typeof given === "boolean" ? given : undefined;
}
