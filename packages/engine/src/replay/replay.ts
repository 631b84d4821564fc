import {
  type Journal,
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
  /** Digest of the tick; the record after this one carries that of the tick as it was. */
  readonly digest: string | undefined;
};

/**
 * Runs recorded inputs through the same engine, by the recorded clock; nothing is sent and nobody is asked.
 * @throws journalVersion for records that this version does not understand
 */
export function* replay(journal: Pick<Journal, "mark" | "recall">): Generator<Replayed> {
  let core: Core | undefined;
  let tick: Tick | undefined;
  for (const record of journal.recall().records) {
    if (core === undefined) {
      core = coreOf(journal.mark, record);
      core.publisher.hub.listen((told) => {
        tick = told;
      });
    }
    core.replay(record);
    if (tick === undefined) throw new Error(`record ${record.sequence} brought about no tick`);
    yield { record, tick, digest: digestOf(tick) };
  }
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
