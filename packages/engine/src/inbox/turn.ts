import type {
  Alarm,
  AlarmName,
  Certificate,
  Change,
  Cloid,
  DoubtEnded,
  Input,
} from "@cloister/model";
import type { FillView } from "../api.ts";
import type { RequestTrace } from "../requests/request-trace.ts";
import { safely } from "./safely.ts";

/** What one input brings about: its tick in the making, and the work that is still to be done in it. */
export class Turn {
  readonly input: Input;
  /** The number of its tick. */
  readonly sequence: number;
  readonly changes: Change[] = [];
  readonly alarms: Alarm[] = [];
  /** Fills that were booked and are news to strategies. */
  readonly fills: FillView[] = [];
  /** Doubts that ended. */
  readonly doubts: DoubtEnded[] = [];
  /** Looks at the venue that ended. */
  readonly certificates: Certificate[] = [];
  /** Requests of which nothing is awaited any more. */
  readonly timings: RequestTrace[] = [];
  readonly #work: (() => void)[] = [];
  readonly #last: (() => void)[] = [];
  #next = 0;

  constructor(input: Input, sequence = 0) {
    this.input = input;
    this.sequence = sequence;
  }

  /** Work caused by work waits its turn, so that each step finishes before the next begins. */
  later(work: () => void): void {
    this.#work.push(work);
  }

  alarm(name: AlarmName, text: string, cloid?: Cloid): void {
    this.alarms.push({ name, text, ...(cloid === undefined ? {} : { cloid }) });
  }

  /** Work for when nothing else is left to be done. */
  lastly(work: () => void): void {
    this.#last.push(work);
  }

  /** Runs all work to the end. A throw is told to `failed` and ends its own work only. */
  complete(failed: (error: unknown) => void): void {
    for (let work = this.#take(); work !== undefined; work = this.#take()) safely(work, failed);
  }

  get isComplete(): boolean {
    return this.#next >= this.#work.length && this.#last.length === 0;
  }

  #take(): (() => void) | undefined {
    const work = this.#work[this.#next];
    if (work === undefined) return this.#last.shift();
    this.#next += 1;
    return work;
  }
}
