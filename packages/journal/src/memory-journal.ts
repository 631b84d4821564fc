import {
  CloisterError,
  type CloidMark,
  type Journal,
  type JournalRecord,
  parseCloidMark,
} from "@cloister/model";

export type MemoryJournalOptions = {
  /** 8 hex digits: the mark of every cloid made under this journal. */
  readonly mark: string;
  /** Records kept; the oldest go first. */
  readonly recordsMax?: number;
};

export type MemoryJournal = Journal & {
  /** What is kept, oldest first, as it would stand in a file: JSON text, one record each. */
  readonly lines: () => readonly string[];
  readonly records: () => readonly JournalRecord[];
};

const RECORDS_MAX = 100_000;

/**
 * A journal that dies with the process: for tests, and for teams that want the record of an incident but no disk.
 * It keeps text, not objects, so that what could not be written to a file is found out here.
 * @throws invalidOption for a bad mark; `append` throws journalFailed for what is not JSON, and when it is closed.
 */
export function memoryJournal(options: MemoryJournalOptions): MemoryJournal {
  const mark: CloidMark = parseCloidMark(options.mark);
  const recordsMax = options.recordsMax ?? RECORDS_MAX;
  const kept: string[] = [];
  let isClosed = false;
  return {
    mark,
    append(record) {
      if (isClosed) throw new CloisterError("journalFailed", "the journal is closed");
      kept.push(textOf(record));
      if (kept.length >= 2 * recordsMax) kept.splice(0, kept.length - recordsMax);
    },
    close() {
      isClosed = true;
    },
    lines: () => kept.slice(-recordsMax),
    records: () => kept.slice(-recordsMax).map(parseRecord),
  };
}

function textOf(record: JournalRecord): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    throw new CloisterError("journalFailed", `record ${record.sequence} is not JSON`, {
      cause: error,
    });
  }
}

/** Only for lines that `textOf` made. */
function parseRecord(line: string): JournalRecord {
  return JSON.parse(line) as JournalRecord;
}
