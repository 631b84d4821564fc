import {
  type Clock,
  type Coin,
  type Oid,
  type OrderReport,
  type Random,
  SILENT,
  type Venue,
  type VenueAction,
  type VenueFact,
} from "@cloister/model";

type Answered = Extract<VenueFact, { type: "read.answered" | "read.failed" }>;
type Copied = Extract<VenueFact, { type: "copy.answered" | "copy.failed" }>;

/** What became of one request, in a word for a person; undefined when the venue took it. */
export type Trouble = string | undefined;

const TIMEOUT_MS = 15_000;

/** A venue without an engine: one question after the other, by REST. */
export class DirectVenue {
  readonly #venue: Venue;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (fact: Answered | Copied) => void>();
  #last = 0;

  constructor(venue: Venue, clock: Clock) {
    this.#venue = venue;
    this.#clock = clock;
  }

  /** @throws wrongAccount, wrongKey, venueFailed */
  open(random: Random): Promise<void> {
    const sink = ({ facts }: { readonly facts: readonly VenueFact[] }): void => {
      for (const fact of facts) this.#hear(fact);
    };
    return this.#venue.open({ clock: this.#clock, random, logger: SILENT, sink });
  }

  /** Every open order of the account on every dex; in a word why they could not be read. */
  async openOrders(): Promise<readonly OrderReport[] | string> {
    const read = this.#next();
    const fact = await this.#answer(`read ${read}`, () =>
      this.#venue.read(read, { kind: "openOrders" }),
    );
    if (fact === undefined) return "no answer in time";
    if (fact.type === "read.failed" || fact.type === "copy.failed") return fact.reason;
    if (fact.type !== "read.answered") return "not an answer to it";
    const { report } = fact;
    return report.kind === "openOrders" ? report.orders : "not a list of orders";
  }

  /** Cancels these by their oids, in one request. */
  async cancel(targets: readonly { readonly coin: Coin; readonly oid: Oid }[]): Promise<Trouble> {
    const action: VenueAction = { kind: "cancel", targets };
    const nonce = this.#venue.nextNonce();
    const signed = await new Promise<Parameters<Parameters<Venue["sign"]>[2]>[0]>((resolve) => {
      this.#venue.sign(action, { nonce }, resolve);
    });
    if (signed.kind === "failed") return signed.reason;
    const copy = this.#next();
    const fact = await this.#answer(`copy ${copy}`, () =>
      this.#venue.write(copy, signed.signed, "rest"),
    );
    if (fact === undefined) return "no answer in time";
    if (fact.type === "copy.failed") return fact.reason;
    if (fact.type !== "copy.answered") return "no answer to it";
    // What each order came to, the next list shows.
    const { answer } = fact;
    return "text" in answer ? answer.text : undefined;
  }

  close(): void {
    this.#venue.close();
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }

  #answer(key: string, ask: () => void): Promise<Answered | Copied | undefined> {
    return new Promise((resolve) => {
      const end = (fact: Answered | Copied | undefined): void => {
        cancel();
        this.#waiting.delete(key);
        resolve(fact);
      };
      const cancel = this.#clock.after(TIMEOUT_MS, () => end(undefined));
      this.#waiting.set(key, end);
      ask();
    });
  }

  #hear(fact: VenueFact): void {
    if (fact.type === "read.answered" || fact.type === "read.failed") {
      this.#waiting.get(`read ${fact.read}`)?.(fact);
    }
    if (fact.type === "copy.answered" || fact.type === "copy.failed") {
      this.#waiting.get(`copy ${fact.copy}`)?.(fact);
    }
  }
}
