import {
  type Address,
  type Answer,
  type CopyId,
  type Market,
  marketOf,
  type Mouth,
  parseAddress,
  parseCoin,
  type Query,
  type ReadId,
  type Report,
  type SignActionResult,
  type SignedAction,
  type Venue,
  type VenueAction,
  type VenueContext,
  type VenueFact,
  ZERO,
} from "@cloister/model";

export type Written = {
  readonly copy: CopyId;
  readonly mouth: Mouth;
  readonly signed: SignedAction;
  readonly action: VenueAction;
};

/**
 * A venue that does what a test says, for tests of this room: it keeps what was written and asked,
 * and speaks only when it is told to.
 */
export class ScriptedVenue implements Venue {
  readonly name = "scripted";
  readonly account: Address = parseAddress(`0x${"11".repeat(20)}`);
  readonly written: Written[] = [];
  readonly asked: { readonly read: ReadId; readonly query: Query }[] = [];
  /** Answers reads by itself when it gives a report; else they wait in `asked`. */
  answers: (query: Query) => Report | "fail" | undefined = calm;
  /** Answers signing by itself; "never" leaves it open. */
  signs: (action: VenueAction) => "signed" | "failed" | "throws" | "never" = () => "signed";
  /** What becomes of its opening. */
  opens: "live" | "silent" | "fails" = "live";
  /** What the next writes do, instead of being kept. */
  writes: "kept" | "throws" = "kept";
  reads: "asked" | "throws" = "asked";
  /** Signatures that were left open: `done` gives them after all. */
  readonly unsigned: { readonly action: VenueAction; readonly done: () => void }[] = [];
  raised = 0;
  /** Why its streams were given up. */
  readonly distrusted: string[] = [];
  isClosed = false;
  readonly #markets: readonly Market[];
  #context: VenueContext | undefined;
  readonly #reads = new Map<Query["kind"], number>();
  #nonce = 1_000;

  constructor() {
    this.#markets = [
      marketOf({ coin: parseCoin("BTC"), kind: "perp", dex: "", sizeDecimals: 5, delisted: false }),
      marketOf({ coin: parseCoin("ETH"), kind: "perp", dex: "", sizeDecimals: 4, delisted: false }),
      marketOf({ coin: parseCoin("OLD"), kind: "perp", dex: "", sizeDecimals: 1, delisted: true }),
      marketOf({ coin: parseCoin("@1"), kind: "spot", dex: "", sizeDecimals: 2, delisted: false }),
    ];
  }

  open(context: VenueContext): Promise<void> {
    this.#context = context;
    if (this.opens === "fails") return Promise.reject(new Error("no such account"));
    if (this.opens === "live") this.says({ type: "connection.live", epoch: 1 });
    return Promise.resolve();
  }

  market(coin: string): Market | undefined {
    return this.#markets.find((market) => market.coin === coin);
  }

  markets(): readonly Market[] {
    return this.#markets;
  }

  nextNonce(): number {
    this.#nonce += 1;
    return this.#nonce;
  }

  raiseNonce(atLeast: number): void {
    this.raised = atLeast;
  }

  sign(
    action: VenueAction,
    terms: { readonly nonce: number; readonly expiresAfter?: number },
    done: (result: SignActionResult) => void,
  ): void {
    const how = this.signs(action);
    if (how === "throws") throw new Error("the signer is out of order");
    if (how === "failed") done({ kind: "failed", reason: "no key" });
    const signed = { ...terms, payload: JSON.stringify(action) };
    if (how === "signed") done({ kind: "signed", signed });
    if (how === "never") {
      this.unsigned.push({ action, done: () => done({ kind: "signed", signed }) });
    }
  }

  write(copy: CopyId, signed: SignedAction, mouth: Mouth): void {
    if (this.writes === "throws") throw new Error("the pipe broke");
    this.written.push({ copy, mouth, signed, action: JSON.parse(signed.payload) });
  }

  /** How often it was asked for something of this kind. */
  readsOf(kind: Query["kind"]): number {
    return this.#reads.get(kind) ?? 0;
  }

  read(read: ReadId, query: Query): void {
    this.#reads.set(query.kind, this.readsOf(query.kind) + 1);
    if (this.reads === "throws") throw new Error("no way to ask");
    const report = this.answers(query);
    if (report === undefined) this.asked.push({ read, query });
    else if (report === "fail") this.says({ type: "read.failed", read, reason: "scripted" });
    else this.says({ type: "read.answered", read, report });
  }

  /** The connection is made anew, as the real one does it. */
  distrust(reason: string): void {
    this.distrusted.push(reason);
    this.says({ type: "connection.lost", epoch: 1, reason });
  }

  close(): void {
    this.isClosed = true;
  }

  /** One frame with these facts. */
  says(...facts: readonly VenueFact[]): void {
    this.#context?.sink({ facts });
  }

  /** Answers the latest write, or the given one. */
  replies(answer: Answer, written: Written | undefined = this.written.at(-1)): void {
    if (written === undefined) throw new Error("nothing was written");
    this.says({ type: "copy.answered", copy: written.copy, mouth: written.mouth, answer });
  }
}

/** An account without orders, fills and positions, at hour 1. */
export function calm(query: Query): Report {
  switch (query.kind) {
    case "openOrders":
      return { kind: "openOrders", orders: [] };
    case "positions":
      return { kind: "positions", positions: [], at: 1 };
    case "fills":
      return { kind: "fills", fills: [], complete: true };
    case "orderStatus":
      return { kind: "orderStatus" };
    case "budget":
      return { kind: "budget", used: 0, cap: 10_000, surplus: 0, volume: ZERO };
    case "key":
      return { kind: "key", permission: { kind: "own" } };
    case "markets":
      return { kind: "markets", changes: [] };
  }
}
