import type { WireFill } from "../market/fill.ts";
import { aggregateFills } from "../market/aggregate-fills.ts";
import { type JsonObject, readFlag } from "../json.ts";
import { forUser, MALFORMED, value } from "./answer.ts";
import { readWindow, type Window } from "./window.ts";

const ROWS_MAX = 2_000;

/** The newest 2000, newest first. */
export const userFills = forUser((core, { account, request }) => {
  const aggregate = readFlag(request["aggregateByTime"]);
  if (aggregate === undefined) return MALFORMED;
  const rows = told(account?.fills, aggregate).slice(-ROWS_MAX).reverse();
  return value(core.settings.rules.sameTimeFills === "newestFirst" ? rows : asExecuted(rows));
});

/** Rows newest first, but those of one order and millisecond in the order they happened (protocol §4.2). */
function asExecuted(rows: readonly WireFill[]): WireFill[] {
  const sorted: WireFill[] = [];
  let begin = 0;
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    if (before?.oid !== row.oid || before.time !== row.time) begin = at;
    sorted.splice(begin, 0, row);
  }
  return sorted;
}

/** The oldest 2000 of a window, oldest first; ends inclusive (protocol §8.6). */
export const userFillsByTime = forUser((core, { account, request }) => {
  const window = readFillsWindow(request, core.blockMs());
  if (window === undefined) return MALFORMED;
  const rows = told(account?.fills, window.aggregate).filter(
    ({ time }) => time >= window.startMs && time <= window.endMs,
  );
  return value(window.reversed ? rows.reverse().slice(0, ROWS_MAX) : rows.slice(0, ROWS_MAX));
});

/** The fills a subscription begins with: the newest ones, oldest first (protocol §2.6, §16.11). */
export function fillsSnapshot(
  fills: readonly WireFill[],
  asked: { readonly count: number; readonly aggregate: boolean },
): readonly WireFill[] {
  return asked.count === 0 ? [] : told(fills, asked.aggregate).slice(-asked.count);
}

/** Fills as they were, or merged as `aggregateByTime` asks. */
function told(fills: readonly WireFill[] | undefined, aggregate: boolean): readonly WireFill[] {
  if (fills === undefined) return [];
  return aggregate ? aggregateFills(fills) : fills;
}

type FillsWindow = Window & { readonly reversed: boolean; readonly aggregate: boolean };

function readFillsWindow(request: JsonObject, nowMs: number): FillsWindow | undefined {
  const window = readWindow(request, nowMs);
  const reversed = readFlag(request["reversed"]);
  const aggregate = readFlag(request["aggregateByTime"]);
  if (window === undefined || reversed === undefined || aggregate === undefined) return undefined;
  return { ...window, reversed, aggregate };
}
