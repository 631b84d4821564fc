import { Observable, type Observer, Subscriber, type Subscription, type TeardownLogic } from "rxjs";

type PartialObserver<T> = Partial<Observer<T>> | ((value: T) => void) | null;

/** What an operator of `pipe` is: it subscribes to its source on behalf of a subscriber. */
type Lifting<T, R> = {
  call(subscriber: Subscriber<R>, source: Observable<T>): TeardownLogic;
};

/**
 * A stream whose subscribers cannot harm anybody: what one of them throws is reported to `failed`
 * instead of ending the process, which is what RxJS does with it by itself.
 */
export class IsolatedObservable<T> extends Observable<T> {
  readonly #failed: (error: unknown) => void;

  constructor(
    subscribe: ConstructorParameters<typeof Observable<T>>[0],
    failed: (error: unknown) => void,
  ) {
    super(subscribe);
    this.#failed = failed;
  }

  /** Keeps the isolation across `pipe`. */
  override lift<R>(operator: Lifting<T, R>): Observable<R> {
    return new IsolatedObservable<R>((subscriber) => operator.call(subscriber, this), this.#failed);
  }

  override subscribe(
    next?: PartialObserver<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // A subscriber of RxJS is an operator between us and the end: it catches by itself, and must be known as
    // what it is, or its end would not end this subscription.
    if (next instanceof Subscriber) return super.subscribe(next);
    const observer: Partial<Observer<T>> =
      typeof next === "function" || next === null || next === undefined
        ? {
            ...(next ? { next } : {}),
            ...(error ? { error } : {}),
            ...(complete ? { complete } : {}),
          }
        : next;
    return super.subscribe(this.#guarded(observer));
  }

  #guarded(observer: Partial<Observer<T>>): Observer<T> {
    const failed = this.#failed;
    const guard =
      <A extends unknown[]>(callback: (...args: A) => void) =>
      (...args: A): void => {
        try {
          callback(...args);
        } catch (error) {
          failed(error);
        }
      };
    return {
      next: guard((value) => observer.next?.(value)),
      // An error nobody listens to is told once more, never thrown into the process.
      error: guard((error) => (observer.error ? observer.error(error) : failed(error))),
      complete: guard(() => observer.complete?.()),
    };
  }
}
