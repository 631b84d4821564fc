/**
 * The only place that gives inputs their order: one at a time, each to completion.
 * What a handler pushes waits its turn, and a throw ends its own input only.
 */
export class Inbox<T> {
  #waiting: T[] = [];
  #head = 0;
  #busy = false;
  readonly #handle: (input: T) => void;
  readonly #failed: (input: T, error: unknown) => void;

  constructor(handle: (input: T) => void, failed: (input: T, error: unknown) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  push(input: T): void {
    this.#waiting.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#drain();
    } finally {
      this.#busy = false;
      this.#waiting = [];
      this.#head = 0;
    }
  }

  #drain(): void {
    while (this.#head < this.#waiting.length) {
      const input = this.#waiting[this.#head];
      this.#head += 1;
      if (input !== undefined) this.#run(input);
      this.#compact();
    }
  }

  #run(input: T): void {
    try {
      this.#handle(input);
    } catch (error) {
      this.#failed(input, error);
    }
  }

  /** A long cascade must not keep what it has already handled. */
  #compact(): void {
    if (this.#head < 1_024) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
