import type { Alarm, AlarmName, Change, Cloid, Input } from "@cloister/model";
import type { FillView } from "./api.ts";

/** What one input brings about: its tick in the making, and the work that is still to be done in it. */
export class Turn {
  readonly input: Input;
  readonly changes: Change[] = [];
  readonly alarms: Alarm[] = [];
  /** Fills that were booked and are news to strategies. */
  readonly fills: FillView[] = [];
  readonly #work: (() => void)[] = [];
  #next = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** Work caused by work waits its turn, so that each step finishes before the next begins. */
  later(work: () => void): void {
    this.#work.push(work);
  }

  alarm(name: AlarmName, text: string, cloid?: Cloid): void {
    this.alarms.push({ name, text, ...(cloid === undefined ? {} : { cloid }) });
  }

  /** Runs all work to the end. A throw is told to `failed` and ends its own work only. */
  complete(failed: (error: unknown) => void): void {
    for (; this.#next < this.#work.length; ) {
      const work = this.#work[this.#next];
      this.#next += 1;
      try {
        work?.();
      } catch (error) {
        failed(error);
      }
    }
  }

  get isComplete(): boolean {
    return this.#next >= this.#work.length;
  }
}
