/** What can be held back: a socket that is read. */
export type Source = { pause(): void; resume(): void };

const HIGH_BYTES = 4_000_000;
const LOW_BYTES = 1_000_000;

/** Bounds what waits for a slow reader: above it the source is not read any more. */
export class Flow {
  readonly #source: Source;
  #waiting = 0;
  #held = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** So many bytes wait from now on; returns what to call once they do not. */
  wait(bytes: number): () => void {
    this.#waiting += bytes;
    if (!this.#held && this.#waiting > HIGH_BYTES) {
      this.#held = true;
      this.#source.pause();
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#waiting -= bytes;
      if (this.#held && this.#waiting <= LOW_BYTES) {
        this.#held = false;
        this.#source.resume();
      }
    };
  }
}
