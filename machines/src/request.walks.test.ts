import {
  type Mouth,
  type Oid,
  parseCloid,
  parseDecimal,
  parseOid,
  type Query,
  seededRandom,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
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
 * A venue with a truth, a network that loses, delays and repeats, and a request between them. After `CALM_MS`
 * everything arrives and answers. The request may never call a live order dead, and must come to an end.
 */
type Kind = "plain" | "foreign nonce" | "repeated post";

const VENUE_BASE = 1_000_000;
const CALM_MS = 30_000;
const STUCK_MS = 120_000;
const TARGET = parseOid(400);
const CLOIDS = ["a1", "b2", "c3"].map((end) => parseCloid(`0x${end.padStart(32, "0")}`));

/** What the venue says to bytes that reach it. */
type Arrival = "nonceSpent" | "expired" | "notAdmitted" | readonly (Verdict | null)[];

type Leg = { readonly oid: Oid; readonly at: number; live: boolean };

class World {
  nowMs = 0;
  endedMs = 0;
  nonceSpent = false;
  facts: RequestFacts;
  readonly legs: (Leg | undefined)[];
  writes = 0;
  releases = 0;
  readonly told: string[] = [];
  readonly #todo: { readonly dueMs: number; readonly order: number; readonly run: () => void }[] =
    [];
  readonly #timers = new Map<RequestDeadline, number>();
  readonly #random: () => number;
  readonly #kind: Kind;
  readonly #calmMs: number;
  #order = 0;
  #copies = 0;
  #timerIds = 0;

  constructor(seed: number, kind: Kind, calmMs = CALM_MS) {
    this.#kind = kind;
    this.#calmMs = calmMs;
    this.#random = seededRandom(seed).next;
    const isModify = this.#chance(0.3);
    const size = parseDecimal("1");
    const children = isModify
      ? [{ cloid: parseCloid(CLOIDS[0]), oid: TARGET, size }]
      : CLOIDS.slice(0, 1 + Math.floor(this.#random() * 3)).map((cloid) => ({ cloid }));
    this.facts = openRequest({
      id: seed,
      kind: isModify ? "modify" : "place",
      children,
      commandMs: 0,
      policy: this.#chance(0.3) ? "land" : "withdraw",
    });
    this.legs = children.map(() => undefined);
    this.#perform(openingWants(this.facts));
  }

  walk(): void {
    this.#after(this.#chance(0.9) ? 0 : 2_000, () =>
      this.send({ type: "slot.granted", atMs: this.nowMs }),
    );
    if (this.#kind === "foreign nonce") this.#after(this.#delay(), () => (this.nonceSpent = true));
    for (const type of [
      "connection.lost",
      "engine.restarted",
      "command.withdraw",
      "halted",
    ] as const) {
      if (this.#chance(0.15)) {
        this.#after(this.#delay() * 4, () => this.send({ type, atMs: this.nowMs }));
      }
    }
    while (this.facts.ended === undefined && this.nowMs < STUCK_MS) this.#step();
    this.endedMs = this.nowMs;
    // What is still on its way arrives: nothing that was called dead may land now.
    while (this.#todo.length > 0 && this.nowMs < 2 * STUCK_MS) this.#step();
  }

  send(event: RequestEvent): void {
    const before = this.facts;
    this.facts = learn(before, event);
    this.#perform(wants(before, event, this.facts));
  }

  #step(): void {
    this.#todo.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    const next = this.#todo.shift();
    if (next === undefined) {
      throw new Error(`stuck in ${judge(this.facts).state}: nothing is awaited`);
    }
    this.nowMs = next.dueMs;
    next.run();
  }

  #perform(wishes: readonly RequestWish[]): void {
    for (const wish of wishes) this.#performOne(wish);
  }

  #performOne(wish: RequestWish): void {
    switch (wish.type) {
      case "sign":
        return this.#sign();
      case "write":
        return this.#write(wish.mouth);
      case "withdraw":
        return this.#withdraw();
      case "look":
        return wish.children.forEach((child) => this.#look(child, wish.query.kind));
      case "arm":
        return this.#arm(wish.deadline, wish.delayMs);
      case "disarm":
        this.#timers.delete(wish.deadline);
        return undefined;
      case "release":
        this.releases += 1;
        return undefined;
      case "tell":
        this.told.push(`${wish.child} ${wish.event.type}`);
        return undefined;
      case "askTime":
      case "forget":
      case "raiseNonce":
      case "alarm":
        return undefined;
    }
  }

  #sign(): void {
    if (this.#chance(0.05)) {
      return this.#later(() =>
        this.send({ type: "sign.failed", atMs: this.nowMs, reason: "no key" }),
      );
    }
    const sign = (): void =>
      this.send({
        type: "request.signed",
        atMs: this.nowMs,
        gate: this.#chance(0.95),
        nonce: 7,
        venueTime: this.#venueMs(),
        expiresAfter: VENUE_BASE + 10_000,
      });
    return this.#chance(0.5) ? sign() : this.#after(this.#random() * 900, sign);
  }

  #write(mouth: Mouth): void {
    expect(this.facts.ended).toBeUndefined();
    expect(this.facts.noops).toHaveLength(0);
    this.writes += 1;
    this.#copies += 1;
    const copy = this.#copies;
    this.send({ type: "copy.written", atMs: this.nowMs, copy, mouth, venueTime: this.#venueMs() });
    if (this.#chance(0.1)) return this.#later(() => this.#failSend(copy, "never"));
    if (this.#chance(0.15)) this.#later(() => this.#failSend(copy, "maybe"));
    if (this.#chance(0.2)) return undefined;
    if (this.#kind === "repeated post" && mouth === "rest") {
      this.#after(this.#delay(), () => this.#arrive());
    }
    return this.#after(this.#delay(), () => {
      const answer = this.#arrive();
      if (this.#chance(0.6)) this.#later(() => this.#answer(copy, mouth, answer));
    });
  }

  #failSend(copy: number, written: "never" | "maybe"): void {
    const gate = this.#chance(0.7);
    this.send({ type: "send.failed", atMs: this.nowMs, copy, of: "copy", written, gate });
  }

  /** The bytes reach the venue. */
  #arrive(): Arrival {
    if (this.nonceSpent) return "nonceSpent";
    if (this.#venueMs() > VENUE_BASE + 10_000) {
      this.nonceSpent = true;
      return "expired";
    }
    if (this.#chance(0.15)) return "notAdmitted";
    this.nonceSpent = true;
    return this.legs.map((_, child) => this.#land(child));
  }

  #land(child: number): Verdict | null {
    if (this.#chance(0.2)) return { kind: "refused", cause: "margin", text: "margin" };
    const leg: Leg = { oid: parseOid(500 + child), at: this.#venueMs(), live: true };
    this.legs[child] = leg;
    if (this.#chance(0.4)) {
      const { oid, at } = leg;
      this.#after(this.#delay(), () =>
        this.send({ type: "child.landed", atMs: this.nowMs, child, oid, at }),
      );
    }
    if (this.#chance(0.2)) this.#after(this.#delay(), () => (leg.live = false));
    return this.#chance(0.15) ? null : { kind: "accepted", oid: leg.oid, at: leg.at };
  }

  #answer(copy: number, mouth: Mouth, answer: Arrival): void {
    const on = { atMs: this.nowMs, copy };
    if (this.#chance(0.1)) return this.send({ type: "answer.unknown", ...on, text: "null" });
    if (typeof answer !== "string") {
      return this.send({ type: "answer.admitted", ...on, verdicts: answer });
    }
    if (answer === "expired") return this.send({ type: "answer.expired", ...on, text: "late" });
    if (answer === "nonceSpent") {
      return this.send({ type: "answer.nonceSpent", ...on, how: "duplicate", text: "dup" });
    }
    return this.send({
      type: "answer.notAdmitted",
      ...on,
      mouth,
      reason: "throttled",
      text: "429",
    });
  }

  #withdraw(): void {
    this.#copies += 1;
    const copy = this.#copies;
    this.send({ type: "noop.written", atMs: this.nowMs, copy });
    const answer = (outcome: NoopOutcome): void =>
      this.#later(() => this.send({ type: "noop.answered", atMs: this.nowMs, copy, outcome }));
    if (this.#loses()) return answer("lost");
    if (this.#loses()) return answer("notAdmitted");
    return this.#after(this.#delay(), () => {
      const outcome = this.nonceSpent ? "nonceSpent" : "ok";
      this.nonceSpent = true;
      answer(this.#loses() ? "lost" : outcome);
    });
  }

  /** A read tells the truth of the moment at which it began. */
  #look(child: number, what: Query["kind"]): void {
    const begunAt = this.nowMs;
    const leg = this.legs[child];
    const isForgotten = leg?.live === false && this.#chance(0.3);
    const isSeen = {
      orderStatus: !isForgotten,
      openOrders: leg?.live,
      fills: !leg?.live,
      positions: false,
      budget: false,
      key: false,
      markets: false,
    };
    this.#after(this.#delay() / 4, () => {
      const on = { atMs: this.nowMs, child, begunAt };
      if (this.#loses()) return this.send({ type: "look.failed", atMs: this.nowMs, child });
      if (leg !== undefined && isSeen[what] === true) {
        return this.send({ type: "look.found", ...on, oid: leg.oid, at: leg.at });
      }
      if (what !== "orderStatus") {
        return this.send({
          type: "look.absent",
          ...on,
          what: what === "fills" ? what : "openOrders",
        });
      }
      if (this.facts.kind === "place") return this.send({ type: "look.unknownOid", ...on });
      return this.send({ type: "look.found", ...on, oid: TARGET, at: VENUE_BASE - 5 });
    });
  }

  #arm(deadline: RequestDeadline, delayMs: number): void {
    this.#timerIds += 1;
    const id = this.#timerIds;
    this.#timers.set(deadline, id);
    this.#after(delayMs, () => {
      if (this.#timers.get(deadline) !== id) return;
      this.#timers.delete(deadline);
      this.send(eventOfDeadline(deadline, { atMs: this.nowMs, venueTime: this.#venueMs() }));
    });
  }

  /** The largest block time: it lags behind the hour. */
  #venueMs(): number {
    return VENUE_BASE + Math.floor(this.nowMs / 500) * 500;
  }

  #chance(p: number): boolean {
    return this.#random() < p;
  }

  #loses(): boolean {
    return this.nowMs < this.#calmMs && this.#chance(0.3);
  }

  #delay(): number {
    const isSlow = this.nowMs < this.#calmMs && this.#chance(0.15);
    return this.#random() * (isSlow ? 9_000 : 300);
  }

  #later(run: () => void): void {
    this.#after(this.#delay(), run);
  }

  #after(delayMs: number, run: () => void): void {
    this.#order += 1;
    this.#todo.push({ dueMs: this.nowMs + delayMs, order: this.#order, run });
  }
}

