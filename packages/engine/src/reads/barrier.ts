import { liveLegs } from "@cloister/machines";
import { type Cloid, isLive, type Oid, type Query, type Report } from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Turn } from "../inbox/turn.ts";
import type { PositionAudit } from "./position-audit.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { ReadOutcome } from "./reads.ts";
import type { Registry } from "../registry/registry.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly registry: Registry;
  readonly positions: PositionAudit;
  readonly reads: ReadDesk;
  readonly turn: () => Turn;
  /** The streams are live and everything believed live was looked at. */
  readonly opened: () => void;
};

/** Asked of a leg, or of an order without one. */
type Question = { readonly cloid: Cloid; readonly query: Query };

/** Status reads under way at once: a full book must not flood the venue. */
const ASKS_AT_ONCE = 16;
const RETRY_MS = 1_000;

/**
 * After each connect: places wait until open orders were read once, and every live order that is missing there
 * was asked about. A read that fails starts the whole again.
 */
export class Barrier {
  readonly #ports: Ports;
  #attempt = 0;
  #waiting = 0;
  #questions: Question[] = [];

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The streams are acknowledged. */
  begin(): void {
    this.#attempt += 1;
    this.#waiting = 0;
    this.#questions = [];
    const attempt = this.#attempt;
    const { positions, registry } = this.#ports;
    const believed = [...registry.orders.values()]
      .filter(({ state }) => isLive(state))
      .map(({ cloid }) => cloid);
    this.#ask(attempt, { kind: "openOrders" }, (report) => {
      if (report.kind === "openOrders") this.#askMissing(attempt, believed, report);
    });
    this.#ask(attempt, { kind: "positions" }, (report) => {
      if (report.kind === "positions") positions.learn(report);
    });
  }

  /** The connection went: what is still being read belongs to the past. */
  abandon(): void {
    this.#attempt += 1;
    this.#ports.deadlines.disarm({ kind: "recovery", attempt: this.#attempt });
  }

  #ask(attempt: number, query: Query, learned: (report: Report) => void): void {
    this.#waiting += 1;
    this.#ports.reads.read(query, (outcome) => this.#answered(attempt, outcome, learned));
  }

  #answered(attempt: number, outcome: ReadOutcome, learned: (report: Report) => void): void {
    if (attempt !== this.#attempt) return;
    if (outcome.kind === "failed") {
      this.abandon();
      this.#ports.deadlines.arm(RETRY_MS, { kind: "recovery", attempt: this.#attempt });
      return;
    }
    this.#waiting -= 1;
    learned(outcome.report);
    this.#next(attempt);
    if (this.#waiting === 0) this.#ports.opened();
  }

  #askMissing(
    attempt: number,
    believed: readonly Cloid[],
    report: Extract<Report, { kind: "openOrders" }>,
  ): void {
    const shown = new Set<Oid>(report.orders.map(({ oid }) => oid));
    for (const cloid of believed) {
      const order = this.#ports.registry.order(cloid);
      if (order === undefined) continue;
      const legs = liveLegs(order.facts);
      for (const { oid } of legs) {
        if (!shown.has(oid)) {
          this.#questions.push({ cloid, query: { kind: "orderStatus", key: oid } });
        }
      }
      // Without a leg it is its request's doubt, unless nobody is asking any more.
      if (legs.length === 0 && order.requests.size === 0) {
        this.#questions.push({ cloid, query: { kind: "orderStatus", key: cloid } });
      }
    }
    this.#next(attempt);
  }

  #next(attempt: number): void {
    while (this.#waiting < ASKS_AT_ONCE) {
      const question = this.#questions.shift();
      if (question === undefined) return;
      this.#ask(attempt, question.query, (report) => this.#missed(question, report));
    }
  }

  /** Neither in the list nor known by its id: no proof that it ended, but somebody should look. */
  #missed({ cloid, query }: Question, report: Report): void {
    if (report.kind !== "orderStatus" || report.found !== undefined) return;
    const key = query.kind === "orderStatus" ? query.key : cloid;
    this.#ports.turn().alarm("forgotten", `${key} is neither open nor known at the venue`, cloid);
  }
}
