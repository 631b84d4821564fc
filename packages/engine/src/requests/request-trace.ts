import type {
  Clock,
  Cloid,
  Mouth,
  RequestTiming,
  Source,
  TimedEvidence,
  TimedWrite,
  TimingPoint,
} from "@cloister/model";

type New = {
  readonly request: number;
  readonly kind: RequestTiming["kind"];
  /** What it is about, in the order of its elements. */
  readonly named: readonly { readonly cloid: Cloid }[];
  /** Monotonic ms of the command. */
  readonly commandMs: number;
};

/** When each step of a request was taken for the first time: a few numbers, made into a view when somebody asks. */
export class RequestTrace {
  readonly #about: New;
  readonly #clock: Clock;
  readonly #commandAtMs: number;
  #signed: TimingPoint | undefined;
  #written: TimedWrite | undefined;
  #answered: TimingPoint | undefined;
  #evidence: TimedEvidence | undefined;

  constructor(about: New, clock: Clock) {
    this.#about = about;
    this.#clock = clock;
    this.#commandAtMs = clock.wallMs() - (clock.monotonicMs() - about.commandMs);
  }

  /** Whether it is known what first showed what came of it. */
  get isShown(): boolean {
    return this.#evidence !== undefined;
  }

  signed(atMs: number): void {
    this.#signed ??= this.#point(atMs);
  }

  /** `venueMs`: largest block time seen. */
  written(atMs: number, { mouth, venueMs }: { mouth: Mouth; venueMs: number }): void {
    this.#written ??= { ...this.#point(atMs), mouth, venueMs };
  }

  answered(atMs: number): void {
    this.#answered ??= this.#point(atMs);
  }

  shown(atMs: number, by: Source, venueMs?: number): void {
    this.#evidence ??= { ...this.#point(atMs), by, ...(venueMs === undefined ? {} : { venueMs }) };
  }

  timing(): RequestTiming {
    const { request, kind, named } = this.#about;
    return {
      ...{ request, kind },
      cloids: named.map(({ cloid }) => cloid),
      command: { atMs: this.#commandAtMs, afterMs: 0 },
      ...(this.#signed === undefined ? {} : { signed: this.#signed }),
      ...(this.#written === undefined ? {} : { written: this.#written }),
      ...(this.#answered === undefined ? {} : { answered: this.#answered }),
      ...(this.#evidence === undefined ? {} : { evidence: this.#evidence }),
    };
  }

  #point(atMs: number): TimingPoint {
    return { atMs: this.#clock.wallMs(), afterMs: atMs - this.#about.commandMs };
  }
}
