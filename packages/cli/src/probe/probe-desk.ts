import { signedText, type WireAction } from "@cloister/hyperliquid";
import {
  type Address,
  type Cloid,
  type CloidMark,
  makeCloid,
  type Random,
  type Signer,
} from "@cloister/model";
import { type Answer, toldOf } from "./answer.ts";
import { fieldOf, listOf, textOf } from "./json.ts";
import { farPrice, type ProbeMarket, sizeWorth } from "./market.ts";
import { ProbeTrouble } from "./trouble.ts";
import type { Frame, VenueLine } from "./venue-line.ts";

export type DeskTerms = {
  readonly line: VenueLine;
  readonly place: ProbeMarket;
  readonly account: string;
  readonly signer: Signer;
  readonly network: "mainnet" | "testnet";
  readonly random: Random;
  readonly mark: CloidMark;
};

/** One order in few words; what is left out is far from the market, tiny and post-only. */
export type Wanted = {
  readonly side?: "buy" | "sell";
  readonly price?: string;
  readonly size?: string;
  readonly tif?: "Alo" | "Gtc" | "Ioc";
  readonly reduceOnly?: boolean;
  readonly cloid?: Cloid;
};

type WireOrder = WireAction[string];

export type ActTerms = {
  readonly nonce?: number;
  readonly expiresAfter?: number;
  readonly vault?: Address;
};

/** An order that rests. */
export type Resting = { readonly oid: number; readonly cloid: Cloid; readonly nonce: number };

/** What `orderStatus` says; undefined while it knows no such order. */
export type Record = {
  readonly status: string;
  readonly oid: number;
  readonly cloid: string | undefined;
};

/** How long a look waits for what the venue tells a moment later. */
const SOON_MS = 3_000;
const LOOK_MS = 150;

/** What probes do at the venue. Every order carries the mark, so that the sweep finds it whatever became of the answer. */
export class ProbeDesk {
  readonly #terms: DeskTerms;
  /** Actions whose answer never came: they may run later. */
  readonly unanswered: number[] = [];
  #isStopped = false;

  constructor(terms: DeskTerms) {
    this.#terms = terms;
  }

  get line(): VenueLine {
    return this.#terms.line;
  }

  get place(): ProbeMarket {
    return this.#terms.place;
  }

