import type { JournalDamage } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { putAside } from "./disk/put-aside.ts";
import { VERSION } from "./format/header.ts";
import { outlineOf } from "./format/read-segment.ts";
import { segmentsOf } from "./format/segment-name.ts";

/** What an earlier life left in the folder, with its end mended. */
export type OpenedSegments = {
  readonly mark: string | undefined;
  readonly lastSequence: number;
  /** The segment to go on with, and its length; undefined when a new one must begin. */
  readonly last: { readonly name: string; readonly bytes: number } | undefined;
  readonly damage: readonly JournalDamage[];
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
    const path = `${folder}/${name}`;
    const bytes = disk.read(path);
    const found = outlineOf(bytes, name, (hurt) => damage.push(hurt));
    const { header, goodBytes } = found;
    if (lastSequence === undefined) {
      if (goodBytes < bytes.length) putAside(disk, path, bytes.subarray(goodBytes));
      if (goodBytes === 0) {
        disk.remove(path);
        continue;
      }
      if (goodBytes < bytes.length) disk.truncate(path, goodBytes);
      lastSequence = found.lastSequence ?? (header?.first ?? 1) - 1;
      if (header?.version === VERSION) last = { name, bytes: goodBytes };
    }
    if (header !== undefined) return { mark: header.mark, lastSequence, last, damage };
  }
  return { mark: undefined, lastSequence: lastSequence ?? 0, last, damage };
}
