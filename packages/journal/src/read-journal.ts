import type { JournalRecord } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { readSegment, type Segment } from "./format/read-segment.ts";
import { firstOfSegment } from "./format/segment-name.ts";

/** A place where a journal is not what was written. */
export type Damage = {
  readonly segment: string;
  /** Bytes of the segment up to which every line is good, and all of them. */
  readonly goodBytes: number;
  readonly bytes: number;
  /** Good lines behind the first bad one: more than a torn tail. */
  readonly goodAfter: number;
};

/** One segment as it was found. */
export type SegmentFound = {
  readonly segment: string;
  readonly mark: string | undefined;
  readonly records: readonly JournalRecord[];
  readonly damage: Damage | undefined;
};

/** Names of the segments in a folder, oldest first. */
export function segmentsOf(disk: Disk, folder: string): readonly string[] {
  return disk.list(folder).filter((name) => firstOfSegment(name) !== undefined);
}

/**
 * Reads a journal that nobody needs to have open, one segment at a time, from the segment that holds `after + 1` on.
 * It changes nothing on the disk.
 * @throws journalVersion, and what the disk throws.
 */
export function* readJournal(
  folder: string,
  options: { readonly disk?: Disk; readonly after?: number } = {},
): Generator<SegmentFound> {
  const { disk = nodeDisk, after = 0 } = options;
  const names = segmentsOf(disk, folder);
  const begin = names.findLastIndex((name) => (firstOfSegment(name) ?? 0) <= after + 1);
  for (const segment of names.slice(Math.max(0, begin))) {
    const found = readSegment(disk.read(`${folder}/${segment}`));
    yield {
      segment,
      mark: found.header?.mark,
      records: found.records.filter(({ sequence }) => sequence > after),
      damage: damageOf(segment, found),
    };
  }
}

export function damageOf(segment: string, found: Segment): Damage | undefined {
  const { goodBytes, bytes, goodAfter } = found;
  return goodBytes === bytes ? undefined : { segment, goodBytes, bytes, goodAfter };
}
