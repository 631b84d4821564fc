import type { Engine, OrderHandle } from "@cloister/engine";
import { memoryJournal } from "@cloister/journal";
import { type Journal, type PlaceSpec, seededRandom, type Tick } from "@cloister/model";
import type { Faults, TruthAccount, TruthOrder } from "@cloister/simulator";
import { expect } from "vitest";
import { ACCOUNT, OTHER, settle, type World } from "../world.ts";
import { type Story as Told, story as toldStory, until as untilHolds } from "./told.fixture.ts";

export const BID = { coin: "BTC", side: "buy", price: "50000", size: "0.002", tif: "Gtc" } as const;

/** Nobody is asked there: the wire is in memory. */
export const NETWORK = {
  http: "http://127.0.0.1:1",
  ws: "ws://127.0.0.1:1/ws",
  signatures: "mainnet",
} as const;

/** The record of another process: its orders carry another mark than ours. */
export function foreignJournal(): Journal {
  return memoryJournal({ mark: "0feeb1e5" });
}

/** What the exchange said on the account's wire, whatever became of it on the way. */
export type Said = {
  /** Of a frame its channel, of an answer its path. */
  readonly channel: string;
  readonly text: string;
};

export type Story = Told & {
  /** Trades against the account, and suffers nothing itself. */
  readonly rival: Engine;
  readonly ticks: readonly Tick[];
  readonly said: readonly Said[];
};

export type StoryTerms = Omit<NonNullable<Parameters<typeof toldStory>[0]>, "meddle">;

/** An engine that suffers the faults on a wire of 5 ms, and a rival; it begins when 3 s have passed. */
export async function story(terms: StoryTerms = {}): Promise<Story> {
  const said: Said[] = [];
  const all = await toldStory({ ...terms, meddle: overheard(said) });
  const { clock, engine, engineFor, exchange } = all;
  const ticks: Tick[] = [];
  engine.ticks$.subscribe((tick) => ticks.push(tick));
  const more = { random: seededRandom(3), limits: {} };
  const rival = await engineFor(OTHER, more, exchange.wire({ latencyMs: 5 }));
  clock.advanceTo(3_000);
  return { ...all, rival, ticks, said };
}

/** A note of all that the exchange said; what becomes of it is the plan's. */
function overheard(said: Said[]): Pick<Faults, "frame" | "answer"> {
  return {
    frame: ({ channel, text }) => {
      said.push({ channel, text });
      return "deliver";
    },
    answer: ({ path, request, body }) => {
      said.push({ channel: path, text: `${request}${body}` });
      return "deliver";
    },
  };
}

/** How often the exchange said something that holds all of these parts, on a channel or a path. */
export function timesSaid({ said }: Story, channel: string, ...parts: readonly string[]): number {
  const holds = (text: string): boolean => parts.every((part) => text.includes(part));
  return said.filter((one) => one.channel === channel && holds(one.text)).length;
}

/** The exchange's books of the account. */
export function truthOf({ exchange }: World, account = ACCOUNT): TruthAccount {
  const [books] = exchange.truth(account).accounts;
  if (books === undefined) throw new Error(`${account} is no account`);
  return books;
}

/** What the exchange has of an order: every leg of it, oldest first. */
export function legsOf(all: World, { cloid }: { readonly cloid: string }): readonly TruthOrder[] {
  return truthOf(all).orders.filter((order) => order.cloid === cloid);
}

/** The actions that the account sent, by type, oldest first: also those that were lost on their way. */
export function requestsOf(all: World): readonly string[] {
  return truthOf(all).requests.map(({ type }) => type);
}

export function alarmed({ alarms }: Story): readonly string[] {
  return alarms.map(({ name }) => name);
}

/** The path of an order: each state it came to, and what moved it there: "resting by venue.accepted". */
export function pathOf({ ticks }: Story, { cloid }: OrderHandle): readonly string[] {
  return ticks
    .flatMap(({ changes }) => changes)
    .filter(
      (change) => change.cloid === cloid && change.from !== change.to && change.to !== "reaped",
    )
    .map(({ to, evidence }) => `${to} by ${evidence.type}${sourceOf(evidence)}`);
}

function sourceOf(evidence: object): string {
  return "source" in evidence ? ` (${String(evidence.source)})` : "";
}

/** Steps on until it holds, for a minute at most. */
export function until({ clock }: World, holds: () => boolean): void {
  untilHolds(clock, holds);
}

/** Lets the promises that are due say what they have to say, and tells whether this one has. */
export async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  return settled;
}

/** An order of ours that the exchange has answered and the streams have told of. */
export async function placed(all: Story, terms: Partial<PlaceSpec> = {}): Promise<OrderHandle> {
  const order = all.engine.place({ ...BID, ...terms });
  await settle(all.clock, order.acknowledged);
  all.clock.advanceBy(300);
  return order;
}

/** The rival rests an order. */
export async function quote(all: Story, terms: Partial<PlaceSpec> = {}): Promise<OrderHandle> {
  const order = all.rival.place({ ...BID, side: "sell", tif: "Alo", ...terms });
  await settle(all.clock, order.acknowledged);
  return order;
}

/** The rival trades against our bid; by default at its price. */
export async function hit(all: Story, size: string, terms: Partial<PlaceSpec> = {}): Promise<void> {
  const order = all.rival.place({ ...BID, side: "sell", tif: "Ioc", size, ...terms });
  expect(await settle(all.clock, order.closed)).toMatchObject({ state: "filled", filled: size });
}
