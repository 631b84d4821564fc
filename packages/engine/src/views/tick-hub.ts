import { CloisterError, type Tick } from "@cloister/model";
import type { Observable } from "rxjs";
import { IsolatedObservable } from "./isolated-observable.ts";
import { safely } from "../inbox/safely.ts";

type Listener = (tick: Tick) => void;

/**
 * Hands each tick to every listener, at once and in order, and keeps the last ones for who resumes.
 * It never coalesces: a listener that asks for what is gone is told the gap.
 */
export class TickHub {
  readonly ticks$: Observable<Tick>;
  readonly #kept: Tick[] = [];
  readonly #limit: number;
  readonly #listeners = new Set<{ readonly tell: Listener }>();
  readonly #onClose = new Set<() => void>();
  readonly #failed: (error: unknown) => void;
  #closed = false;

  constructor(limit: number, failed: (error: unknown) => void) {
    this.#limit = Math.max(1, limit);
    this.#failed = failed;
    this.ticks$ = this.from(undefined);
  }

  get heard(): number {
    return this.#listeners.size;
  }

  publish(tick: Tick): void {
    this.#kept.push(tick);
    if (this.#kept.length >= 2 * this.#limit) this.#kept.splice(0, this.#kept.length - this.#limit);
    // Who comes while it is told has got it already, if it asked for what is kept.
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) listener.tell(tick);
    }
  }

  /** Calls back for each tick after `from` (kept ones at once). @throws ticksGap */
  listen(listener: Listener, from?: number): () => void {
    const after = from ?? 0;
    const tell: Listener = (tick) => {
      if (tick.sequence > after) safely(() => listener(tick), this.#failed);
    };
    if (from !== undefined) this.#replay(from, tell);
    const entry = { tell };
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  /** The stream after `from`, or of what comes from now on. Errors with ticksGap when `from` is too old. */
  from(from: number | undefined): Observable<Tick> {
    return new IsolatedObservable<Tick>((subscriber) => {
      try {
        const stop = this.listen((tick) => subscriber.next(tick), from);
        if (this.#closed) {
          stop();
          subscriber.complete();
          return undefined;
        }
        const complete = (): void => subscriber.complete();
        this.#onClose.add(complete);
        return () => {
          stop();
          this.#onClose.delete(complete);
        };
      } catch (error) {
        subscriber.error(error);
        return undefined;
      }
    }, this.#failed);
  }

  close(): void {
    this.#closed = true;
    for (const complete of [...this.#onClose]) complete();
    this.#listeners.clear();
    this.#onClose.clear();
  }

  /** What is told may bring about new ticks: it goes on until none is left. */
  #replay(from: number, tell: Listener): void {
    let told = from;
    for (let kept = this.#since(told); kept.length > 0; kept = this.#since(told)) {
      for (const tick of kept) {
        tell(tick);
        told = tick.sequence;
      }
    }
  }

  #since(from: number): readonly Tick[] {
    const first = this.#kept[0];
    const last = this.#kept.at(-1);
    const next = (last?.sequence ?? 0) + 1;
    // The tick under way may be named. What is beyond is another engine's number: its ticks would never come.
    if (from > next) {
      throw new CloisterError("ticksGap", `no tick ${from} was told yet; the next is ${next}`, {
        details: { from: next, to: from },
      });
    }
    if (last === undefined || from >= last.sequence) return [];
    if (first === undefined || !(from + 1 >= first.sequence)) {
      const to = (first?.sequence ?? 1) - 1;
      throw new CloisterError("ticksGap", `ticks ${from + 1} to ${to} are no longer kept`, {
        details: { from: from + 1, to },
      });
    }
    return this.#kept.slice(from + 1 - first.sequence);
  }
}
