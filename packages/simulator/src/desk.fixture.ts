import {
  type Address,
  ManualClock,
  parseAddress,
  seededRandom,
  type Wire,
  type WireSocket,
} from "@cloister/model";
import { readEnvelope } from "./actions/envelope.ts";
import { actionHash, type Network, signingDigest } from "./auth/digest.ts";
import { recoverByLookup } from "./auth/recover.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import { isObject, type JsonObject } from "./json.ts";
import { lookupSignature } from "./keys.ts";
import type { MemoryWire, WireOptions } from "./doors/memory-wire.ts";
import type { ExchangeOptions } from "./options.ts";

/** A small client on virtual time, for the tests of this room. */
export const ALICE = parseAddress("0x1111111111111111111111111111111111111111");
export const BOB = parseAddress("0x2222222222222222222222222222222222222222");

/** An exchange with two rich accounts, empty books and a block every 80 ms. */
export function openExchange(options: Partial<ExchangeOptions> = {}): {
  clock: ManualClock;
  exchange: Exchange;
} {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(7),
    accounts: [ALICE, BOB].map((address) => ({
      address,
      deposit: "1000000",
      spot: { USDC: "10000", PURR: "1000" },
    })),
    crowd: false,
    recover: recoverByLookup,
    ...options,
  });
  return { clock, exchange };
}

export type SignTerms = {
  readonly nonce: number;
  readonly vault?: string;
  readonly expiresAfter?: number;
  readonly network?: Network;
};

/** The envelope of an action, signed for the lookup. */
export function signedEnvelope(user: string, action: object, terms: SignTerms): object {
  const bare = {
    action,
    nonce: terms.nonce,
    signature: { r: "0x1", s: "0x1", v: 27 },
    vaultAddress: terms.vault ?? null,
    expiresAfter: terms.expiresAfter ?? null,
  };
  const envelope = readEnvelope(bare);
  if (envelope === undefined || "notSimulated" in envelope) return bare;
  const digest =
    envelope.userSigned?.digest ??
    signingDigest(actionHash(envelope.canonical, envelope), terms.network ?? "mainnet");
  return { ...bare, signature: lookupSignature(user, digest) };
}

/** One user at one wire: keeps every frame it was sent. */
export class Desk {
  readonly user: Address;
  readonly clock: ManualClock;
  readonly wire: MemoryWire;
  readonly socket: WireSocket;
  readonly frames: JsonObject[] = [];
  readonly texts: string[] = [];
  readonly closes: number[] = [];
  #posts = 0;
  #nonce = 0;

  constructor(
    at: { clock: ManualClock; exchange: Exchange },
    user: Address,
    options: WireOptions = {},
  ) {
    this.user = user;
    this.clock = at.clock;
    this.wire = at.exchange.wire(options);
    this.socket = this.wire.connect("private", {
      opened: () => {},
      received: (text) => this.#receive(text),
      closed: (code) => this.closes.push(code),
    });
    this.clock.advanceBy(1);
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    this.clock.advanceBy(1);
  }

  subscribe(subscription: object): void {
    this.send({ method: "subscribe", subscription });
  }

  /** Posts an action without waiting; gives the id of the post. */
  post(action: object, terms: Partial<SignTerms> & { as?: string } = {}): number {
    this.#posts += 1;
    this.#nonce = Math.max(this.#nonce + 1, this.clock.wallMs());
    const payload = signedEnvelope(terms.as ?? this.user, action, { nonce: this.#nonce, ...terms });
    this.send({ method: "post", id: this.#posts, request: { type: "action", payload } });
    return this.#posts;
  }

  /** Posts an action, lets a block pass and gives the answer's payload. */
  act(action: object, terms: Partial<SignTerms> & { as?: string } = {}): unknown {
    const id = this.post(action, terms);
    this.pass();
    return this.answer(id);
  }

  /** Posts one order and gives its status. */
  place(order: object): unknown {
    return this.statuses({ type: "order", orders: [order], grouping: "na" })[0];
  }

  statuses(action: object): readonly unknown[] {
    const payload = this.act(action);
    const response = isObject(payload) ? payload["response"] : undefined;
    const data = isObject(response) ? response["data"] : undefined;
    const statuses = isObject(data) ? data["statuses"] : undefined;
    return Array.isArray(statuses) ? statuses : [payload];
  }

  /** The payload that answered a post, if one did. */
  answer(id: number): unknown {
    for (const frame of this.frames) {
      const data = frame["data"];
      if (frame["channel"] !== "post" || !isObject(data) || data["id"] !== id) continue;
      const response = data["response"];
      return isObject(response) ? response["payload"] : undefined;
    }
    return undefined;
  }

  /** A read over HTTP. */
  info(request: object): unknown {
    const answer = ask(this.wire, this.clock, { path: "/info", body: JSON.stringify(request) });
    return JSON.parse(answer.body);
  }

  http(path: "/info" | "/exchange", body: string): { status: number; body: string } {
    return ask(this.wire, this.clock, { path, body });
  }

  /** The data of every frame of a channel, in order. */
  heard(channel: string): unknown[] {
    return this.frames
      .filter((frame) => frame["channel"] === channel)
      .map((frame) => frame["data"]);
  }

  /** Lets a block pass. */
  pass(blocks = 1): void {
    this.clock.advanceBy(80 * blocks);
  }

  forget(): void {
    this.frames.length = 0;
  }

  #receive(text: string): void {
    this.texts.push(text);
    const frame: unknown = JSON.parse(text);
    if (isObject(frame)) this.frames.push(frame);
  }
}

function ask(
  wire: Wire,
  clock: ManualClock,
  request: { path: "/info" | "/exchange"; body: string },
): { status: number; body: string } {
  let got = { status: 0, body: '"no answer"' };
  wire.request({ ...request, timeoutMs: 5_000 }, (answer) => {
    if (answer.kind === "answered") got = { status: answer.status, body: answer.body };
  });
  clock.advanceBy(160);
  return got;
}

/** An order of an action, short to write. */
export function limit(terms: {
  a?: number;
  b: boolean;
  p: string;
  s: string;
  tif?: string;
  r?: boolean;
  c?: string;
}): object {
  return {
    a: terms.a ?? 0,
    b: terms.b,
    p: terms.p,
    s: terms.s,
    r: terms.r ?? false,
    t: { limit: { tif: terms.tif ?? "Gtc" } },
    ...(terms.c === undefined ? {} : { c: terms.c }),
  };
}
