import {
  type Explanation,
  type JournalRecord,
  parseCloidMark,
  SILENT,
  type Tick,
} from "@cloister/model";
import { Core } from "../core.ts";
import { systemClock } from "../system.ts";
import { digestOf } from "./digest.ts";
import { MutedVenue } from "./muted-venue.ts";
import { headless } from "./recover.ts";
import { readRunOptions } from "./run-options.ts";

/** One record, run again. */
export type Replayed = {
  readonly record: JournalRecord;
  readonly tick: Tick;
  /**
   * Whether the tick is what it was, as far as the next record tells: it carries a digest of it. "untold": the process died
   * with it, or records are missing before or after it, of which nobody knows what they would have told.
   */
  readonly verdict: "same" | "different" | "untold";
  /** Of an order, as it was after this record; only until the next one is asked for. */
  readonly explain: (cloid: string) => Explanation;
};

export type ReplayTerms = {
  /** The mark of the journal. */
  readonly mark: string;
  /** From the first one on, oldest first. */
  readonly records: Iterable<JournalRecord>;
};

/**
 * Runs recorded inputs through the same engine, by the recorded clock, through all lives of the journal; nothing is sent and
 * nobody is asked. Each tick is held against the digest that the record after it carries.
 * @throws journalVersion for records that this version does not understand, or that have no beginning
 */
export function* replay({ mark, records }: ReplayTerms): Generator<Replayed> {
  let core: Core | undefined;
  let tick: Tick | undefined;
  let isWhole = true;
  for (const { record, next } of inPairs(records)) {
    if (core === undefined) {
      core = coreOf(mark, record);
      core.publisher.hub.listen((told) => {
        tick = told;
      });
    }
    const running = core;
    running.replay(record);
    if (tick === undefined) throw new Error(`record ${record.sequence} brought about no tick`);
    const verdict = isWhole ? verdictOf(tick, next) : "untold";
    if (next?.sequence !== record.sequence + 1) isWhole = false;
    yield { record, tick, verdict, explain: (cloid) => running.explain(cloid) };
  }
}

/** A life begins without knowing what the last tick before it was. */
function verdictOf(tick: Tick, next: JournalRecord | undefined): Replayed["verdict"] {
  if (next?.sequence !== tick.sequence + 1 || next.input.kind === "started") return "untold";
  return digestOf(tick) === next.before ? "same" : "different";
}

type Pair = { readonly record: JournalRecord; readonly next: JournalRecord | undefined };

function* inPairs(records: Iterable<JournalRecord>): Generator<Pair> {
  let record: JournalRecord | undefined;
  for (const next of records) {
    if (record !== undefined) yield { record, next };
    record = next;
  }
  if (record !== undefined) yield { record, next: undefined };
}

/** It never begins: the clock is asked for nothing. */
function coreOf(mark: string, { sequence, input }: JournalRecord): Core {
  if (input.kind !== "started") throw headless(sequence);
  return new Core({
    venue: new MutedVenue(input.start),
    clock: systemClock(),
    logger: SILENT,
    journal: undefined,
    mark: parseCloidMark(mark),
    ...readRunOptions(input.start.options),
    inspect: undefined,
  });
}
