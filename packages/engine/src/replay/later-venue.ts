import type {
  Address,
  CopyId,
  Market,
  Mouth,
  Query,
  ReadId,
  SignedAction,
  Venue,
} from "@cloister/model";

/**
 * The venue of an engine. Until it begins nothing is sent and nobody is asked: what was sent and said then is in the
 * records.
 */
export class LaterVenue implements Venue {
  readonly name: string;
  readonly account: Address;
  readonly #venue: Venue;
  #hasBegun = false;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.name = venue.name;
    this.account = venue.account;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  open(context: Parameters<Venue["open"]>[0]): Promise<void> {
    return this.#venue.open(context);
  }

  market(coin: string): Market | undefined {
    return this.#venue.market(coin);
  }

  markets(): readonly Market[] {
    return this.#venue.markets();
  }

  nextNonce(): number {
    return this.#hasBegun ? this.#venue.nextNonce() : 0;
  }

  raiseNonce(atLeast: number): void {
    if (this.#hasBegun) this.#venue.raiseNonce(atLeast);
  }

  sign(...job: Parameters<Venue["sign"]>): void {
    if (this.#hasBegun) this.#venue.sign(...job);
  }

  write(copy: CopyId, signed: SignedAction, mouth: Mouth): void {
    if (this.#hasBegun) this.#venue.write(copy, signed, mouth);
  }

  read(read: ReadId, query: Query): void {
    if (this.#hasBegun) this.#venue.read(read, query);
  }

  distrust(reason: string): void {
    if (this.#hasBegun) this.#venue.distrust(reason);
  }

  close(): void {
    this.#venue.close();
  }
}
