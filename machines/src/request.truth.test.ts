import {
  isLive,
  type Mouth,
  type Oid,
  type OrderEvent,
  parseCloid,
  parseDecimal,
  parseOid,
  type Query,
  seededRandom,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALO } from "./order.evidence.fixture.ts";
import { newOrder, type OrderFacts } from "./order.facts.ts";
import { learn as learnOrder } from "./order.learn.ts";
import { judge as judgeOrder } from "./order.state.ts";
import type { NoopOutcome, RequestEvent, Verdict } from "./request.events.ts";
import { openRequest, type RequestFacts } from "./request.facts.ts";
import { learn } from "./request.learn.ts";
import { isLanded, judge } from "./request.state.ts";
import {
  eventOfDeadline,
  openingWants,
  type RequestDeadline,
  type RequestWish,
  wants,
} from "./request.wants.ts";

/**
 * A venue of blocks, whose reads lag: an order's status is unknown for up to `settleMs` after it landed, lists are a
 * block old. Its answers get lost, come late, come twice; REST may repeat a post; a foreign user may spend the nonce;
 * the process may start anew with a younger clock. The request drives, and its orders hear what it tells them.
 */
type Weather = { readonly calm: boolean; readonly foreign: boolean; readonly repeats: boolean };

const EPOCH = 1_700_000_000_000;
const BLOCK_MS = 100;
const STATUS_LAG_MS = 1_990;
const EXPIRES_MS = 10_000;
const GIVEN_UP_MS = 150_000;
const TARGET = parseOid(400);
/** A leg of the modified order that ended before. */
const DEAD = parseOid(405);
const REJECTED = parseOid(499);
const CLOIDS = ["a1", "b2", "c3", "d4"].map((end) => parseCloid(`0x${end.padStart(32, "0")}`));

type Leg = { readonly oid: Oid; readonly at: number; readonly landedMs: number; endedMs: number };
type Job = {
  readonly dueMs: number;
  readonly order: number;
  readonly life: number | undefined;
  readonly run: () => void;
};
type Timeless<Event> = Event extends unknown ? Omit<Event, "atMs"> : never;

/** What the venue says to bytes that reach it. */
type Arrival = "spent" | "expired" | "turnedAway" | readonly (Verdict | null)[];

class Sea {
  nowMs = 500_000;
  facts: RequestFacts;
  readonly orders: OrderFacts[];
  readonly legs: (Leg | undefined)[];
  readonly told: { readonly child: number; readonly event: OrderEvent }[] = [];
  writes = 0;
  releases = 0;
  looks = 0;
  endedMs: number | undefined;
  readonly #random: () => number;
  readonly #weather: Weather;
  readonly #startMs = this.nowMs;
  #bornMs = 0;
  #life = 0;
  #seen = EPOCH + this.nowMs - 3_000;
  #nonceSpent = false;
  #rejection: { readonly oid: Oid; readonly at: number } | undefined;
  #copies = 0;
  readonly #jobs: Job[] = [];
  #order = 0;
  #timers = new Map<RequestDeadline, number>();

