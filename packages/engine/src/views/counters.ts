/** What is counted and nothing else: no trace but a number. */
export const COUNTERS = {
  inputs: "Inputs taken.",
  refusedSpecs: "Commands that broke a static rule; nothing was sent.",
  ignored: "Facts that are of no use here, with a reason.",
  unrecognized: "Frames or answers that were not understood.",
  subscriberFailures: "Times a subscriber threw; each text is alarmed once.",
  failures: "Inputs on which a step of ours threw.",
  doubts: "Places and modifies that became doubtful.",
  doubtsEnded: "Doubts that ended by proof; `doubts$` says by which means, and after how long.",
  fillKeysForgotten:
    "Fills that were forgotten before their window was read whole: told late, they are not booked.",
  tombstonesForgotten: "Ended orders that no longer answer late events.",
  youngTombstonesForgotten: "Those of them that had left the book less than a day before.",
} as const;

export type CounterName = keyof typeof COUNTERS;

export class Counters {
  readonly #counts: { [name in CounterName]: number } = {
    inputs: 0,
    refusedSpecs: 0,
    ignored: 0,
    unrecognized: 0,
    subscriberFailures: 0,
    failures: 0,
    doubts: 0,
    doubtsEnded: 0,
    fillKeysForgotten: 0,
    tombstonesForgotten: 0,
    youngTombstonesForgotten: 0,
  };

  add(name: CounterName): void {
    this.#counts[name] += 1;
  }

  read(): Readonly<Record<CounterName, number>> {
    return { ...this.#counts };
  }
}
