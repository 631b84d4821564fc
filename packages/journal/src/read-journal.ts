import type { JournalRecord } from "@cloister/model";
import { goodCheckpoints } from "./checkpoint/checkpoints.ts";
import type { CheckpointRead } from "./checkpoint/checkpoint-file.ts";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { readIfThere } from "./disk/read-if-there.ts";
import { type Hurt, recordsOf } from "./format/read-segment.ts";
import { segmentsAfter } from "./format/segment-name.ts";

export type ReadOptions = {
  readonly disk?: Disk;
  /** Only what comes after this sequence; 0 by default. */
  readonly after?: number;
  /** Told what is not as it was written. */
  readonly hurt?: Hurt;
};

/**
 * The records of a journal that nobody needs to have open, oldest first, one segment in memory at a time. It changes nothing
 * on the disk. @throws journalVersion, and what the disk throws.
 */
export function* readRecords(folder: string, options: ReadOptions = {}): Generator<JournalRecord> {
  const { disk = nodeDisk, after = 0, hurt = () => undefined } = options;
  let previous = after;
  for (const name of segmentsAfter(disk.list(folder), after)) {
    const bytes = readIfThere(disk, `${folder}/${name}`);
    if (bytes === undefined) hurt({ file: name, kind: "unreadable", at: 0, bytes: 0 });
    else {
      for (const record of recordsOf(bytes, name, hurt)) {
        if (record.sequence <= previous) continue;
        previous = record.sequence;
        yield record;
      }
    }
  }
}

/** The newest good checkpoint. It changes nothing. @throws journalVersion, and what the disk throws. */
export function readNewestCheckpoint(
  folder: string,
  options: Pick<ReadOptions, "disk" | "hurt"> = {},
): CheckpointRead | undefined {
  const { disk = nodeDisk, hurt = () => undefined } = options;
  for (const read of goodCheckpoints(disk, folder, hurt)) return read;
  return undefined;
}
