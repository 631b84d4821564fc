import type { Journal, JournalRecord, Tick } from "@cloister/model";
import { digestOf } from "../replay/digest.ts";

/**
 * Records each input before anything is done about it. A journal that fails is left alone until somebody says to go on:
 * what cannot be recorded must not be sent.
 */
export class Recorder {
  readonly #journal: Journal | undefined;
  /** Digest of the latest tick. */
  #before: string | undefined;
  #hasBegun = false;
  #isBroken = false;
  #isClosed = false;

  constructor(journal: Journal | undefined) {
    this.#journal = journal;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** From here on inputs are new; what was before is in the journal. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Somebody has mended the journal. */
  goOn(): void {
    this.#isBroken = false;
  }

  /** `failed` is told once why nothing is recorded any more. */
  record(record: Omit<JournalRecord, "before">, failed: (why: string) => void): void {
    if (this.#isBroken || !this.#hasBegun) return;
    try {
      const { input, ...numbers } = record;
      const before = this.#before === undefined ? {} : { before: this.#before };
      this.#journal?.append({ ...numbers, ...before, input });
    } catch (error) {
      this.#isBroken = true;
      failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** What came of the latest input: the next record carries it. */
  ended(tick: Tick): void {
    if (this.#journal !== undefined) this.#before = digestOf(tick);
  }

  /** Calls back once what was recorded is as durable as the journal promises, or cannot be. */
  whenDurable(done: (isDurable: boolean) => void): void {
    if (this.#journal === undefined || this.#isBroken || !this.#hasBegun) {
      done(!this.#isBroken);
      return;
    }
    this.#journal.whenDurable((error) => {
      // Nothing leaves any more.
      if (this.#isClosed) return;
      if (error !== undefined) this.#isBroken = true;
      done(error === undefined);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#journal?.close();
  }
}
