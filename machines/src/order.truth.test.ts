import {
  add,
  compare,
  type Decimal,
  formatDecimal,
  isLive,
  type OrderEvent,
  type OrderState,
  type OrderTerms,
  seededRandom,
  ZERO,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import { newOrder, type OrderFacts } from "./order.facts.ts";
import { learn } from "./order.learn.ts";
import { remarks } from "./order.remarks.ts";
import { isModifyOpen, isOver, judge, ledgerOf } from "./order.state.ts";
import {
  absent,
  accepted,
  ALO,
  answered,
  canceled,
  CLOID,
  decimal,
  fill,
  filled,
  IOC,
  ledger,
  modifyClosed,
  modifyOpened,
  REDUCING,
  rejected,
  refused,
  sent,
  shownLeft,
  STOP_LIMIT,
  STOP_MARKET,
  terms,
  triggered,
  waiting,
} from "./order.evidence.fixture.ts";
import { leavesOf, missingOf, worstOf } from "./order.views.ts";

/**
 * A venue that tells the truth, and a network that delays, repeats and loses what it says (fills arrive in the end,
 * and reads tell again what was lost). Whatever the order hears must never claim more than is true.
 */
type TrueLeg = {
  readonly oid: number;
  readonly size: number;
  left: number;
  done: number;
  live: boolean;
  triggered: boolean;
  ended: { word: "filled" | "canceled" | "rejected"; cause: string; at: number } | undefined;
};

/** `after`: it comes only when that has come. */
type Letter = { readonly event: OrderEvent; readonly after?: OrderEvent };

const GTC = terms({ tif: "Gtc" });
const KINDS = { ALO, GTC, IOC, REDUCING, STOP_LIMIT, STOP_MARKET } as const;
/** Sizes are counted in tenths. */
const FULL = 10;

class TruthfulVenue {
  readonly random: () => number;
  readonly terms: OrderTerms;
  readonly legs: TrueLeg[] = [];
  /** On the way to the order. */
  letters: Letter[] = [];
  facts: OrderFacts;
  readonly heard: OrderEvent[] = [];
  readonly marks: string[] = [];
  readonly fills: Extract<OrderEvent, { type: "venue.fill" }>[] = [];
  refusedWith: string | undefined;
  #now = 1_000;
  #oid = 10;
  #tid = 0;
  #modify: { id: number; size: number } | undefined;
  #modifies = 0;
  #taken: OrderEvent | undefined;

  constructor(seed: number, kind: keyof typeof KINDS) {
    this.random = seededRandom(seed).next;
    this.terms = KINDS[kind];
    this.facts = newOrder({ cloid: CLOID, terms: this.terms });
  }

  live(): TrueLeg | undefined {
    return this.legs.findLast((leg) => leg.live);
  }

  /** Lives through it, checking after every piece of news. */
  run(): void {
    this.#hear(sent);
    this.#place();
    for (let step = 0; step < 30; step += 1) {
      const dice = this.random();
      if (dice < 0.4) this.#happens();
      else if (dice < 0.5) this.#read();
      else this.#deliver();
    }
    // Nothing more happens; what is still wanted arrives, and reads tell the rest.
    while (this.letters.length > 0) this.#deliver();
    if (this.#modify !== undefined) this.#answerModify(this.#modify, this.#chance(0.5));
    while (this.letters.length > 0) this.#deliver();
    this.#settle();
  }

  /** A read of the open orders, and one of the fills; their answers travel like all news. */
  #read(): void {
    for (const leg of this.legs) {
      if (leg.live) {
        this.#tell(accepted(leg.oid, { source: "openOrders", size: tenths(leg.size) }));
        this.#tell(shownLeft(leg.oid, tenths(leg.left), this.#now));
      }
    }
    if (this.#chance(0.7)) return;
    for (const event of this.fills) this.#hear(event);
    for (const leg of this.facts.legs) {
      if (leg.real && isOver(this.facts, leg)) this.#hear(ledger(leg.oid, "complete", this.#now));
    }
  }

  #happens(): void {
    this.#now += 10;
    const leg = this.live();
    if (leg === undefined) return;
    const dice = this.random();
    if (!isFiring(this.terms, leg)) return this.#waits(leg, dice);
    if (dice < 0.45) return this.#fill(leg, 1 + Math.floor(this.random() * leg.left));
    if (dice < 0.55) return this.#cancel(leg, this.#chance(0.5) ? "requested" : "margin");
    if (dice < 0.65 && this.terms.reduceOnly) return this.#shrink(leg);
    return this.#movesModify();
  }

  #waits(leg: TrueLeg, dice: number): void {
    if (dice < 0.4) this.#trigger(leg);
    else if (dice < 0.6) this.#cancel(leg, this.#chance(0.5) ? "requested" : "siblingFilled");
  }

  #movesModify(): void {
    if (this.#modify !== undefined) return this.#answerModify(this.#modify, this.#chance(0.6));
    return this.terms.trigger === undefined && this.terms.tif !== "Ioc"
      ? this.#openModify()
      : undefined;
  }

  #place(): void {
    if (this.#chance(0.1)) return this.#refuse();
    const leg = this.#newLeg(FULL);
    const { tif, trigger } = this.terms;
    if (trigger !== undefined) {
      this.#tell(accepted(leg.oid, { at: this.#now, size: "1.0" }));
      this.#taken = this.#chance(0.5)
        ? waiting("trigger")
        : accepted(leg.oid, { ...answered, at: this.#now });
      return this.#tell(this.#taken, true);
    }
    if (tif !== "Ioc") {
      this.#tell(accepted(leg.oid, { at: this.#now, size: "1.0" }));
      if (tif === "Gtc" && this.#chance(0.3)) this.#fill(leg, 1 + Math.floor(this.random() * 9));
      return this.#tell(accepted(leg.oid, { ...answered, at: this.#now }));
    }
    return this.#takeNow(leg);
  }

  #refuse(): void {
    this.#oid += 1;
    const cause = this.terms.tif === "Ioc" && this.#chance(0.5) ? "iocNoMatch" : "margin";
    this.refusedWith = cause;
    if (this.#chance(0.7)) this.#tell(rejected(this.#oid, cause, this.#now));
    this.#tell(refused(cause), true);
  }

  /** An Ioc: what crosses, then it is over. */
  #takeNow(leg: TrueLeg): void {
    this.#tell(accepted(leg.oid, { at: this.#now, size: "1.0" }));
    const size = 1 + Math.floor(this.random() * FULL);
    const parts = this.#chance(0.5) && size > 1 ? [1, size - 1] : [size];
    for (const part of parts) this.#trade(leg, part);
    this.#end(leg, "filled", "");
    this.#tell(filled(leg.oid, { at: this.#now }));
    this.#tell(filled(leg.oid, { total: tenths(leg.done), at: this.#now }));
  }

  #trigger(leg: TrueLeg): void {
    leg.triggered = true;
    this.#tell(triggered(leg.oid, this.#now));
    if (this.terms.trigger?.market !== true) return;
    if (this.#chance(0.2)) {
      this.#end(leg, "rejected", "noLiquidity");
      // It comes long after the answer: a rejection before any acceptance would be another story.
      const event = rejected(leg.oid, "noLiquidity", this.#now);
      return void this.letters.push({ event, ...(this.#taken && { after: this.#taken }) });
    }
    this.#trade(leg, 1 + Math.floor(this.random() * leg.left));
    this.#end(leg, "filled", "");
    return this.#tell(filled(leg.oid, { at: this.#now }));
  }

  #fill(leg: TrueLeg, size: number): void {
    this.#trade(leg, Math.min(size, leg.left));
    if (leg.left > 0) return;
    this.#end(leg, "filled", "");
    this.#tell(filled(leg.oid, { at: this.#now, size: tenths(leg.size) }));
  }

  #trade(leg: TrueLeg, size: number): void {
    this.#tid += 1;
    leg.left -= size;
    leg.done += size;
    const event = fill(leg.oid, this.#tid, { size: tenths(size), at: this.#now });
    if (event.type === "venue.fill") this.fills.push(event);
    this.#tell(event, true);
  }

  #cancel(leg: TrueLeg, cause: "requested" | "margin" | "siblingFilled"): void {
    const { oid, left } = leg;
    this.#end(leg, "canceled", cause);
    const at = this.#now;
    this.#tell(canceled(oid, { at, cause, remaining: tenths(left), size: tenths(leg.size) }));
    if (cause === "requested") this.#tell(canceled(oid, { ...answered, at: at - 5 }));
  }

  #shrink(leg: TrueLeg): void {
    if (leg.left < 2) return;
    leg.left -= 1;
    this.#tell(shownLeft(leg.oid, tenths(leg.left), this.#now));
  }

  #openModify(): void {
    if (!this.facts.legs.some((leg) => leg.real) || isModifyOpen(this.facts)) return;
    this.#modifies += 1;
    const size = 1 + Math.floor(this.random() * FULL);
    this.#modify = { id: this.#modifies, size };
    this.#hear(modifyOpened(this.#modifies));
  }

  /** It reaches the venue: replaces, leaves all as it was, or loses the order. */
  #answerModify({ id, size }: { id: number; size: number }, isGood: boolean): void {
    this.#modify = undefined;
    const old = this.live();
    if (old === undefined) return this.#tell(modifyClosed(id), true);
    if (!isGood && this.#chance(0.5)) return this.#tell(modifyClosed(id), true);
    const at = this.#now;
    this.#end(old, "canceled", isGood ? "requested" : "postOnly");
    const gone = canceled(old.oid, { at, remaining: tenths(old.left), size: tenths(old.size) });
    if (!isGood) {
      this.#oid += 1;
      this.#tell(rejected(this.#oid, "postOnly", at), true);
      this.#tell(gone, true);
      // Only after the looks at both oids.
      return void this.letters.push({ event: modifyClosed(id), after: gone });
    }
    const leg = this.#newLeg(size);
    this.#tell(accepted(leg.oid, { at, size: tenths(size) }));
    this.#tell(gone);
    const landed = { oid: leg.oid, size: tenths(size), replaces: old.oid, at };
    return this.#tell(modifyClosed(id, landed), true);
  }

  /** Reads tell again how each leg ended; a complete read of fills brought all of them. */
  #settle(): void {
    const isMissed = this.live() === undefined && this.#chance(0.3);
    for (const leg of this.legs) {
      if (leg.live) this.#showsOpen(leg);
      else if (!isMissed) this.#hear(recordOf(leg));
    }
    if (isMissed && this.legs.length > 0) this.#hear(absent(this.#now + 5_000));
    for (const leg of this.legs) {
      if (!leg.live) this.#hear(ledger(leg.oid, "complete", this.#now + 9_000));
    }
  }

  #showsOpen(leg: TrueLeg): void {
    this.#hear(accepted(leg.oid, { source: "openOrders", size: tenths(leg.size) }));
    this.#hear(shownLeft(leg.oid, tenths(leg.left), this.#now + 100));
    if (leg.triggered) this.#hear(triggered(leg.oid, this.#now));
  }

  #newLeg(size: number): TrueLeg {
    this.#oid += 1;
    const leg: TrueLeg = {
      oid: this.#oid,
      size,
      left: size,
      done: 0,
      live: true,
      triggered: this.terms.trigger === undefined,
      ended: undefined,
    };
    this.legs.push(leg);
    return leg;
  }

  #end(leg: TrueLeg, word: "filled" | "canceled" | "rejected", cause: string): void {
    leg.live = false;
    leg.ended = { word, cause, at: this.#now };
  }

  #tell(event: OrderEvent, mustArrive = false): void {
    if (mustArrive || !this.#chance(0.25)) this.letters.push({ event });
  }

  /** Any letter, whenever it was sent; some come twice. */
  #deliver(): void {
    const { letters } = this;
    const letter = letters[Math.floor(this.random() * letters.length)];
    if (letter === undefined) return;
    if (letter.after !== undefined && !this.heard.includes(letter.after)) return;
    this.letters = this.#chance(0.15) ? letters : letters.filter((other) => other !== letter);
    this.#hear(letter.event);
  }

  #hear(event: OrderEvent): void {
    // Now and then it is kept and read back.
    const text = this.#chance(0.05) ? JSON.stringify(this.facts) : undefined;
    const before: OrderFacts = text === undefined ? this.facts : JSON.parse(text);
    this.facts = learn(before, event);
    this.heard.push(event);
    this.marks.push(...remarks(before, event, this.facts));
    this.#check();
  }

  #check(): void {
    const { facts } = this;
    const { state } = judge(facts);
    const told = this.heard.filter((event) => event.type === "venue.fill");
    const keys = new Map(told.map((event) => [event.key, event.fill.size]));
    const sum = [...keys.values()].reduce(add, ZERO);
    if (facts.filled !== sum) this.#lies("filled is not the sum of the fills");
    const isAlive = this.live() !== undefined;
    if (isAlive && !isLive(state)) this.#lies(`${state} while it lives`);
    const open = this.legs.reduce((n, { live, left }) => (live ? n + left : n), 0);
    const hidden = this.fills.filter(({ key }) => !keys.has(key)).map(({ fill: { size } }) => size);
    const most = [decimal(tenths(open)), ...hidden].reduce(add, ZERO);
    const modify = isModifyOpen(facts) ? FULL : 0;
    const bound = add(worstOf(facts), decimal(tenths(modify)));
    if (compare(bound, most) < 0) this.#lies(`${formatDecimal(bound)} < ${formatDecimal(most)}`);
    if (ledgerOf(facts) === "complete" && !isLive(state) && !isModifyOpen(facts)) {
      if (hidden.length > 0) this.#lies("a complete ledger lacks fills");
      if (worstOf(facts) !== ZERO) this.#lies("a complete ledger leaves something open");
    }
  }

  #chance(p: number): boolean {
    return this.random() < p;
  }

  #lies(what: string): never {
    throw new Error(`${what}\n${this.heard.map((event) => JSON.stringify(event)).join("\n")}`);
  }

  /** Everything was told: the order knows it. */
  expectTruth(): void {
    const { facts } = this;
    const { state, cause } = judge(facts);
    const truth = this.#truth();
    // What only reads missed was perhaps filled; what no word ever named was perhaps there.
    const isSame = state === truth.state || (cause === "absent" && !isLive(truth.state));
    if (!isSame) this.#lies(`${state} ${cause ?? ""} is ${truth.state}`);
    if (leavesOf(facts) !== truth.left) this.#lies(`leaves ${formatDecimal(leavesOf(facts))}`);
    if (this.marks.length > 0) this.#lies(`remarked ${this.marks.join()}`);
    this.#expectAnyOrder();
    if (isLive(truth.state)) return;
    if (ledgerOf(facts) !== "complete") this.#lies("its ledger is open");
    if (missingOf(facts) !== ZERO) this.#lies("it misses what never was");
  }

  #expectAnyOrder(): void {
    const told = [...this.heard];
    for (let index = told.length - 1; index > 0; index -= 1) {
      const other = Math.floor(this.random() * (index + 1));
      const [one, two] = [told[index], told[other]];
      if (one !== undefined && two !== undefined) [told[index], told[other]] = [two, one];
    }
    const facts = told.reduce(learn, newOrder({ cloid: CLOID, terms: this.terms }));
    expect(meaning(facts)).toEqual(meaning(this.facts));
  }

  /** What it must come to. */
  #truth(): { state: OrderState; left: Decimal } {
    const last = this.legs.at(-1);
    if (last === undefined) {
      return { state: this.refusedWith === "iocNoMatch" ? "canceled" : "rejected", left: ZERO };
    }
    const current = this.live();
    if (current === undefined) return { state: endOf(this.terms, last), left: ZERO };
    const left = decimal(tenths(current.left));
    if (this.fills.length > 0) return { state: "partiallyFilled", left };
    return { state: isFiring(this.terms, current) ? "resting" : "untriggered", left };
  }
}

