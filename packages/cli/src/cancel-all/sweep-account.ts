import type { Clock, OrderReport } from "@cloister/model";
import type { DirectVenue } from "./direct-venue.ts";

/** Cancels in one request. */
const BATCH = 50;
const REST_MS = 1_000;
/** Lists in a row that must show nothing: one may be older than the last cancel. */
const CLEAN = 2;

export type SweepTerms = {
  readonly clock: Clock;
  /** How long it tries. */
  readonly withinMs: number;
  /** Which orders are to end. */
  readonly isWanted: (order: OrderReport) => boolean;
  /** Told what does not go as it should. */
  readonly warn: (text: string) => void;
};

export type Swept = {
  /** Orders that were there at some time. */
  readonly seen: number;
  /** What the last list showed; undefined when no list could be read: then nothing is known. */
  readonly left: readonly OrderReport[] | undefined;
  /** Whether lists proved that nothing is left. */
  readonly isClean: boolean;
};

/** Cancels until two lists of the venue in a row show none that is wanted, or time is over. */
export async function sweepAccount(venue: DirectVenue, terms: SweepTerms): Promise<Swept> {
  const { clock, isWanted, warn, withinMs } = terms;
  const untilMs = clock.monotonicMs() + withinMs;
  const seen = new Set<number>();
  let left: readonly OrderReport[] | undefined;
  let clean = 0;
  for (;;) {
    const read = await venue.openOrders();
    if (typeof read === "string") warn(`the open orders could not be read: ${read}`);
    else {
      left = read.filter(isWanted);
      for (const { oid } of left) seen.add(oid);
      clean = left.length === 0 ? clean + 1 : 0;
      await cancelThese(venue, left, warn);
    }
    const isClean = clean >= CLEAN;
    if (isClean || clock.monotonicMs() >= untilMs) return { seen: seen.size, left, isClean };
    await new Promise<void>((resolve) => {
      clock.after(REST_MS, resolve);
    });
  }
}

async function cancelThese(
  venue: DirectVenue,
  orders: readonly OrderReport[],
  warn: SweepTerms["warn"],
): Promise<void> {
  for (let from = 0; from < orders.length; from += BATCH) {
    const targets = orders.slice(from, from + BATCH).map(({ coin, oid }) => ({ coin, oid }));
    const trouble = await venue.cancel(targets);
    if (trouble !== undefined) warn(`a cancel of ${targets.length} orders: ${trouble}`);
  }
}