const WALKS = 600;

describe.each<Kind>(["plain", "foreign nonce", "repeated post"])("walks in a world: %s", (kind) => {
  it("situation 8, 9, 12, 14: no live order is read as dead, and every doubt ends", () => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= WALKS; seed += 1) {
      const world = new World(seed, kind);
      world.walk();
      const { ended, children, granted } = world.facts;
      expect(ended, `seed ${seed} is stuck`).toBeDefined();
      for (const [index, child] of children.entries()) {
        const leg = world.legs[index];
        const isTold = child.verdict !== undefined && isLanded(child);
        expect(isTold, `seed ${seed}: child ${index} ${JSON.stringify(child.verdict)}`).toBe(
          leg !== undefined,
        );
      }
      expect(world.facts.contradicted, `seed ${seed}`).toBe(false);
      expect(world.releases, `seed ${seed}`).toBe(granted ? 1 : 0);
      expect(world.writes, `seed ${seed}`).toBeLessThanOrEqual(2);
      const closings = world.told.filter((text) => text.endsWith("modify.closed"));
      expect(closings).toHaveLength(world.facts.kind === "modify" ? 1 : 0);
      const end = `${ended?.state} ${ended?.by ?? ""}`.trim();
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    // The walks are worth something: every way to end was walked.
    const expected = [
      "answered",
      "settled",
      "settled absence",
      "settled noop",
      "refused neverSent",
    ];
    for (const end of expected) expect([...ends.keys()]).toContain(end);
  });
});

it("rule 5: in calm weather every doubt ends within expiresAfter + 15 s", () => {
  for (let seed = 1; seed <= WALKS; seed += 1) {
    const world = new World(seed, "plain", 0);
    world.walk();
    expect(world.endedMs, `seed ${seed}`).toBeLessThanOrEqual(10_000 + 15_000);
  }
});
