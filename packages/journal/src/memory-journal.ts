import {
  type Checkpoint,
  CloisterError,
  type CloidMark,
  type Journal,
  type JournalRecord,
  parseCloidMark,
  type Recalled,
} from "@cloister/model";

export type MemoryJournalOptions = {
  /** 8 hex digits: the mark of every cloid made under this journal. */
  readonly mark: string;
  /** Records kept behind the newest checkpoint; the oldest go first. */
  readonly recordsMax?: number;
};

export type MemoryJournal = Journal & {
  /** What is kept, oldest first, as it would stand in a file: JSON text, one record each. */
  lines(): readonly string[];
  records(): readonly JournalRecord[];
  /** The same journal, open for a later life; this one is closed. */
  reopen(): MemoryJournal;
};

/** Text only, so that what could not be written to a file is found out here. */
type Kept = { readonly lines: string[]; lastSequence: number; checkpoint: string | undefined };

const RECORDS_MAX = 100_000;

/**
 * A journal that dies with the process: for tests, and for teams that want the record of an incident but no disk.
 * @throws invalidOption for a bad mark; `append` throws journalFailed for what is not JSON, and when it is closed.
 */
export function memoryJournal(options: MemoryJournalOptions): MemoryJournal {
  const { mark, recordsMax = RECORDS_MAX } = options;
  return new Memory(parseCloidMark(mark), recordsMax, {
    lines: [],
    lastSequence: 0,
    checkpoint: undefined,
  });
}

class Memory implements MemoryJournal {
  readonly mark: CloidMark;
  readonly #recordsMax: number;
  readonly #kept: Kept;
  #isClosed = false;

  constructor(mark: CloidMark, recordsMax: number, kept: Kept) {
    this.mark = mark;
    this.#recordsMax = recordsMax;
    this.#kept = kept;
  }

  recall(): Recalled {
    const { checkpoint: text, lastSequence } = this.#kept;
    const checkpoint = text === undefined ? undefined : readCheckpoint(text);
    const after = checkpoint?.sequence ?? 0;
    const records = this.records().filter(({ sequence }) => sequence > after);
    return { checkpoint, records, damage: [], lastSequence };
  }

  append(record: JournalRecord): void {
    const { lines } = this.#kept;
    this.#checkOpen();
    lines.push(textOf(record));
    this.#kept.lastSequence = record.sequence;
    if (lines.length >= 2 * this.#recordsMax) lines.splice(0, lines.length - this.#recordsMax);
  }

  whenDurable(done: (error: CloisterError | undefined) => void): void {
    done(undefined);
  }

  checkpoint(checkpoint: Checkpoint): void {
    this.#checkOpen();
    this.#kept.checkpoint = textOf(checkpoint);
    this.#kept.lastSequence = Math.max(this.#kept.lastSequence, checkpoint.sequence);
  }

  close(): void {
    this.#isClosed = true;
  }

  lines(): readonly string[] {
    return this.#kept.lines.slice(-this.#recordsMax);
  }

  records(): readonly JournalRecord[] {
    return this.lines().map(readRecord);
  }

  reopen(): MemoryJournal {
    this.close();
    return new Memory(this.mark, this.#recordsMax, this.#kept);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new CloisterError("journalFailed", "the journal is closed");
  }
}

function textOf(value: JournalRecord | Checkpoint): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new CloisterError("journalFailed", `record ${value.sequence} is not JSON`, {
      cause: error,
    });
  }
}

/** Only for lines that `textOf` made. */
function readRecord(line: string): JournalRecord {
  return JSON.parse(line) as JournalRecord;
}

/** The same for a checkpoint. */
function readCheckpoint(text: string): Checkpoint {
  return JSON.parse(text) as Checkpoint;
}
