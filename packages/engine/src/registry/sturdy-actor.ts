import type { InspectionEvent, Observer } from "xstate";

export type Inspect = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

/** As much of an XState actor as it takes to keep one alive. */
export type Startable<Event, Shot extends { readonly status: string }> = {
  start(): unknown;
  stop(): unknown;
  send(event: Event): void;
  getSnapshot(): Shot;
  subscribe(observer: { next: (snapshot: Shot) => void; error: () => void }): unknown;
};

/**
 * An actor that survives its own failures: when it fails on an event it is made again from what it was before,
 * and who sent the event is told so and sets it aside.
 */
export class SturdyActor<
  Event,
  Shot extends { readonly status: string; readonly error?: unknown },
  Actor extends Startable<Event, Shot>,
> {
  readonly #make: (snapshot: Shot | undefined) => Actor;
  readonly #listeners = new Set<(snapshot: Shot) => void>();
  readonly #failed: (error: unknown) => void;
  #actor: Actor;

  /** `make` builds the actor, from a snapshot when one is given. `failed` is told what listeners throw. */
  constructor(
    make: (snapshot: Shot | undefined) => Actor,
    failed: (error: unknown) => void = () => undefined,
  ) {
    this.#make = make;
    this.#failed = failed;
    this.#actor = this.#start(undefined);
  }

  get snapshot(): Shot {
    return this.#actor.getSnapshot();
  }

  get heard(): number {
    return this.#listeners.size;
  }

  /** What it was before and is now; or the error on which it was made again. */
  send(event: Event): { readonly before: Shot; readonly after: Shot; readonly error?: unknown } {
    const before = this.#actor.getSnapshot();
    this.#actor.send(event);
    const after = this.#actor.getSnapshot();
    if (after.status !== "error") return { before, after };
    this.#actor = this.#start(before);
    return { before, after: before, error: after.error ?? "failed without a word" };
  }

  /** Each snapshot from now on, also after it was made again. What a listener throws stays its own. */
  subscribe(listener: (snapshot: Shot) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  stop(): void {
    this.#listeners.clear();
    this.#actor.stop();
  }

  #start(snapshot: Shot | undefined): Actor {
    const actor = this.#make(snapshot);
    // Without an error observer XState would throw into the process.
    actor.subscribe({ next: (news) => this.#tell(news), error: () => undefined });
    actor.start();
    return actor;
  }

  #tell(snapshot: Shot): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) {
      // One listener may have ended another.
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(snapshot);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
