import {
  type AskedReads,
  type Certificate,
  type Clock,
  formatDecimal,
  type Query,
  type Report,
  type SurveyCause,
} from "@cloister/model";
import { cloidOf } from "../registry/listed-order.ts";
import type { Turn } from "../inbox/turn.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Absence } from "./absence.ts";
import type { RegistryBelief } from "./belief.ts";
import type { PositionAudit } from "./position-audit.ts";
import type { Learned, ReadDesk } from "./read-desk.ts";
import type { Begun, ReadOutcome } from "./reads.ts";
import { type Finding, missedBy } from "./reconcile.ts";
import { SurveyNotes } from "./survey-notes.ts";

export type SurveyPorts = {
  readonly reads: ReadDesk;
  readonly belief: RegistryBelief;
  readonly absence: Absence;
  readonly audit: PositionAudit;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly limits: { readonly doubtMs: number };
  readonly turn: () => Turn;
  /** Requests of which nobody knows what became of them, in words. */
  readonly doubts: () => readonly string[];
  /** A window of fills was cut at this venue time. */
  readonly cut: (fromMs: number, why: string) => void;
};

export type SurveyTerms = {
  readonly id: number;
  readonly cause: SurveyCause;
  /** Which reads it makes: open orders, and positions with fills. */
  readonly orders: boolean;
  readonly account: boolean;
  readonly done: (survey: Survey) => void;
};

/** What a survey asks. */
type Asked = Extract<Query, { readonly kind: AskedReads["query"] }>;
type Question = Extract<Finding, { readonly type: "ask" }>;
type Answered = Extract<ReadOutcome, { readonly kind: "answered" }>;
type Of<Kind extends Report["kind"]> = Extract<Report, { readonly kind: Kind }>;

/** Status reads under way at once: a full book must not flood the venue. */
const ASKS_AT_ONCE = 16;

/**
 * One look at the venue: open orders held against what we believe, a question for each difference, positions, and
 * the fills since the floor. Reads teach the orders as they come; what it was worth is told in a certificate.
 */
export class Survey {
  readonly #ports: SurveyPorts;
  readonly terms: SurveyTerms;
  readonly notes = new SurveyNotes();
  readonly #begunAtMs: number;
  /** Monotonic ms. */
  readonly begunAt: number;
  #questions: Question[] = [];
  #waiting = 0;
  #isOver = false;
  #positions: Of<"positions"> | undefined;

  constructor(ports: SurveyPorts, terms: SurveyTerms) {
    this.#ports = ports;
    this.terms = terms;
    this.#begunAtMs = ports.clock.wallMs();
    this.begunAt = ports.clock.monotonicMs();
  }

  begin(): void {
    const { orders, account } = this.terms;
    // Held until all of them are asked: one may be answered at once.
    this.#waiting += 1;
    if (orders) {
      this.#ask({ kind: "openOrders" }, (answer, learned) => this.#listed(answer, learned));
    }
    if (account) this.#askAccount();
    this.#waiting -= 1;
    this.#goOn();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What comes from now on still teaches the orders, and is no part of it. */
  abandon(): void {
    this.#isOver = true;
  }

  certificate(buffered = 0): Certificate {
    const { id, cause } = this.terms;
    const endedAtMs = this.#ports.clock.wallMs();
    return this.notes.certificate({ id, cause, begunAtMs: this.#begunAtMs, endedAtMs, buffered });
  }

  /** Fills count from the base on, so without one they wait for it. */
  #askAccount(): void {
    const { ledger } = this.#ports;
    const hadBase = ledger.hasBase;
    this.#ask({ kind: "positions" }, ({ report }) => {
      if (report.kind !== "positions") return;
      this.#positions = report;
      if (hadBase) return;
      this.#ports.audit.base(report);
      this.#askFills();
    });
    if (hadBase) this.#askFills();
  }

