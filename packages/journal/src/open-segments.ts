import type { Disk } from "./disk/disk.ts";
import { readSegment } from "./format/read-segment.ts";
import { type Damage, damageOf, segmentsOf } from "./read-journal.ts";

/** What an earlier life left in the folder, with its end mended. */
export type OpenedSegments = {
  readonly mark: string | undefined;
  readonly lastSequence: number;
  /** The segment to go on with, and its length. */
  readonly last: { readonly name: string; readonly bytes: number } | undefined;
  /** What was cut off the end, and put beside it. */
  readonly damage: readonly Damage[];
};

/**
 * Opens the newest segment for writing. What follows its good prefix is kept in a file of its own, never thrown away.
 * A segment without a good header was torn at its birth: it is put aside whole, and the one before it is the newest.
 * @throws journalVersion, and what the disk throws.
 */
export function openSegments(disk: Disk, folder: string): OpenedSegments {
  const damage: Damage[] = [];
  for (const name of segmentsOf(disk, folder).toReversed()) {
    const path = `${folder}/${name}`;
    const bytes = disk.read(path);
    const found = readSegment(bytes);
    const hurt = damageOf(name, found);
    if (hurt !== undefined) {
      quarantine(disk, path, bytes.subarray(found.goodBytes));
      damage.unshift(hurt);
    }
    if (found.header === undefined) {
      disk.remove(path);
      continue;
    }
    if (hurt !== undefined) disk.truncate(path, found.goodBytes);
    const { mark, first } = found.header;
    const lastSequence = found.records.at(-1)?.sequence ?? first - 1;
    return { mark, lastSequence, last: { name, bytes: found.goodBytes }, damage };
  }
  return { mark: undefined, lastSequence: 0, last: undefined, damage };
}

/** The copy is whole and safe before anything is cut. */
function quarantine(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = freshFile(disk, path);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += disk.write(file, bytes.subarray(written));
    }
    disk.sync(file);
  } finally {
    disk.close(file);
  }
}

function freshFile(disk: Disk, path: string): number {
  for (let count = 1; ; count += 1) {
    try {
      return disk.create(`${path}.torn-${count}`);
    } catch (error) {
      if (!isThere(error)) throw error;
    }
  }
}

function isThere(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "EEXIST";
}
