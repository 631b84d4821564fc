import type { Query, Report } from "@cloister/model";

const ROLE = 60;
const HEAVY = 20;
const LIGHT = 2;
const ROWS_PER_WEIGHT = 20;
const PAGE_ROWS = 2_000;
const CUT_ROWS = 500;
const ELEMENTS_PER_WEIGHT = 40;

/** What a read weighs for our network address, before its rows are known; a list is asked once per dex. */
export function weightOfQuery({ kind }: Query, dexes: number): number {
  switch (kind) {
    case "orderStatus":
      return LIGHT;
    case "openOrders":
      return HEAVY * dexes;
    case "positions":
      // And the spot balances.
      return LIGHT * dexes + LIGHT;
    case "fills":
    case "budget":
      return HEAVY;
    case "key":
      return ROLE + HEAVY;
    case "markets":
      // The dexes, their coins, and the pairs of spot.
      return HEAVY * (dexes + 2);
  }
}

/** What the answer weighs in addition: further pages, and their rows. Never less than the venue counts. */
export function weightOfReport(report: Report): number {
  if (report.kind !== "fills") return 0;
  const pages = report.pages ?? 1;
  return (pages - 1) * (HEAVY + 1) + Math.floor(report.fills.length / ROWS_PER_WEIGHT);
}

/** What a window of so many fills is going to weigh in addition. */
export function weightOfRows(rows: number): number {
  // A page that may have been cut is followed by another.
  const pages = rows < CUT_ROWS ? 0 : 1 + Math.floor(rows / PAGE_ROWS);
  return pages * (HEAVY + 1) + Math.floor(rows / ROWS_PER_WEIGHT);
}

/** What an action of so many elements weighs by REST; by socket it weighs nothing that is known of. */
export function weightOfAction(elements: number): number {
  return 1 + Math.floor(elements / ELEMENTS_PER_WEIGHT);
}