  #askFills(): void {
    const query = this.#ports.reads.fillsSinceFloor();
    const { fromMs } = query;
    this.#ask(query, ({ report, begun }, { fills }) => {
      if (report.kind !== "fills") return;
      this.notes.found({ fills });
      this.#filled(report, fromMs, begun);
    });
  }

  #filled(report: Of<"fills">, fromMs: number, begun: Begun): void {
    const { absence, cut, ledger } = this.#ports;
    const untilMs = begun.begunVenueTime;
    this.notes.window(report, { fromMs, untilMs });
    if (report.complete) {
      ledger.certify(untilMs);
      absence.searched(begun);
      return;
    }
    if (report.cut !== undefined) ledger.certify(Math.min(report.cut.fromMs, untilMs));
    cut(report.cut?.fromMs ?? fromMs, report.cut?.why ?? "the list was cut");
  }

  #ask(
    query: Asked,
    answered: (answer: Answered, learned: Learned) => void,
    failed: () => void = () => undefined,
  ): void {
    this.#waiting += 1;
    this.notes.asks(query.kind);
    const told = (outcome: ReadOutcome, learned: Learned): void => {
      if (this.#isOver) return;
      this.#waiting -= 1;
      if (outcome.kind === "failed") {
        this.notes.failed(query.kind, outcome.reason);
        failed();
      } else {
        this.notes.answered(query.kind);
        answered(outcome, learned);
      }
      // After the evidence of the read itself.
      this.#ports.turn().later(() => this.#goOn());
    };
    // What only compares comes after doubt and recovery.
    const rank = this.terms.cause === "continuous" ? "compare" : "urgent";
    this.#ports.reads.read(query, told, { rank });
  }

  #listed({ report, begun }: Answered, { findings }: Learned): void {
    if (report.kind !== "openOrders") return;
    const { absence, belief } = this.#ports;
    const list = { orders: report.orders, begunAt: begun.begunVenueTime };
    absence.listed(
      missedBy(belief, list).map(({ cloid }) => cloid),
      begun,
    );
    for (const finding of findings) this.#note(finding, list.begunAt);
  }

  #note(finding: Finding, begunAt: number): void {
    switch (finding.type) {
      case "news":
        return this.notes.found({ legs: 1 });
      case "stranger":
        return this.notes.found({ strangers: 1 });
      case "adopt":
        return this.notes.adopted(cloidOf(finding.row));
      case "ask":
        this.#ports.belief.asks(finding.key, begunAt);
        this.notes.found({ missing: finding.why === "missing" ? 1 : 0 });
        this.#questions.push(finding);
    }
  }

  #goOn(): void {
    if (this.#isOver) return;
    if (this.notes.hasFailed) this.#dropQuestions();
    while (this.#waiting < ASKS_AT_ONCE) {
      const question = this.#questions.shift();
      if (question === undefined) break;
      this.#question(question);
    }
    if (this.#waiting === 0) this.#end();
  }

  #question({ cloid, key }: Question): void {
    const { absence, belief } = this.#ports;
    const failed = (): void => belief.unasked(key);
    this.#ask(
      { kind: "orderStatus", key },
      ({ report, begun }) => {
        if (report.kind !== "orderStatus") return;
        if (report.found !== undefined) {
          absence.known(cloid);
          return;
        }
        absence.unknown(cloid, begun);
        const oid = typeof key === "number" ? { oid: key } : {};
        this.notes.leaves({ kind: "order", cloid, ...oid });
      },
      failed,
    );
  }

  /** A venue that fails is not asked about each order. */
  #dropQuestions(): void {
    for (const { key } of this.#questions) {
      this.#ports.belief.unasked(key);
      this.notes.leaves({ kind: "read", query: "orderStatus", why: `not asked about ${key}` });
    }
    this.#questions = [];
  }

  #end(): void {
    this.#isOver = true;
    const { audit, ledger } = this.#ports;
    if (this.#positions !== undefined) {
      for (const { coin, ours, theirs } of audit.learn(this.#positions)) {
        const sizes = { ours: formatDecimal(ours), theirs: formatDecimal(theirs) };
        this.notes.leaves({ kind: "position", coin, ...sizes });
      }
    }
    for (const request of this.#ports.doubts()) this.notes.leaves({ kind: "doubt", request });
    for (const { coin, gaps } of ledger.gaps()) this.notes.leaves({ kind: "chain", coin, gaps });
    this.terms.done(this);
  }
}
