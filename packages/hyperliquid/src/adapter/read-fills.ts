import { type Address, type Fill, fillKey, type VenueFact } from "@cloister/model";
import type { Broken } from "../codec/decoded.ts";
import type { AskInfo } from "./ask-info.ts";
import { failedRead, type ReadOutcome, unrecognized } from "./read-outcome.ts";

/** Pages are cut at 2000 rows, general time ranges at 500: a shorter one is whole (protocol §8.6). */
const WHOLE_BELOW = 500;
/** Only so many of the latest fills can be reached: beyond, older ones may be missing. */
const REACH = 10_000;
const PAGES_MAX = 40;

const TYPE = "userFillsByTime";

/**
 * Fills from a time until now. The last time of a page is asked for again, because rows of one
 * millisecond can straddle pages; the overlap is recognised by its keys. Whatever makes rows
 * doubtful (a page of a single millisecond, one that does not go on from the last, a row not
 * understood, the venue's reach) is told as `complete: false`.
 */
export function readFills(
  ask: AskInfo,
  window: { readonly account: Address; readonly fromMs: number },
  done: (outcome: ReadOutcome) => void,
): void {
  const fills = new Map<string, Fill>();
  const remarks: VenueFact[] = [];
  const bodies: string[] = [];
  let cutAt: Cut | undefined;

  /** Only the earliest counts: before it no row is missing. */
  function cutOff(why: string, fromMs: number): void {
    if (cutAt === undefined || fromMs < cutAt.fromMs) cutAt = { why, fromMs };
  }

  function page({ startTime, cut }: Start, number: number): void {
    if (cut) cutOff("a whole page was of one millisecond", startTime - 1);
    const request = {
      type: TYPE,
      user: window.account,
      startTime,
      aggregateByTime: false,
    } as const;
    ask(request, (answer) => {
      if (answer.kind === "failed") {
        done(failedRead(TYPE, answer));
        return;
      }
      bodies.push(answer.raw);
      keep(answer.value.rows, answer.value.broken);
      if (number > 1 && !cut && !repeats(answer.value.rows, startTime)) {
        cutOff("a page does not begin where the one before ended", startTime);
      }
      const rowCount = answer.value.rows.length + answer.value.broken.length;
      const next = nextStart(answer.value.rows, { startTime, rowCount });
      if (next === undefined) finish();
      else if (number >= PAGES_MAX) {
        cutOff("there are more pages than are read", next.startTime);
        finish();
      } else page(next, number + 1);
    });
  }

  function keep(rows: readonly Fill[], broken: readonly Broken[]): void {
    for (const fill of rows) fills.set(fillKey(fill), fill);
    for (const part of broken) remarks.push(unrecognized(TYPE, part));
    if (broken.length > 0) cutOff("a row was not understood", window.fromMs);
    if (!isOldestFirst(rows)) cutOff("a page was not in the order of time", window.fromMs);
  }

  function finish(): void {
    if (fills.size >= REACH) cutOff("it is beyond the venue's reach", window.fromMs);
    const report = {
      kind: "fills",
      fills: [...fills.values()],
      complete: cutAt === undefined,
      pages: bodies.length,
      ...(cutAt === undefined ? {} : { cut: cutAt }),
    } as const;
    done({ result: { report }, remarks, raw: bodies.join("\n") });
  }

  page({ startTime: window.fromMs, cut: false }, 1);
}

/** Why rows may be missing, and the venue time before which none is. */
type Cut = { readonly why: string; readonly fromMs: number };

/** Where a page begins. `cut`: rows of the millisecond before it may be lost. */
type Start = { readonly startTime: number; readonly cut: boolean };

/** A page begins at the last row of the one before: if that is not there, others may be missing too. */
function repeats(rows: readonly Fill[], startTime: number): boolean {
  return rows.some((fill) => fill.at === startTime);
}

/** Where the next page begins; undefined when this one was whole. */
function nextStart(
  rows: readonly Fill[],
  page: { startTime: number; rowCount: number },
): Start | undefined {
  if (page.rowCount < WHOLE_BELOW) return undefined;
  const last = rows.reduce((latest, fill) => Math.max(latest, fill.at), page.startTime);
  return last > page.startTime
    ? { startTime: last, cut: false }
    : { startTime: page.startTime + 1, cut: true };
}

function isOldestFirst(rows: readonly Fill[]): boolean {
  return rows.every((fill, index) => fill.at >= (rows[index - 1]?.at ?? 0));
}
