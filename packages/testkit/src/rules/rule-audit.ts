import type { Engine, FillView } from "@cloister/engine";
import {
  add,
  type Alarm,
  type AlarmName,
  type Change,
  compare,
  type Decimal,
  formatDecimal,
  isLive,
  parseDecimal,
  type Tick,
  ZERO,
} from "@cloister/model";
import type { TruthAccount } from "@cloister/simulator";
import { boundsTooNarrow } from "./exposure-rule.ts";
import { fillName } from "../fill-name.ts";
import { type VenueBooks, venueBooksOf } from "./venue-books.ts";

/** A rule that was broken, after which tick, and how. */
export type Breach = {
  readonly rule: RuleName;
  readonly sequence: number;
  readonly text: string;
};

/** The rules of an order engine that hold after every step, by what they forbid. */
export type RuleName =
  | "a tick is missing"
  | "a fill was booked twice"
  | "a fill was invented"
  | "a filled size fell"
  | "a filled size is not the sum of fills"
  | "an order ended without evidence"
  | "a live order was read as dead"
  | "exposure does not hold the truth"
  | "the engine failed"
  | "a doubt is left";

export type RuleTerms = {
  /** The venue's own books of the account, and the number of the block they are of; absent: only the engine's word. */
  readonly venue?: {
    readonly block: () => number;
    readonly account: () => TruthAccount | undefined;
  };
  /** Alarms of an engine in trouble that are part of the story. */
  readonly expected?: readonly AlarmName[];
  /** Verdicts that the venue itself took back are part of the story: it lies. Bounds that believe it are not judged. */
  readonly venueLies?: boolean;
};

/** An audit that goes on until it is stopped. */
export type RuleAudit = {
  readonly breaches: readonly Breach[];
  /** Ticks that were judged. */
  readonly steps: number;
  /** For the end of a story, in calm weather: nothing may be doubtful, and every fill of ours must be booked. */
  finish(): readonly Breach[];
  stop(): void;
};

/** What of an engine is judged. */
export type AuditedEngine = Pick<Engine, "ticks$" | "fills$" | "exposure" | "status" | "mark">;

/** Alarms that say that the engine itself is in trouble. */
const TROUBLE: readonly AlarmName[] = ["inputFailed", "actorRebuilt", "impossible"];

/** Judges the engine after every tick by the rules that nothing may break. It reads, and touches nothing. */
export function auditRules(engine: AuditedEngine, terms: RuleTerms = {}): RuleAudit {
  const audit = new Audit(engine, terms);
  const fills = engine.fills$.subscribe((fill) => audit.hearFill(fill));
  const ticks = engine.ticks$.subscribe({
    next: (tick) => audit.hearTick(tick),
    error: (error: unknown) => audit.report("a tick is missing", String(error)),
  });
  return {
    get breaches() {
      return audit.breaches;
    },
    get steps() {
      return audit.steps;
    },
    finish: () => audit.finish(),
    stop() {
      ticks.unsubscribe();
      fills.unsubscribe();
    },
  };
}

type Told = { filled: Decimal; booked: Decimal; readonly isOwn: boolean };

class Audit {
  readonly #engine: AuditedEngine;
  readonly #terms: RuleTerms;
  readonly breaches: Breach[] = [];
  steps = 0;
  #sequence = 0;
  readonly #fills = new Map<string, FillView>();
  readonly #orders = new Map<string, Told>();
  /** Told in the tick before: their fills follow it. */
  #unsettled: string[] = [];
  #books: { readonly block: number; readonly books: VenueBooks } | undefined;

  constructor(engine: AuditedEngine, terms: RuleTerms) {
    this.#engine = engine;
    this.#terms = terms;
  }

