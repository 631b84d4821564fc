import type { Checkpoint } from "@cloister/model";
import type { Disk } from "../disk/disk.ts";
import { writeWhole } from "../disk/write-whole.ts";
import type { Hurt } from "../format/read-segment.ts";
import {
  checkpointName,
  type CheckpointRead,
  checkpointText,
  readCheckpoint,
  sequenceOfCheckpoint,
} from "./checkpoint-file.ts";

/** How many are kept: one may rot. */
const KEPT = 2;
const UNFINISHED = ".part";

/** Names of the checkpoints in a folder, oldest first. */
export function checkpointsOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => sequenceOfCheckpoint(name) !== undefined);
}

/** The newest good checkpoints of a folder, newest first. @throws journalVersion, and what the disk throws. */
export function* goodCheckpoints(
  disk: Disk,
  folder: string,
  hurt: Hurt,
): Generator<CheckpointRead & { readonly name: string }> {
  for (const name of checkpointsOf(disk.list(folder)).toReversed()) {
    const bytes = disk.read(`${folder}/${name}`);
    const read = readCheckpoint(bytes);
    if (read === undefined) hurt({ file: name, kind: "unreadable", at: 0, bytes: bytes.length });
    else yield { ...read, name };
  }
}

/** The checkpoints of an open journal. */
export class Checkpoints {
  readonly #disk: Disk;
  readonly #folder: string;
  /** Sequences of those that are known to be good, newest first. */
  #good: readonly number[];

  constructor(disk: Disk, folder: string, good: readonly number[]) {
    this.#disk = disk;
    this.#folder = folder;
    this.#good = good.slice(0, KEPT);
  }

  /** Up to where records are needed by no checkpoint that is kept: 0 while one that rots could not be replaced. */
  get coveredTo(): number {
    return this.#good[KEPT - 1] ?? 0;
  }

  /** Whole or not at all: it gets its name when all of it is safe. */
  write(mark: string, checkpoint: Checkpoint): void {
    const path = `${this.#folder}/${checkpointName(checkpoint.sequence)}`;
    const unfinished = `${path}${UNFINISHED}`;
    const bytes = Buffer.from(checkpointText(mark, checkpoint));
    this.#disk.remove(unfinished);
    const file = this.#disk.create(unfinished);
    try {
      writeWhole(this.#disk, file, bytes);
      this.#disk.sync(file);
    } finally {
      this.#disk.close(file);
    }
    this.#disk.rename(unfinished, path);
    this.#disk.syncFolder(this.#folder);
    const others = this.#good.filter((sequence) => sequence !== checkpoint.sequence);
    this.#good = [checkpoint.sequence, ...others].slice(0, KEPT);
  }

  /** Removes what is older than those that are kept, and what was never finished. */
  prune(): void {
    const oldest = this.coveredTo;
    for (const name of this.#disk.list(this.#folder)) {
      const isUnfinished = name.startsWith("checkpoint-") && name.endsWith(UNFINISHED);
      const sequence = sequenceOfCheckpoint(name);
      const isOld = sequence !== undefined && sequence < oldest;
      if (isUnfinished || isOld) this.#disk.remove(`${this.#folder}/${name}`);
    }
  }
}
