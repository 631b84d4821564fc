import type { JournalDamage, JournalRecord } from "@cloister/model";
import { readCheckpoint, sequenceOfCheckpoint } from "./checkpoint/checkpoint-file.ts";
import { checkpointsOf } from "./checkpoint/checkpoints.ts";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { readIfThere } from "./disk/read-if-there.ts";
import { headerOfSegment, recordsOf } from "./format/read-segment.ts";
import { segmentsOf } from "./format/segment-name.ts";
import type { Holder, Host } from "./lock/host.ts";
import { nodeHost } from "./lock/node-host.ts";
import { isUnfinished, writerOf } from "./unfinished.ts";

export type FileSurvey = {
  readonly file: string;
  readonly bytes: number;
  readonly records: number;
};

/** All that a journal holds, and what is wrong with it. */
export type JournalSurvey = {
  readonly mark: string | undefined;
  readonly segments: readonly FileSurvey[];
  /** Good ones, oldest first. */
  readonly checkpoints: readonly { readonly file: string; readonly sequence: number }[];
  readonly firstSequence: number | undefined;
  readonly lastSequence: number | undefined;
  /** Sequences that are in no segment and in no checkpoint: the disk refused or lost them. */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  readonly damage: readonly JournalDamage[];
  /** Files in which an earlier life put aside what was torn. */
  readonly aside: readonly string[];
  /** The process that writes it now. */
  readonly writer: Holder | undefined;
};

type SurveyOptions = {
  readonly disk?: Disk;
  readonly host?: Host;
  readonly onRecord?: (record: JournalRecord) => void;
};

/**
 * Reads all of a journal and changes nothing, also while another process writes it: the end of the newest segment may then be
 * a line that is not finished, which is no damage. @throws journalVersion, and what the disk throws.
 */
export function surveyJournal(folder: string, options: SurveyOptions = {}): JournalSurvey {
  const { disk = nodeDisk, host = nodeHost(), onRecord = () => undefined } = options;
  const names = disk.list(folder);
  const found: JournalDamage[] = [];
  const hurt = (damage: JournalDamage): void => void found.push(damage);
  const { checkpoints, mark: marked } = goodOnes(disk, folder, { names, hurt });
  let mark = marked;
  const sequences = new Sequences(checkpoints.at(-1)?.sequence ?? 0);
  const segments = segmentsOf(names).flatMap((file) => {
    const bytes = readIfThere(disk, `${folder}/${file}`);
    if (bytes === undefined) return [];
    let records = 0;
    mark ??= headerOfSegment(bytes)?.mark;
    for (const record of recordsOf(bytes, file, hurt)) {
      records += 1;
      sequences.take(record.sequence);
      onRecord(record);
    }
    return [{ file, bytes: bytes.length, records }];
  });
  return {
    mark,
    segments,
    checkpoints,
    firstSequence: sequences.first,
    lastSequence: sequences.last,
    missing: sequences.missing(),
    damage: found.filter((damage) => !isUnfinished(folder, damage, { disk, host })),
    aside: names.filter((name) => name.includes(".torn-")),
    writer: writerOf(folder, { disk, host }),
  };
}

/** Which sequences were there. Those before the first may have been compacted, if a checkpoint has them. */
class Sequences {
  readonly #covered: number;
  readonly #missing: { readonly from: number; readonly to: number }[] = [];
  first: number | undefined;
  last: number | undefined;

  constructor(covered: number) {
    this.#covered = covered;
  }

  take(sequence: number): void {
    const next = (this.last ?? 0) + 1;
    if (this.first !== undefined && sequence > next) {
      this.#missing.push({ from: next, to: sequence - 1 });
    }
    this.first ??= sequence;
    this.last = Math.max(this.last ?? 0, sequence);
  }

  missing(): readonly { readonly from: number; readonly to: number }[] {
    const before = (this.first ?? 1) - 1;
    const lost = before > this.#covered ? [{ from: this.#covered + 1, to: before }] : [];
    return [...lost, ...this.#missing.filter(({ to }) => to > this.#covered)];
  }
}

type Names = {
  readonly names: readonly string[];
  readonly hurt: (damage: JournalDamage) => void;
};

function goodOnes(
  disk: Disk,
  folder: string,
  { names, hurt }: Names,
): Pick<JournalSurvey, "checkpoints" | "mark"> {
  let mark: string | undefined;
  const checkpoints = checkpointsOf(names).flatMap((file) => {
    const bytes = readIfThere(disk, `${folder}/${file}`);
    if (bytes === undefined) return [];
    const read = readCheckpoint(bytes);
    mark ??= read?.mark;
    if (read !== undefined) return [{ file, sequence: sequenceOfCheckpoint(file) ?? 0 }];
    hurt({ file, kind: "unreadable", at: 0, bytes: bytes.length });
    return [];
  });
  return { checkpoints, mark };
}