  report(rule: RuleName, text: string): void {
    this.breaches.push({ rule, sequence: this.#sequence, text });
  }

  hearFill(fill: FillView): void {
    const name = fillName(fill);
    // Dust has no trade id of its own (protocol §4.2).
    if (fill.tid !== 0 && this.#fills.has(name)) this.report("a fill was booked twice", name);
    this.#fills.set(name, fill);
    this.#judgeFill(name, fill);
    if (fill.cloid === undefined) return;
    const told = this.#orders.get(fill.cloid);
    if (told !== undefined) told.booked = add(told.booked, parseDecimal(fill.size));
  }

  hearTick(tick: Tick): void {
    this.#settleSums();
    if (this.#sequence !== 0 && tick.sequence !== this.#sequence + 1) {
      this.report("a tick is missing", `${this.#sequence} is followed by ${tick.sequence}`);
    }
    this.#sequence = tick.sequence;
    this.steps += 1;
    for (const change of tick.changes) this.#judgeChange(change);
    for (const alarm of tick.alarms) this.#judgeAlarm(alarm);
    this.#judgeExposure();
  }

  finish(): readonly Breach[] {
    this.#settleSums();
    const { doubtful } = this.#engine.status;
    if (doubtful > 0) this.report("a doubt is left", `${doubtful} requests are doubtful`);
    return this.breaches;
  }

  #judgeChange(change: Change): void {
    const { cloid, to, evidence } = change;
    for (const alarm of change.alarms) this.#judgeAlarm(alarm);
    const told = this.#orders.get(cloid) ?? {
      filled: ZERO,
      booked: ZERO,
      isOwn: evidence.type === "command.place",
    };
    this.#orders.set(cloid, told);
    if (compare(change.filled, told.filled) < 0) {
      const [before, after] = [told.filled, change.filled].map(formatDecimal);
      this.report("a filled size fell", `${cloid} from ${before} to ${after}`);
    }
    told.filled = change.filled;
    this.#unsettled.push(cloid);
    if (isLive(to) || to === "reaped") return;
    if (evidence.type === "command.place") {
      this.report("an order ended without evidence", `${cloid} is ${to} by its own command`);
    }
    this.#judgeEnd(cloid, to);
  }

  /** What the engine holds for ended must not live at the venue. */
  #judgeEnd(cloid: string, to: string): void {
    if (this.#terms.venueLies === true) return;
    if (this.#venue()?.live.has(cloid) === true) {
      this.report("a live order was read as dead", `${cloid} is ${to} here and lives at the venue`);
    }
  }

  /** Fills are told right after the tick that books them. */
  #settleSums(): void {
    for (const cloid of this.#unsettled) {
      const told = this.#orders.get(cloid);
      if (told === undefined || !told.isOwn || told.filled === told.booked) continue;
      const [filled, booked] = [told.filled, told.booked].map(formatDecimal);
      this.report("a filled size is not the sum of fills", `${cloid}: ${filled}, not ${booked}`);
    }
    this.#unsettled = [];
  }

  #judgeFill(name: string, fill: FillView): void {
    const books = this.#venue();
    if (books === undefined) return;
    const known = books.fills.get(name);
    if (known === undefined) {
      this.report("a fill was invented", `${name} is not in the venue's books`);
      return;
    }
    const isSame =
      known.px === parseDecimal(fill.price) &&
      known.sz === parseDecimal(fill.size) &&
      (known.side === "B") === (fill.side === "buy");
    if (!isSame) this.report("a fill was invented", `${name} differs from the venue's`);
  }

  #judgeAlarm({ name, text }: Alarm): void {
    if (!TROUBLE.includes(name) || this.#terms.expected?.includes(name) === true) return;
    this.report("the engine failed", `${name}: ${text}`);
  }

  /** For orders of ours alone: whoever else trades on the account moves the position unforeseen. */
  #judgeExposure(): void {
    const books = this.#venue();
    if (this.#terms.venueLies === true) return;
    if (books === undefined || !books.onlyOurs || this.#engine.status.barrier !== "open") return;
    for (const text of boundsTooNarrow(books, this.#engine.exposure)) {
      this.report("exposure does not hold the truth", text);
    }
  }

  /** Read anew only when the venue made a block. */
  #venue(): VenueBooks | undefined {
    const { venue } = this.#terms;
    if (venue === undefined) return undefined;
    const block = venue.block();
    if (this.#books?.block === block) return this.#books.books;
    const account = venue.account();
    if (account === undefined) return undefined;
    const books = venueBooksOf(account, this.#engine.mark);
    this.#books = { block, books };
    return books;
  }
}
