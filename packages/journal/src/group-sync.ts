import type { CloisterError } from "@cloister/model";
import { failed, outcomeOf } from "./failure.ts";

export type Done = (error: CloisterError | undefined) => void;

/** Many wait for one sync: it covers all that was taken before it began. */
export class GroupSync {
  /** Begins a sync; may throw instead. */
  readonly #begin: (done: (error: unknown) => void) => void;
  /** Who waits for the next sync, and who for the one that runs. */
  #waiting: Done[] = [];
  #covered: readonly Done[] | undefined;

  constructor(begin: (done: (error: unknown) => void) => void) {
    this.#begin = begin;
  }

  wait(done: Done): void {
    this.#waiting.push(done);
    this.#next();
  }

  #next(): void {
    if (this.#covered !== undefined || this.#waiting.length === 0) return;
    const covered = this.#waiting;
    this.#waiting = [];
    this.#covered = covered;
    const refused = outcomeOf(() =>
      this.#begin((error) =>
        this.#ended(
          covered,
          error === undefined ? undefined : failed("could not be synced", error),
        ),
      ),
    );
    if (refused !== undefined) this.#ended(covered, refused);
  }

  #ended(covered: readonly Done[], error: CloisterError | undefined): void {
    if (this.#covered !== covered) return;
    this.#covered = undefined;
    for (const done of covered) done(error);
    // A callback may have begun the next one.
    this.#next();
  }
}