  constructor(seed: number, weather: Weather) {
    this.#random = seededRandom(seed).next;
    this.#weather = weather;
    const isModify = this.#chance(0.35);
    const children = isModify
      ? [{ cloid: parseCloid(CLOIDS[0]), oid: TARGET, beyond: DEAD, size: parseDecimal("1") }]
      : CLOIDS.slice(0, 1 + Math.floor(this.#random() * 4)).map((cloid) => ({ cloid }));
    const policy = this.#chance(0.3) ? "land" : "withdraw";
    this.facts = openRequest({
      id: 3,
      kind: isModify ? "modify" : "place",
      children,
      commandMs: this.#monotonic(),
      policy,
    });
    this.legs = children.map(() => undefined);
    this.orders = children.map(({ cloid }) => newOrder({ cloid, terms: ALO }));
    if (isModify) {
      const at = EPOCH;
      this.#hearFirst({ type: "request.sent", at });
      this.#hearFirst({ type: "venue.accepted", oid: TARGET, at, source: "answer" });
    }
    this.#perform(openingWants(this.facts));
  }

  run(): void {
    this.#later(this.#chance(0.9) ? 5 : 800, () => this.#send({ type: "slot.granted" }));
    if (this.#weather.foreign) {
      this.#atVenue(this.#random() * 2_000, () => (this.#nonceSpent = true));
    }
    const troubles = ["connection.lost", "command.withdraw", "halted"] as const;
    for (const type of troubles) {
      if (this.#chance(0.12)) this.#later(this.#random() * 12_000, () => this.#send({ type }));
    }
    if (this.#chance(0.2)) this.#atVenue(this.#random() * 12_000, () => this.#restart());
    while (this.#jobs.length > 0 && this.nowMs < this.#startMs + GIVEN_UP_MS) this.#step();
  }

  #step(): void {
    this.#jobs.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    const job = this.#jobs.shift();
    if (job === undefined) return;
    this.nowMs = Math.max(this.nowMs, job.dueMs);
    if (job.life === undefined || job.life === this.#life) job.run();
    if (this.facts.ended !== undefined) this.endedMs ??= this.nowMs - this.#startMs;
  }

  /** The process starts anew: its timers are gone, what was on its way to it is lost, its clock is young. */
  #restart(): void {
    if (this.facts.ended !== undefined) return;
    this.#life += 1;
    this.#bornMs = this.nowMs - 10;
    this.#timers = new Map();
    this.facts = JSON.parse(JSON.stringify(this.facts));
    this.#send({ type: "engine.restarted" });
  }

  #send(news: Timeless<RequestEvent>): void {
    const event: RequestEvent = { ...news, atMs: this.#monotonic() };
    const before = this.facts;
    this.facts = learn(before, event);
    expect(learn(this.facts, event).ended).toBe(this.facts.ended);
    this.#perform(wants(before, event, this.facts));
    this.#check(event);
  }

  #check(event: RequestEvent): void {
    for (const [index, leg] of this.legs.entries()) {
      const order = this.orders[index];
      if (leg === undefined || order === undefined || leg.endedMs <= this.nowMs) continue;
      const { state } = judgeOrder(order);
      expect(isLive(state), `${event.type}: ${state} while leg ${leg.oid} lives`).toBe(true);
    }
  }

  #perform(wishes: readonly RequestWish[]): void {
    for (const wish of wishes) this.#performOne(wish);
  }

  #performOne(wish: RequestWish): void {
    switch (wish.type) {
      case "sign":
        return this.#later(this.#random() * 50, () => this.#signed());
      case "write":
        return this.#write(wish.mouth);
      case "withdraw":
        return this.#withdraw();
      case "look":
        return this.#look(wish.children, wish.query);
      case "askTime":
        return this.#later(this.#latency(), () => this.#see());
      case "arm":
        return this.#arm(wish.deadline, wish.delayMs);
      case "disarm":
        return void this.#timers.delete(wish.deadline);
      case "release":
        this.releases += 1;
        return undefined;
      case "tell":
        this.told.push({ child: wish.child, event: wish.event });
        return this.#hear(wish.child, wish.event);
      case "forget":
      case "raiseNonce":
      case "alarm":
        return undefined;
    }
  }

  #signed(): void {
    const expiresAfter = this.#seen + EXPIRES_MS;
    const gate = this.#chance(0.97);
    this.#send({ type: "request.signed", gate, nonce: 7, venueTime: this.#seen, expiresAfter });
  }

