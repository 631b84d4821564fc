import { Observable, type Observer, type Operator, Subscriber, type Subscription } from "rxjs";

type Given<T> = Partial<Observer<T>> | ((value: T) => void) | null;

/**
 * A stream whose readers cannot harm the socket or the process: what a reader throws is told to
 * `failed`. By itself RxJS would throw it again as an uncaught exception.
 */
export class IsolatedStream<T> extends Observable<T> {
  readonly #failed: (error: unknown) => void;

  constructor(source: Observable<T> | undefined, failed: (error: unknown) => void) {
    super(source === undefined ? undefined : (subscriber) => source.subscribe(subscriber));
    this.#failed = failed;
  }

  // RxJS calls all of this internal, and offers no other way to keep a class across `pipe`.
  // oxlint-disable typescript/no-deprecated
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedStream<R>(undefined, this.#failed);
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }
  // oxlint-enable typescript/no-deprecated

  override subscribe(
    given?: Given<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // An operator's own subscriber ends its source by itself; whoever reads it is guarded further down.
    if (given instanceof Subscriber) return super.subscribe(given);
    const reader: Partial<Observer<T>> =
      typeof given === "object" && given !== null ? given : callbacks(given, error, complete);
    return super.subscribe({
      next: this.#guarded((value: T) => reader.next?.(value)),
      error: this.#guarded((reason: unknown) => reader.error?.(reason)),
      complete: this.#guarded(() => reader.complete?.()),
    });
  }

  #guarded<A extends readonly unknown[]>(callback: (...values: A) => void): (...values: A) => void {
    return (...values) => {
      try {
        callback(...values);
      } catch (error) {
        this.#failed(error);
      }
    };
  }
}

function callbacks<T>(
  next: ((value: T) => void) | null | undefined,
  error: ((error: unknown) => void) | null | undefined,
  complete: (() => void) | null | undefined,
): Partial<Observer<T>> {
  return {
    ...(next ? { next } : {}),
    ...(error ? { error } : {}),
    ...(complete ? { complete } : {}),
  };
}