function isFiring({ trigger }: OrderTerms, leg: TrueLeg): boolean {
  return trigger === undefined || leg.triggered;
}

function endOf({ trigger, tif }: OrderTerms, { done, size, ended }: TrueLeg): OrderState {
  const takes = trigger?.market ?? tif === "Ioc";
  return done >= size || (ended?.word === "filled" && !takes) ? "filled" : "canceled";
}

/** What a read says of a leg that ended. */
function recordOf({ oid, size, ended }: TrueLeg): OrderEvent {
  const at = ended?.at ?? 0;
  const read = { at, source: "orderStatus", size: tenths(size) } as const;
  if (ended?.word === "filled") return filled(oid, read);
  if (ended?.word === "rejected") return rejected(oid, "noLiquidity", at);
  return canceled(oid, { ...read, cause: ended?.cause === "margin" ? "margin" : "requested" });
}

function tenths(count: number): string {
  return (count / 10).toFixed(1);
}

function meaning(facts: OrderFacts): object {
  const { legs, verdicts, filled: sum, notional } = facts;
  const means = { ...judge(facts), ledger: ledgerOf(facts), worst: worstOf(facts) };
  return {
    legs,
    verdicts,
    sum,
    notional,
    means,
    leaves: leavesOf(facts),
    missing: missingOf(facts),
  };
}

const LIVES = 1_000;

describe.each(["ALO", "GTC", "IOC", "REDUCING", "STOP_LIMIT", "STOP_MARKET"] as const)(
  "lives at a truthful venue: %s",
  (kind) => {
    it("situation 127: nothing untrue on the way, the truth in the end", () => {
      const ends = new Set<string>();
      for (let seed = 1; seed <= LIVES; seed += 1) {
        const venue = new TruthfulVenue(seed, kind);
        venue.run();
        venue.expectTruth();
        ends.add(judge(venue.facts).state);
      }
      expect(ends.size).toBeGreaterThanOrEqual(3);
    });
  },
);
