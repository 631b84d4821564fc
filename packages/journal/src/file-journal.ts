import {
  CloisterError,
  invalidOption,
  type Journal,
  type JournalRecord,
  parseCloidMark,
} from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { freshMark } from "./fresh-mark.ts";
import type { Host } from "./lock/host.ts";
import { takeLock } from "./lock/lock.ts";
import { nodeHost } from "./lock/node-host.ts";
import { openSegments } from "./open-segments.ts";
import { type Damage, readJournal } from "./read-journal.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** What a record survives before its request is sent: the end of the process, or a loss of power. */
export type Durability = "process" | "power";

export type FileJournalOptions = {
  readonly durability?: Durability;
  /** Size after which a new segment begins, bytes; 64 MiB by default. */
  readonly segmentBytes?: number;
  /** The mark of a new journal, 8 hex digits; a random one by default. An old journal keeps its own. */
  readonly mark?: string;
  readonly disk?: Disk;
  readonly host?: Host;
};

/** What opening a journal found. */
export type Opened = {
  readonly lastSequence: number;
  /** What was torn off its end by the way it ended before; kept beside it. */
  readonly damage: readonly Damage[];
};

export type FileJournal = Journal & {
  readonly folder: string;
  readonly durability: Durability;
  readonly opened: Opened;
  /** Everything on the disk after a sequence, oldest first. @throws what the disk throws */
  records(after?: number): Generator<JournalRecord>;
  /** Writes what was taken: then it survives the end of the process. @throws journalFailed */
  flush(): void;
  /** Calls back once what was taken until now is as durable as asked. Many callers share one sync. */
  whenDurable(done: (error: CloisterError | undefined) => void): void;
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
  const unlock = guard("could not be locked", () => {
    disk.makeFolder(folder);
    return takeLock(disk, folder, options.host ?? nodeHost());
  });
  try {
    const found = guard("could not be opened", () => openSegments(disk, folder));
    const mark = found.mark ?? parseCloidMark(options.mark ?? freshMark());
    const writer = new SegmentWriter({ disk, folder, mark, segmentBytes });
    const { last, lastSequence, damage } = found;
    if (last !== undefined) {
      guard("could not be opened", () => writer.resume(last.name, last.bytes));
    }
    return new Files({ disk, folder, durability, mark, writer, unlock }, { lastSequence, damage });
  } catch (error) {
    unlock();
    throw error;
  }
}

type Parts = {
  readonly disk: Disk;
  readonly folder: string;
  readonly durability: Durability;
  readonly mark: string;
  readonly writer: SegmentWriter;
  readonly unlock: () => void;
};

type Done = (error: CloisterError | undefined) => void;

class Files implements FileJournal {
  readonly folder: string;
  readonly durability: Durability;
  readonly mark: string;
  readonly opened: Opened;
  readonly #parts: Parts;
  #isClosed = false;
  #willFlush = false;
  /** What a flush that nobody called for threw: told with the next record. */
  #failure: CloisterError | undefined;
  /** Who waits for the next sync, and who for the one that runs. */
  #waiting: Done[] = [];
  #syncing: readonly Done[] | undefined;

  constructor(parts: Parts, opened: Opened) {
    this.#parts = parts;
    this.opened = opened;
    this.folder = parts.folder;
    this.durability = parts.durability;
    this.mark = parts.mark;
  }

  append(record: JournalRecord): void {
    if (this.#isClosed) throw failed("is closed");
    this.#throwFailure();
    const { kind } = record.input;
    guard(`did not take record ${record.sequence}`, () => {
      this.#parts.writer.add(record.sequence, JSON.stringify(record));
      if (kind !== "venue" && kind !== "deadline") this.#parts.writer.flush();
    });
    if (kind === "venue" || kind === "deadline") this.#flushSoon();
  }

  flush(): void {
    this.#throwFailure();
    guard("could not be written", () => this.#parts.writer.flush());
  }

  whenDurable(done: Done): void {
    if (this.durability === "process") {
      done(outcomeOf(() => this.flush()));
      return;
    }
    this.#waiting.push(done);
    if (this.#syncing === undefined) this.#sync();
  }

  *records(after = 0): Generator<JournalRecord> {
    const { disk, folder } = this.#parts;
    for (const { records } of readJournal(folder, { disk, after })) yield* records;
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

  #isSyncing(): boolean {
    return this.#syncing !== undefined;
  }

  /** One sync covers all that was taken before it began. */
  #sync(): void {
    const { writer } = this.#parts;
    const covered = this.#waiting;
    this.#waiting = [];
    this.#syncing = covered;
    const end = (error: CloisterError | undefined): void => {
      this.#syncing = undefined;
      for (const done of covered) done(error);
      // A callback may have begun the next one.
      if (this.#waiting.length > 0 && !this.#isSyncing()) this.#sync();
    };
    const refused = outcomeOf(() => {
      this.#throwFailure();
      writer.syncLater((error) =>
        end(error === undefined ? undefined : failed("could not be synced", error)),
      );
    });
    if (refused !== undefined) end(refused);
  }
}

function guard<Value>(what: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (error instanceof CloisterError) throw error;
    throw failed(what, error);
  }
}

function outcomeOf(act: () => void): CloisterError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof CloisterError ? error : failed("failed", error);
  }
}

function failed(what: string, cause?: unknown): CloisterError {
  return new CloisterError(
    "journalFailed",
    `the journal ${what}`,
    cause === undefined ? {} : { cause },
  );
}
