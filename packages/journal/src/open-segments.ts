import type { JournalDamage } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { putAside } from "./disk/put-aside.ts";
import { VERSION } from "./format/header.ts";
import { outlineOf, type SegmentOutline } from "./format/read-segment.ts";
import { segmentsOf } from "./format/segment-name.ts";

/** What an earlier life left in the folder, with its end mended. */
export type OpenedSegments = {
  readonly mark: string | undefined;
  readonly lastSequence: number;
  /** The segment to go on with, and its length; undefined when a new one must begin. */
  readonly last: { readonly name: string; readonly bytes: number } | undefined;
  readonly damage: readonly JournalDamage[];
};

type Found = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly outline: SegmentOutline;
};

/**
 * Opens the newest segment for writing. What was torn off its end is kept in a file of its own, never thrown away.
 * A segment with no good line was torn at its birth: it is put aside whole, and the one before it is the newest.
 * One without a header, or of an older version, is left as it is: a new one follows.
 * @throws journalVersion, and what the disk throws.
 */
export function openSegments(disk: Disk, folder: string): OpenedSegments {
  const damage: JournalDamage[] = [];
  let lastSequence: number | undefined;
  let last: OpenedSegments["last"];
  for (const name of segmentsOf(disk.list(folder)).toReversed()) {
    const bytes = disk.read(`${folder}/${name}`);
    const outline = outlineOf(bytes, name, (hurt) => damage.push(hurt));
    const { header, goodBytes } = outline;
    if (lastSequence === undefined) {
      mendEnd(disk, folder, { name, bytes, outline });
      if (!isOfUse(outline)) continue;
      lastSequence = outline.lastSequence ?? (header?.first ?? 1) - 1;
      if (header?.version === VERSION) last = { name, bytes: goodBytes };
    }
    if (header !== undefined) return { mark: header.mark, lastSequence, last, damage };
  }
  return { mark: undefined, lastSequence: lastSequence ?? 0, last, damage };
}

/** One that holds nothing and cannot be gone on with would stand in the way of the next one of its name. */
function isOfUse({ header, lastSequence }: SegmentOutline): boolean {
  return lastSequence !== undefined || header?.version === VERSION;
}

/** Cuts off what was torn, after it was put beside. */
function mendEnd(disk: Disk, folder: string, { name, bytes, outline }: Found): void {
  const { goodBytes } = outline;
  const path = `${folder}/${name}`;
  if (goodBytes < bytes.length) {
    putAside(disk, path, bytes.subarray(goodBytes));
    disk.syncFolder(folder);
  }
  if (!isOfUse(outline)) disk.remove(path);
  else if (goodBytes < bytes.length) disk.truncate(path, goodBytes);
}