  #write(mouth: Mouth): void {
    expect(this.facts.ended).toBeUndefined();
    expect(this.facts.noops, "never after a noop").toEqual([]);
    this.writes += 1;
    this.#copies += 1;
    const copy = this.#copies;
    this.#send({ type: "copy.written", copy, mouth, venueTime: this.#seen });
    if (this.#chance(0.08)) {
      const gate = this.#chance(0.7);
      return this.#later(this.#latency(), () =>
        this.#send({ type: "send.failed", copy, of: "copy", written: "never", gate }),
      );
    }
    if (this.#chance(0.1)) {
      this.#later(this.#latency(), () =>
        this.#send({ type: "send.failed", copy, of: "copy", written: "maybe", gate: true }),
      );
    }
    if (!this.#weather.calm && this.#chance(0.2)) return undefined;
    // A proxy may post it again, before or after: one of the answers comes back.
    const repeats = mouth === "rest" && this.#weather.repeats && this.#chance(0.5);
    if (repeats) this.#atVenue(this.#transit(), () => this.#arrive());
    return this.#atVenue(this.#transit(), () => this.#answer(copy, mouth, this.#arrive()));
  }

  /** The bytes reach the venue. */
  #arrive(): Arrival {
    if (this.#chance(0.1)) return "turnedAway";
    if (this.#nonceSpent) return "spent";
    this.#nonceSpent = true;
    const { expiresAfter } = this.facts;
    if (expiresAfter !== undefined && this.#block() > expiresAfter) return "expired";
    const isGarbled = this.#chance(0.15);
    return this.legs.map((_, child) => {
      const verdict = this.#execute(child);
      return isGarbled && this.#chance(0.6) ? null : verdict;
    });
  }

  #execute(child: number): Verdict {
    if (this.#chance(0.2)) {
      this.#rejection = { oid: REJECTED, at: this.#block() };
      return { kind: "refused", cause: "margin", text: "margin" };
    }
    const endedMs = this.#chance(0.3)
      ? this.nowMs + this.#random() * 4_000
      : Number.POSITIVE_INFINITY;
    const leg = { oid: parseOid(500 + child), at: this.#block(), landedMs: this.nowMs, endedMs };
    this.legs[child] = leg;
    const { oid, at } = leg;
    if (this.#chance(0.4)) {
      this.#later(this.#latency(), () => {
        this.#hear(child, { type: "venue.accepted", oid, at, source: "orderUpdates" });
        this.#send({ type: "child.landed", child, oid, at });
      });
    }
    return { kind: "accepted", oid, at };
  }

  #answer(copy: number, mouth: Mouth, said: Arrival): void {
    if (this.#chance(0.3)) return;
    const times = this.#chance(0.1) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#later(this.#latency(), () => this.#send(answerOf(copy, mouth, said)));
    }
  }

  #withdraw(): void {
    this.#later(this.#random() * 20, () => {
      this.#copies += 1;
      const copy = this.#copies;
      this.#send({ type: "noop.written", copy });
      const says = (outcome: NoopOutcome): void =>
        this.#later(this.#latency(), () => this.#send({ type: "noop.answered", copy, outcome }));
      if (!this.#weather.calm && this.#chance(0.15)) return says("lost");
      if (this.#chance(0.1)) return says("notAdmitted");
      return this.#atVenue(this.#transit(), () => {
        const outcome = this.#nonceSpent ? "nonceSpent" : "ok";
        this.#nonceSpent = true;
        // Its answer may be lost, or never come.
        if (this.#weather.calm || this.#chance(0.7)) says(outcome);
        else if (this.#chance(0.5)) says("lost");
      });
    });
  }

  /** A read is answered as of its arrival, less the lag. */
  #look(children: readonly number[], query: Query): void {
    this.looks += 1;
    const begunAt = this.#monotonic();
    this.#atVenue(this.#transit(), () => {
      const seen = this.legs.map((leg) => this.#shows(leg, query.kind));
      const isLost = !this.#weather.calm && this.#chance(0.25);
      this.#later(this.#latency(), () => {
        for (const child of children) {
          if (isLost) this.#send({ type: "look.failed", child });
          else this.#looked(child, { query, begunAt, leg: seen[child] });
        }
      });
    });
  }

  #looked(
    child: number,
    { query, begunAt, leg }: { query: Query; begunAt: number; leg: Leg | undefined },
  ): void {
    if (leg !== undefined) {
      const { oid, at } = leg;
      const event: OrderEvent = { type: "venue.accepted", oid, at, source: "openOrders" };
      if (leg.endedMs > this.nowMs) this.#hear(child, event);
      return this.#send({ type: "look.found", child, oid, at, begunAt });
    }
    if (query.kind === "openOrders" || query.kind === "fills") {
      return this.#send({ type: "look.absent", child, begunAt, what: query.kind });
    }
    if (this.facts.kind === "place") return this.#send({ type: "look.unknownOid", child, begunAt });
    // The cloid finds the latest record of the order: a rejected replacement, or a leg from before.
    const record = this.#rejection;
    if (record !== undefined && this.#chance(0.8)) {
      return this.#send({ type: "look.found", child, ...record, begunAt, rejected: true });
    }
    const oid = this.#chance(0.5) ? DEAD : TARGET;
    return this.#send({ type: "look.found", child, oid, at: EPOCH, begunAt });
  }

  #shows(leg: Leg | undefined, what: Query["kind"]): Leg | undefined {
    if (leg === undefined) return undefined;
    const lagMs = what === "orderStatus" ? this.#random() * STATUS_LAG_MS : BLOCK_MS;
    const hourMs = this.nowMs - lagMs;
    if (hourMs < leg.landedMs) return undefined;
    const hasEnded = leg.endedMs <= hourMs;
    // Records of ended orders are forgotten; their fills are not.
    if (what === "orderStatus") return hasEnded && this.#chance(0.4) ? undefined : leg;
    return (what === "fills") === hasEnded ? leg : undefined;
  }

  #hear(child: number, event: OrderEvent): void {
    const order = this.orders[child];
    if (order !== undefined) this.orders[child] = learnOrder(order, event);
  }

  #hearFirst(event: OrderEvent): void {
    this.#hear(0, event);
  }

  #see(): void {
    this.#seen = Math.max(this.#seen, this.#block());
    this.#send({ type: "expiry.passed", venueTime: this.#seen });
  }

  #arm(deadline: RequestDeadline, delayMs: number): void {
    this.#order += 1;
    const id = this.#order;
    this.#timers.set(deadline, id);
    this.#later(delayMs, () => {
      if (this.#timers.get(deadline) !== id) return;
      this.#timers.delete(deadline);
      const now = { atMs: this.#monotonic(), venueTime: this.#seen };
      this.#send(eventOfDeadline(deadline, now));
    });
  }

  #block(): number {
    return EPOCH + Math.floor(this.nowMs / BLOCK_MS) * BLOCK_MS;
  }

  #monotonic(): number {
    return this.nowMs - this.#bornMs;
  }

  #chance(p: number): boolean {
    return this.#random() < p;
  }

  #transit(): number {
    return this.#random() * (!this.#weather.calm && this.#chance(0.15) ? 8_000 : 150);
  }

  #latency(): number {
    return this.#transit();
  }

  /** In this process: forgotten when it starts anew. */
  #later(delayMs: number, run: () => void): void {
    this.#put(delayMs, run, this.#life);
  }

  #atVenue(delayMs: number, run: () => void): void {
    this.#put(delayMs, run, undefined);
  }

  #put(delayMs: number, run: () => void, life: number | undefined): void {
    this.#order += 1;
    this.#jobs.push({ dueMs: this.nowMs + delayMs, order: this.#order, life, run });
  }
}

