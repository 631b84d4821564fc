import type { CloisterError } from "./errors.ts";
import type { Input } from "./tick.ts";

/** One line of the journal: an input with its number and hour. */
export type JournalRecord = {
  /** Grows; a number is missing where the disk refused or lost a record. */
  readonly sequence: number;
  /** Wall time, Unix ms. */
  readonly atMs: number;
  /** The clock's monotonic hand, ms: within one life of the process, what durations are measured by. */
  readonly monotonicMs: number;
  readonly input: Input;
  /** What the record before brought about, as a digest of its tick; absent when that is nothing. */
  readonly before?: string;
};

/** The engine after a record, so that a later life need not begin at the first one. */
export type Checkpoint = {
  /** Sequence of the last record that it includes. */
  readonly sequence: number;
  readonly atMs: number;
  readonly monotonicMs: number;
  /** The engine's own JSON, with a version of its own. */
  readonly state: unknown;
};

/** A place where a journal is not what was written. */
export type JournalDamage = {
  /** Name of the segment or checkpoint within the journal. */
  readonly file: string;
  /**
   * "torn": bytes at the end that are no whole record; cut off, and kept beside it. "rotten": bytes within that are not
   * what was written; passed over. "unreadable": a whole file; passed over, or put aside.
   */
  readonly kind: "torn" | "rotten" | "unreadable";
  /** Where it begins, and how long it is. */
  readonly at: number;
  readonly bytes: number;
};

/** What earlier lives left. */
export type Recalled = {
  /** The newest good one. */
  readonly checkpoint: Checkpoint | undefined;
  /** Every record after the checkpoint, oldest first; read from the disk while it is walked. */
  readonly records: Iterable<JournalRecord>;
  /** What opening found, and what walking `records` came upon so far. */
  readonly damage: readonly JournalDamage[];
  /** Of the last record or checkpoint; 0 in a new journal. */
  readonly lastSequence: number;
};

/** The record of every input. What it took is found again. */
export interface Journal {
  /** Stays the same for the life of the journal: 8 hex digits, the mark of our cloids. */
  readonly mark: string;
  /** What it holds at this moment. Asked by a new life before it appends. @throws journalFailed */
  recall(): Recalled;
  /** Records before it returns. @throws journalFailed */
  append(record: JournalRecord): void;
  /** Calls back, at once or later, when all that was appended until now is as durable as the journal promises. */
  whenDurable(done: (error: CloisterError | undefined) => void): void;
  /** Whole or not at all; what older records nobody needs any more may go then. @throws journalFailed */
  checkpoint(checkpoint: Checkpoint): void;
  close(): void;
}
