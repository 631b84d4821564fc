import { Observable, type Observer, type Operator, type Subscription } from "rxjs";

type PartialObserver<T> = Partial<Observer<T>> | ((value: T) => void) | null;

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
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedObservable<R>(undefined, this.#failed);
    lifted.source = this;
    lifted.operator = operator;
    return lifted;
  }

  override subscribe(
    next?: PartialObserver<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    const observer: Partial<Observer<T>> =
      typeof next === "function" || next === null || next === undefined
        ? { ...(next ? { next } : {}), ...(error ? { error } : {}), ...(complete ? { complete } : {}) }
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
