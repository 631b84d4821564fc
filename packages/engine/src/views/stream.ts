import type { Observable } from "rxjs";
import { IsolatedObservable } from "./isolated-observable.ts";

type Listener<T> = { readonly next: (value: T) => void; readonly complete: () => void };

/** What every subscriber begins with, and how two values are told apart: equal ones are told once. */
export type Present<T> = { readonly value: () => T; readonly keyOf: (value: T) => string };

/** A stream that is written in one place and read by anybody: synchronous, uncoalesced, isolated. */
export class Stream<T> {
  readonly observable$: Observable<T>;
  readonly #listeners = new Set<Listener<T>>();
  #completed = false;

  constructor(failed: (error: unknown) => void, present?: Present<T>) {
    this.observable$ = new IsolatedObservable<T>((subscriber) => {
      const listener = present === undefined ? subscriber : sinceNow(subscriber, present);
      if (this.#completed) {
        subscriber.complete();
        return undefined;
      }
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    }, failed);
  }

  get heard(): number {
    return this.#listeners.size;
  }

  /** Who subscribes while it is told hears what comes next. */
  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener.next(value);
  }

  complete(): void {
    this.#completed = true;
    for (const listener of [...this.#listeners]) listener.complete();
    this.#listeners.clear();
  }
}

/** Tells the present value, then each that differs from the one told before. */
function sinceNow<T>(listener: Listener<T>, { value, keyOf }: Present<T>): Listener<T> {
  const first = value();
  let told = keyOf(first);
  listener.next(first);
  return {
    next(news) {
      const key = keyOf(news);
      if (key === told) return;
      told = key;
      listener.next(news);
    },
    complete: () => listener.complete(),
  };
}