  get account(): string {
    return this.#terms.account;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** From now on nothing is begun any more: what is under way fails. */
  stop(): void {
    this.#isStopped = true;
  }

  nonce(): number {
    return this.#terms.signer.nextNonce(this.line.wallMs);
  }

  cloid(): Cloid {
    return makeCloid(this.#terms.mark, this.#terms.random);
  }

  order(wanted: Wanted = {}): WireOrder {
    const { side = "buy", tif = "Alo", reduceOnly = false } = wanted;
    return {
      a: this.place.asset,
      b: side === "buy",
      p: wanted.price ?? farPrice(this.place, side),
      s: wanted.size ?? sizeWorth(this.place, farPrice(this.place, "buy")),
      r: reduceOnly,
      t: { limit: { tif } },
      c: wanted.cloid ?? this.cloid(),
    };
  }

  /** Signs and sends an action by REST. @throws ProbeTrouble without an answer */
  async act(action: WireAction, terms: ActTerms = {}): Promise<Answer> {
    if (this.#isStopped) throw new ProbeTrouble("stopped");
    const nonce = terms.nonce ?? this.nonce();
    return this.send(await this.sign(action, { ...terms, nonce }), nonce);
  }

  sign(action: WireAction, terms: ActTerms & { readonly nonce: number }): Promise<string> {
    const { signer, network } = this.#terms;
    return signedText(action, { ...terms, signer, network });
  }

  /** Sends signed bytes, maybe again. */
  async send(body: string, nonce: number): Promise<Answer> {
    if (this.#isStopped) throw new ProbeTrouble("stopped");
    try {
      return await this.line.exchange(body);
    } catch (error) {
      this.unanswered.push(nonce);
      throw error;
    }
  }

  noop(nonce: number, more: ActTerms = {}): Promise<Answer> {
    return this.act({ type: "noop" }, { ...more, nonce });
  }

  /** Places orders in one action. */
  placed(orders: readonly WireOrder[], terms: ActTerms = {}): Promise<Answer> {
    return this.act({ type: "order", orders, grouping: "na" }, terms);
  }

  /** Places one order that must rest. @throws ProbeTrouble when it does not */
  async rest(wanted: Wanted = {}): Promise<Resting> {
    const cloid = wanted.cloid ?? this.cloid();
    const nonce = this.nonce();
    const answer = await this.placed([this.order({ ...wanted, cloid })], { nonce });
    const [told] = answer.elements;
    if (told?.kind === "resting") return { oid: told.oid, cloid, nonce };
    throw new ProbeTrouble(`an order far from the market did not rest: ${toldOf(answer)}`);
  }

  /** Replaces an order, as the engine does: one element, the oid as its target. */
  modify(oid: number, wanted: Wanted): Promise<Answer> {
    return this.act({ type: "batchModify", modifies: [{ oid, order: this.order(wanted) }] });
  }

  cancel(...oids: readonly number[]): Promise<Answer> {
    const cancels = oids.map((o) => ({ a: this.place.asset, o }));
    return this.act({ type: "cancel", cancels });
  }

  /** The venue's record by oid or cloid, asked once. */
  async record(key: number | string): Promise<Record | undefined> {
    if (this.#isStopped) throw new ProbeTrouble("stopped");
    const request = { type: "orderStatus", user: this.account, oid: key };
    const answer = await this.line.info(request, { isNews: true });
    const outer = fieldOf(answer, "order");
    const order = fieldOf(outer, "order");
    const [oid, cloid] = [fieldOf(order, "oid"), fieldOf(order, "cloid")];
    if (typeof oid !== "number") return undefined;
    const status = textOf(fieldOf(outer, "status"));
    return { status, oid, cloid: typeof cloid === "string" ? cloid : undefined };
  }

  /** The record, asked again for a while where the venue does not know it yet. */
  async settledRecord(key: number | string, withinMs = SOON_MS): Promise<Record | undefined> {
    const untilMs = this.line.nowMs + withinMs;
    for (;;) {
      const record = await this.record(key);
      if (record !== undefined || this.line.nowMs >= untilMs) return record;
      await this.line.rest(LOOK_MS);
    }
  }

  /** Rows of the account's open orders on the first dex. */
  async openOrders(): Promise<readonly unknown[]> {
    const request = { type: "frontendOpenOrders", user: this.account, dex: "" };
    return listOf(await this.line.info(request));
  }

  /** The elements of `orderUpdates` for these oids, each with the number of its message; from a frame on. */
  updates(oids: readonly number[], from = 0): readonly Update[] {
    return this.line.frames
      .slice(from)
      .flatMap((frame, message) => updatesOf(frame, message))
      .filter(({ oid }) => oids.includes(oid));
  }

  /** The first element of an oid that has this status, within a while. */
  update(oid: number, status: string, from = 0): Promise<Update | undefined> {
    return this.line.until(
      () => this.updates([oid], from).find((update) => update.status === status),
      SOON_MS,
    );
  }
}

/** One element of `orderUpdates`. */
export type Update = {
  readonly message: number;
  readonly oid: number;
  readonly status: string;
  readonly size: string;
};

function updatesOf({ channel, data }: Frame, message: number): readonly Update[] {
  if (channel !== "orderUpdates") return [];
  return listOf(data).flatMap((element) => {
    const order = fieldOf(element, "order");
    const oid = fieldOf(order, "oid");
    if (typeof oid !== "number") return [];
    const status = textOf(fieldOf(element, "status"));
    return [{ message, oid, status, size: textOf(fieldOf(order, "sz")) }];
  });
}
