import type { Input } from "./tick.ts";

/** One line of the journal: an input with its number and hour. */
export type JournalRecord = {
  readonly sequence: number;
  readonly atMs: number;
  readonly input: Input;
};

/** The record of every input. What it took is found again. */
export interface Journal {
  /** Stays the same for the life of the journal: 8 hex digits, the mark of our cloids. */
  readonly mark: string;
  /** Records before it returns. @throws journalFailed */
  append(record: JournalRecord): void;
  close(): void;
}
