import type { Cloid, Oid, OrderReport, Query, Report } from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import type { Registry } from "../registry/registry.ts";
import type { Adoption } from "../intake/adoption.ts";
import type { Intake } from "../intake/intake.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { FillWindow } from "./fill-window.ts";
import type { AskTerms, Begun, ReadOutcome, Reads } from "./reads.ts";
import { type Belief, type Finding, reconcile } from "./reconcile.ts";
import type { UntimedRequestEvent } from "../requests/tracked-request.ts";
import type { VenueHour } from "./venue-hour.ts";

/** What a read says of one child of a doubtful request. */
export type Looked = {
  readonly lookEvent: (child: number, cloid: Cloid, target: Oid | undefined) => UntimedRequestEvent;
};

/** What a read told that was not known. */
export type Learned = {
  /** Where a list of open orders differs from what we believe. */
  readonly findings: readonly Finding[];
  /** Fills that were new to the account. */
  readonly fills: number;
};

type Ports = {
  readonly reads: Reads;
  readonly intake: Intake;
  readonly adoption: Adoption;
  readonly belief: Belief;
  readonly hour: VenueHour;
  readonly registry: Pick<Registry, "find">;
  readonly budgets: Pick<Budgets, "listed">;
  readonly ledger: Pick<Ledger, "certify" | "fillFloorMs" | "hasBase">;
  readonly window: FillWindow;
};

/** Reads, and what they are evidence of: orders learn from the report first, then who asked. */
export class ReadDesk {
  readonly #ports: Ports;
  readonly #learned = new WeakMap<Report, Learned>();
  #asksTime = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Reads; its evidence is on its way to the orders before `done` is called. */
  read(
    query: Query,
    done: (outcome: ReadOutcome, learned: Learned) => void = () => undefined,
    terms: Omit<AskTerms, "late"> = {},
  ): void {
    const tell = (outcome: ReadOutcome): void =>
      done(
        outcome,
        outcome.kind === "answered" ? this.#learnOnce(outcome.report, outcome.begun) : NOTHING,
      );
    const late = ({ report, begun }: Heard): void => void this.#learnOnce(report, begun);
    this.#ports.reads.ask(query, tell, { ...terms, late });
  }

  look(query: Query, done: (looked: Looked) => void, terms: Omit<AskTerms, "late"> = {}): void {
    const tell = (outcome: ReadOutcome): void =>
      done({ lookEvent: (child, cloid, target) => lookEvent({ outcome, child, cloid, target }) });
    this.read(query.kind === "fills" ? this.fills(query.fromMs) : query, tell, terms);
  }

  /** Fills from this venue time on; what was read whole and booked before need not be read again. */
  fills(wantedMs: number): Extract<Query, { readonly kind: "fills" }> {
    return { kind: "fills", fromMs: this.#ports.window.fromMs(wantedMs) };
  }

  /** Fills since the last whole window. */
  fillsSinceFloor(): Extract<Query, { readonly kind: "fills" }> {
    return { kind: "fills", fromMs: this.#ports.window.startMs };
  }

  /** How long what is urgent must wait, because the venue takes no reads now. */
  get pauseMs(): number {
    return this.#ports.reads.pauseMs;
  }

  /** Any read that shows the venue's hour; one at a time. */
  askTime(): void {
    if (this.#asksTime) return;
    this.#asksTime = true;
    this.read({ kind: "positions" }, () => {
      this.#asksTime = false;
    });
  }

  /** One answer may be told to several: orders learn from it once. */
  #learnOnce(report: Report, begun: Begun): Learned {
    const known = this.#learned.get(report);
    if (known !== undefined) return known;
    const learned = this.#learn(report, begun.begunVenueTime);
    this.#learned.set(report, learned);
    if (report.kind === "fills" && report.complete) this.#certify(begun);
    return learned;
  }

  /** A whole window that reaches back to the floor moves it. */
  #certify({ query, begunVenueTime }: Begun): void {
    const { ledger } = this.#ports;
    const floorMs = ledger.hasBase ? ledger.fillFloorMs : undefined;
    if (query.kind !== "fills" || floorMs === undefined || query.fromMs > floorMs) return;
    ledger.certify(begunVenueTime);
  }

  #learn(report: Report, begunVenueTime: number): Learned {
    const { hour, intake } = this.#ports;
    switch (report.kind) {
      case "orderStatus":
        if (report.found !== undefined) intake.report(report.found, "orderStatus");
        return NOTHING;
      case "openOrders":
        return { findings: this.#compare(report.orders, begunVenueTime), fills: 0 };
      case "fills": {
        const fresh = report.fills.filter((fill) => intake.fill(fill, "fillsRead"));
        return { findings: [], fills: fresh.length };
      }
      case "positions":
        hour.observe(report.at);
        return NOTHING;
      case "budget":
      case "key":
      case "markets":
        return NOTHING;
    }
  }

  /** Acts on what a list tells; questions are for who asked for it. */
  #compare(orders: readonly OrderReport[], begunAt: number): readonly Finding[] {
    const { adoption, belief, budgets, intake, registry } = this.#ports;
    const ours = ({ oid, cloid }: OrderReport): unknown => registry.find(oid, cloid);
    const strangers = orders.filter((row) => ours(row) === undefined);
    budgets.listed(strangers.length);
    const findings = reconcile(belief, { orders, begunAt });
    for (const finding of findings) {
      if (finding.type === "adopt") adoption.adopt(finding.row);
      if (finding.type !== "ask") intake.openOrder(finding.row, begunAt);
    }
    return findings;
  }
}

const NOTHING: Learned = { findings: [], fills: 0 };

type Heard = { readonly report: Report; readonly begun: Begun };

type Look = {
  readonly outcome: ReadOutcome;
  readonly child: number;
  readonly cloid: Cloid;
  readonly target: Oid | undefined;
};

/** A failed or cut read is never an empty one (design rule 10). */
function lookEvent({ outcome, child, cloid, target }: Look): UntimedRequestEvent {
  if (outcome.kind === "failed") return { type: "look.failed", child };
  const { report, begun } = outcome;
  const { begunAt } = begun;
  const isNews = (row: { readonly oid: Oid; readonly cloid?: Cloid }): boolean =>
    row.cloid === cloid && (target === undefined || row.oid > target);
  switch (report.kind) {
    case "orderStatus": {
      const { found } = report;
      return found === undefined
        ? { type: "look.unknownOid", child, begunAt }
        : {
            type: "look.found",
            child,
            oid: found.oid,
            at: found.placedAt,
            begunAt,
            rejected: found.word.kind === "rejected",
          };
    }
    case "openOrders": {
      const what = "openOrders";
      const found = report.orders.find(isNews);
      return found === undefined
        ? { type: "look.absent", child, begunAt, what }
        : { type: "look.found", child, oid: found.oid, at: found.placedAt, begunAt, what };
    }
    case "fills": {
      const what = "fills";
      const found = report.fills.find(isNews);
      if (found !== undefined) {
        return { type: "look.found", child, oid: found.oid, at: found.at, begunAt, what };
      }
      return report.complete
        ? { type: "look.absent", child, begunAt, what }
        : { type: "look.failed", child };
    }
    case "positions":
    case "budget":
    case "key":
    case "markets":
      return { type: "look.failed", child };
  }
}
