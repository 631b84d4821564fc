import type { Observable } from "rxjs";
import { IsolatedObservable } from "./isolated-observable.ts";

/** A stream that is written in one place and read by anybody: synchronous, uncoalesced, isolated. */
export class Stream<T> {
  readonly observable$: Observable<T>;
  readonly #listeners = new Set<{ next: (value: T) => void; complete: () => void }>();
  #completed = false;

  /** With `first`, every subscriber begins with its value. */
  constructor(failed: (error: unknown) => void, first?: () => T) {
    this.observable$ = new IsolatedObservable<T>((subscriber) => {
      if (first !== undefined) subscriber.next(first());
      if (this.#completed) {
        subscriber.complete();
        return undefined;
      }
      this.#listeners.add(subscriber);
      return () => this.#listeners.delete(subscriber);
    }, failed);
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener.next(value);
  }

  complete(): void {
    this.#completed = true;
    for (const listener of [...this.#listeners]) listener.complete();
    this.#listeners.clear();
  }
}
