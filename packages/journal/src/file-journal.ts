import {
  type Checkpoint,
  type Cloid,
  type CloisterError,
  invalidOption,
  type Journal,
  type JournalDamage,
  type JournalRecord,
  parseCloidMark,
  type Recalled,
} from "@cloister/model";
import { Checkpoints, goodCheckpoints } from "./checkpoint/checkpoints.ts";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { failed, guard, outcomeOf } from "./failure.ts";
import { findOrder, type FindOptions, type FoundOrder } from "./find-order.ts";
import { freshMark } from "./fresh-mark.ts";
import { type Done, GroupSync } from "./group-sync.ts";
import type { Host } from "./lock/host.ts";
import { takeLock } from "./lock/lock.ts";
import { nodeHost } from "./lock/node-host.ts";
import { openSegments } from "./open-segments.ts";
import { readNewestCheckpoint, readRecords } from "./read-journal.ts";
import { compact, type Retain, type Retention, retentionOf } from "./retention.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** What a record survives before its request is sent: the end of the process, or a loss of power. */
export type Durability = "process" | "power";

export type FileJournalOptions = {
  readonly durability?: Durability;
  /** Size after which a new segment begins, bytes; 64 MiB by default. */
  readonly segmentBytes?: number;
  /** The mark of a new journal, 8 hex digits; a random one by default. An old journal keeps its own. */
  readonly mark?: string;
  /** How much is kept behind the checkpoints. */
  readonly retain?: Retain;
  readonly disk?: Disk;
  readonly host?: Host;
};

export type FileJournal = Journal & {
  readonly folder: string;
  readonly durability: Durability;
  /** Everything on the disk after a sequence, oldest first. @throws what the disk throws */
  records(after?: number): Generator<JournalRecord>;
  /** Writes what was taken: then it survives the end of the process. @throws journalFailed */
  flush(): void;
  /** What the segments still have of an order that ended long ago; see `findOrder`. */
  find(cloid: Cloid, options?: Pick<FindOptions, "recordsMax">): Promise<FoundOrder>;
};

const SEGMENT_BYTES = 64 * 1024 * 1024;

/**
 * A journal in a folder, for one process at a time. Records of commands and signatures are written before `append`
 * returns; what the venue says is written within the same turn of the event loop, many in one call, for nothing may be
 * sent because of it without a signature.
 * @throws journalLocked, journalVersion, invalidOption; journalFailed when the disk refuses.
 */