function answerOf(copy: number, mouth: Mouth, said: Arrival): Timeless<RequestEvent> {
  if (typeof said !== "string") return { type: "answer.admitted", copy, verdicts: said };
  if (said === "expired") return { type: "answer.expired", copy, text: said };
  if (said === "spent") return { type: "answer.nonceSpent", copy, how: "duplicate", text: said };
  return { type: "answer.notAdmitted", copy, mouth, reason: "throttled", text: said };
}

const VOYAGES = 400;

describe.each([
  { calm: true, foreign: false, repeats: false },
  { calm: true, foreign: true, repeats: true },
  { calm: false, foreign: false, repeats: false },
  { calm: false, foreign: true, repeats: false },
  { calm: false, foreign: false, repeats: true },
])("voyages, calm $calm, foreign nonce $foreign, repeated posts $repeats", (weather) => {
  it("rule 5: no live order is called dead, every doubt ends, each child hears one verdict", () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= VOYAGES; seed += 1) {
      const sea = new Sea(seed, weather);
      try {
        sea.run();
        expectHonest(sea);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      const mostMs = weather.calm ? EXPIRES_MS + 15_000 : GIVEN_UP_MS;
      expect(sea.endedMs, `seed ${seed}`).toBeLessThanOrEqual(mostMs);
      ends.add(sea.facts.ended?.state ?? "");
    }
    expect([...ends].toSorted()).toEqual(["answered", "refused", "settled"]);
  });
});

function expectHonest({ facts, legs, told, writes, releases, looks, orders }: Sea): void {
  expect(facts.ended, `stuck in ${judge(facts).state}`).toBeDefined();
  expect(facts.contradicted).toBe(false);
  expect(releases).toBe(facts.granted ? 1 : 0);
  expect(writes).toBeLessThanOrEqual(2);
  expect(looks).toBeLessThan(100);
  for (const [child, leg] of legs.entries()) {
    const { verdict } = childOf(facts, child);
    expect(isLanded(childOf(facts, child)), JSON.stringify(verdict)).toBe(leg !== undefined);
    const words = told.filter((tell) => tell.child === child).map(({ event }) => event.type);
    const finals = words.filter(
      (word) => word === "proof.neverLanded" || word.startsWith("local."),
    );
    expect(finals.length).toBeLessThanOrEqual(1);
    if (leg !== undefined) expect(finals).toEqual([]);
    const closed = words.filter((word) => word === "modify.closed");
    expect(closed).toHaveLength(facts.kind === "modify" ? 1 : 0);
    const order = orders[child];
    if (order === undefined || facts.kind === "modify") continue;
    if (leg === undefined) expect(isLive(judgeOrder(order).state)).toBe(false);
  }
}

function childOf(facts: RequestFacts, index: number): RequestFacts["children"][number] {
  const child = facts.children[index];
  if (child === undefined) throw new Error(`no child ${index}`);
  return child;
}
