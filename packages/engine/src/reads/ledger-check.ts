import { isOver } from "@cloister/machines";
import type { Cloid, Query } from "@cloister/model";
import { awaitsLedger } from "../ledger/awaits-ledger.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { ReadOutcome } from "./reads.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly registry: Registry;
  readonly reads: ReadDesk;
  readonly orders: OrderDesk;
  readonly turn: () => Turn;
  readonly isLive: () => boolean;
};

type Verdict = {
  readonly type: "ledger.complete" | "ledger.incomplete";
  /** Venue time: what stirs later is searched for anew. */
  readonly readBegunAt: number;
};

/** Fills are read from this much before the order was sent, venue ms: the venue's hour was a lower bound. */
const BEFORE_MS = 5_000;

/**
 * Decides the ledgers of ended orders: a complete read of fills begun after the ending that brings nothing new
 * makes a ledger complete; what stays missing is given up after `ledgerGiveUpMs` of live connection, with an alarm.
 */
export class LedgerCheck {
  readonly #ports: Ports;
  /** Live ms spent on an order whose fills are missing. */
  readonly #spent = new Map<Cloid, number>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Orders of which fills are being searched for. */
  get searching(): number {
    return this.#spent.size;
  }

  due(cloid: Cloid): void {
    const order = this.#ports.registry.order(cloid);
    if (order === undefined) this.#spent.delete(cloid);
    if (order === undefined || !this.#isOpen(order)) return;
    if (!this.#ports.isLive()) {
      this.#again(order, false);
      return;
    }
    const before = order.facts.filled;
    const { reads, turn } = this.#ports;
    const told = (outcome: ReadOutcome): void => {
      // After the evidence of the read itself.
      turn().later(() => this.#judge(order, before, outcome));
    };
    reads.read(this.#query(order), told, { rank: "account" });
  }

  /** What was searched in vain is searched for in the whole life of the order. */
  #query(order: TrackedOrder): Extract<Query, { readonly kind: "fills" }> {
    const fromMs = Math.max(0, (order.facts.verdicts.sentAt ?? 0) - BEFORE_MS);
    return this.#spent.has(order.cloid)
      ? { kind: "fills", fromMs }
      : this.#ports.reads.fills(fromMs);
  }

  #judge(order: TrackedOrder, before: TrackedOrder["facts"]["filled"], outcome: ReadOutcome): void {
    if (!this.#isOpen(order)) return;
    const { report } = outcome.kind === "answered" ? outcome : { report: undefined };
    if (report?.kind !== "fills" || order.facts.filled !== before) {
      this.#again(order, outcome.kind === "answered");
      return;
    }
    const readBegunAt = outcome.begun.begunVenueTime;
    if (!report.complete) {
      // A cut read is never an empty one; nor is it a reason to search for ever.
      this.#goOn(order, readBegunAt, "the list of fills is longer than the venue tells");
      return;
    }
    this.#decide(order, { type: "ledger.complete", readBegunAt });
    // A stated total outvotes a read that found nothing: its fills are missing.
    const why = "fills that the venue stated were not found";
    this.#ports.turn().later(() => {
      if (this.#isOpen(order)) this.#goOn(order, readBegunAt, why);
    });
  }

  /** Searches again, until the patience is spent: then what may be missing is told, and exposure keeps it. */
  #goOn(order: TrackedOrder, readBegunAt: number, why: string): void {
    const spent = this.#spent.get(order.cloid) ?? 0;
    if (spent < this.#ports.limits.ledgerGiveUpMs) {
      this.#again(order, true);
      return;
    }
    this.#spent.delete(order.cloid);
    this.#decide(order, { type: "ledger.incomplete", readBegunAt });
    this.#ports.turn().alarm("ledgerIncomplete", why, order.cloid);
  }

  #decide(order: TrackedOrder, verdict: Verdict): void {
    for (const leg of order.facts.legs) {
      if (!leg.real || !isOver(order.facts, leg)) continue;
      this.#ports.orders.tell(order, { ...verdict, oid: leg.oid });
    }
  }

  #again(order: TrackedOrder, isLiveTime: boolean): void {
    const { deadlines, limits } = this.#ports;
    const spent = this.#spent.get(order.cloid) ?? 0;
    const pauseMs = Math.min(limits.lookMaxMs, Math.max(limits.settleMs, spent));
    if (isLiveTime) this.#spent.set(order.cloid, spent + pauseMs);
    deadlines.arm(pauseMs, { kind: "ledger", cloid: order.cloid });
  }

  /** Whether it is still to be decided; else what was spent on it is forgotten. */
  #isOpen(order: TrackedOrder): boolean {
    if (awaitsLedger(order)) return true;
    this.#spent.delete(order.cloid);
    return false;
  }
}