export function fileJournal(folder: string, options: FileJournalOptions = {}): FileJournal {
  const { disk = nodeDisk, durability = "process", segmentBytes = SEGMENT_BYTES } = options;
  if (!(segmentBytes >= 1_024)) {
    throw invalidOption("segmentBytes", segmentBytes, "must be at least 1024");
  }
  const retention = retentionOf(options.retain);
  const unlock = guard("could not be locked", () => {
    disk.makeFolder(folder);
    return takeLock(disk, folder, options.host ?? nodeHost());
  });
  try {
    const left = guard("could not be opened", () => whatIsLeft(disk, folder));
    const mark = left.mark ?? parseCloidMark(options.mark ?? freshMark());
    const writer = new SegmentWriter({ disk, folder, mark, segmentBytes });
    const { last } = left;
    if (last !== undefined) {
      guard("could not be opened", () => writer.resume(last.name, last.bytes));
    }
    return new Files({ disk, folder, durability, mark, retention, writer, unlock }, left);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** What opening a journal found. */
type Left = {
  readonly mark: string | undefined;
  readonly lastSequence: number;
  readonly last: { readonly name: string; readonly bytes: number } | undefined;
  /** Sequences of the good ones, newest first. */
  readonly checkpoints: readonly number[];
  readonly damage: readonly JournalDamage[];
};

function whatIsLeft(disk: Disk, folder: string): Left {
  const damage: JournalDamage[] = [];
  const read = [...goodCheckpoints(disk, folder, (hurt) => damage.push(hurt))];
  const segments = openSegments(disk, folder);
  const checkpoints = read.map(({ checkpoint }) => checkpoint.sequence);
  return {
    mark: segments.mark ?? read.at(0)?.mark,
    lastSequence: Math.max(segments.lastSequence, checkpoints.at(0) ?? 0),
    last: segments.last,
    checkpoints,
    damage: [...damage, ...segments.damage],
  };
}

type Parts = {
  readonly disk: Disk;
  readonly folder: string;
  readonly durability: Durability;
  readonly mark: string;
  readonly retention: Retention;
  readonly writer: SegmentWriter;
  readonly unlock: () => void;
};

class Files implements FileJournal {
  readonly folder: string;
  readonly durability: Durability;
  readonly mark: string;
  readonly #parts: Parts;
  readonly #checkpoints: Checkpoints;
  readonly #sync: GroupSync;
  readonly #damage: readonly JournalDamage[];
  #lastSequence: number;
  #isClosed = false;
  #willFlush = false;
  /** What a flush that nobody called for threw: told with the next record. */
  #failure: CloisterError | undefined;

  constructor(parts: Parts, left: Left) {
    this.#parts = parts;
    this.#checkpoints = new Checkpoints(parts.disk, parts.folder, left.checkpoints);
    this.#sync = new GroupSync((done) => {
      this.#throwFailure();
      parts.writer.syncLater(done);
    });
    this.#damage = left.damage;
    this.#lastSequence = left.lastSequence;
    this.folder = parts.folder;
    this.durability = parts.durability;
    this.mark = parts.mark;
  }

  recall(): Recalled {
    this.flush();
    const damage = [...this.#damage];
    const lastSequence = this.#lastSequence;
    const { disk, folder } = this.#parts;
    const hurt = (found: JournalDamage): void => {
      const isKnown = damage.some(({ file, at }) => file === found.file && at === found.at);
      if (!isKnown) damage.push(found);
    };
    const checkpoint = guard("could not be read", () =>
      readNewestCheckpoint(folder, { disk, hurt }),
    )?.checkpoint;
    function* records(): Generator<JournalRecord> {
      for (const record of readRecords(folder, { disk, after: checkpoint?.sequence ?? 0, hurt })) {
        if (record.sequence > lastSequence) return;
        yield record;
      }
    }
    return { checkpoint, records: { [Symbol.iterator]: records }, damage, lastSequence };
  }

  append(record: JournalRecord): void {
    if (this.#isClosed) throw failed("is closed");
    this.#throwFailure();
    const { kind } = record.input;
    guard(`did not take record ${record.sequence}`, () => {
      this.#parts.writer.add(record.sequence, JSON.stringify(record));
      if (kind !== "venue" && kind !== "deadline") this.#parts.writer.flush();
    });
    this.#lastSequence = record.sequence;
    if (kind === "venue" || kind === "deadline") this.#flushSoon();
  }

  flush(): void {
    this.#throwFailure();
    guard("could not be written", () => this.#parts.writer.flush());
  }

  whenDurable(done: Done): void {
    if (this.durability === "process") done(outcomeOf(() => this.flush()));
    else this.#sync.wait(done);
  }

  checkpoint(checkpoint: Checkpoint): void {
    if (this.#isClosed) throw failed("is closed");
    this.flush();
    guard(`did not take checkpoint ${checkpoint.sequence}`, () =>
      this.#checkpoints.write(this.mark, checkpoint),
    );
    this.#lastSequence = Math.max(this.#lastSequence, checkpoint.sequence);
    // The checkpoint stands. What cannot be removed now is tried again with the next one.
    outcomeOf(() => {
      this.#checkpoints.prune();
      const { coveredTo } = this.#checkpoints;
      compact(this.#parts, { coveredTo, nowMs: checkpoint.atMs });
    });
  }

  *records(after = 0): Generator<JournalRecord> {
    const { disk, folder } = this.#parts;
    yield* readRecords(folder, { disk, after });
  }

  async find(cloid: Cloid, options: Pick<FindOptions, "recordsMax"> = {}): Promise<FoundOrder> {
    this.flush();
    const { disk, folder } = this.#parts;
    return findOrder(folder, cloid, { ...options, disk });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { writer, unlock } = this.#parts;
    try {
      guard("could not be closed", () => writer.close());
    } finally {
      unlock();
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  #flushSoon(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    queueMicrotask(() => {
      this.#willFlush = false;
      if (!this.#isClosed) this.#failure ??= outcomeOf(() => this.flush());
    });
  }
}
