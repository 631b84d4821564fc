import type { Address, Market, Start, Venue } from "@cloister/model";

/** A venue to which nothing is sent and that answers nothing: what it said is in the records. */
export class MutedVenue implements Venue {
  readonly name: string;
  readonly account: Address;

  constructor({ venue, account }: Pick<Start, "venue" | "account">) {
    this.name = venue;
    this.account = account;
  }

  async open(): Promise<void> {}

  market(): Market | undefined {
    return undefined;
  }

  markets(): readonly Market[] {
    return [];
  }

  nextNonce(): number {
    return 0;
  }

  raiseNonce(): void {}

  sign(): void {}

  write(): void {}

  read(): void {}

  distrust(): void {}

  close(): void {}
}
