import {
  CloisterError,
  type CloidMark,
  type Journal,
  type JournalRecord,
  parseCloidMark,
  SILENT,
  type Start,
  type Tick,
} from "@cloister/model";
import { digestOf } from "./digest.ts";
import { Core } from "../core.ts";
import { MutedVenue } from "./muted-venue.ts";
import { RecordedClock } from "./recorded-clock.ts";
import { readRunOptions } from "./run-options.ts";

/** A core that lives on records: recorded hours, nothing sent, nothing asked, no timer. */
export class Rerun {
  readonly core: Core;
  readonly #clock: RecordedClock;

  /** @throws journalVersion when the options were recorded by a version that is not understood. */
  constructor(mark: CloidMark, start: Start) {
    this.#clock = new RecordedClock();
    this.core = new Core({
      venue: new MutedVenue(start),
      clock: this.#clock,
      logger: SILENT,
      journal: undefined,
      mark,
      ...readRunOptions(start.options),
      inspect: undefined,
    });
  }

  /** The tick that the record brings about. */
  take(record: JournalRecord): Tick {
    this.#clock.set(record);
    let tick: Tick | undefined;
    const stop = this.core.publisher.hub.listen((told) => {
      tick = told;
    });
    this.core.replay(record);
    stop();
    if (tick === undefined) throw new Error(`record ${record.sequence} brought about no tick`);
    return tick;
  }
}

/** One record, run again. */
export type Replayed = {
  readonly record: JournalRecord;
  readonly tick: Tick;
  /** Digest of the tick; the record after this one carries that of the tick as it was. */
  readonly digest: string | undefined;
};

/**
 * Runs recorded inputs through the same engine, by the recorded clock; nothing is sent and nobody is asked.
 * @throws journalVersion for records that this version does not understand
 */
export function* replay(journal: Pick<Journal, "mark" | "recall">): Generator<Replayed> {
  const { records } = journal.recall();
  let rerun: Rerun | undefined;
  for (const record of records) {
    if (record.input.kind === "started") {
      rerun = new Rerun(parseCloidMark(journal.mark), record.input.start);
    }
    if (rerun === undefined) throw headless(record.sequence);
    const tick = rerun.take(record);
    yield { record, tick, digest: digestOf(tick) };
  }
}

function headless(sequence: number): CloisterError {
  const text = `record ${sequence} has no beginning: neither a checkpoint nor a start is before it`;
  return new CloisterError("journalVersion", text);
}
