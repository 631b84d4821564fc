import { type Cloid, type Coin, type Command, isLive, type OrderReport } from "@cloister/model";
import type { CancelAllResult } from "../api.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { ReadDesk } from "../reads/read-desk.ts";
import type { ReadOutcome } from "../reads/reads.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly registry: Registry;
  readonly reads: ReadDesk;
  readonly turn: () => Turn;
  readonly monotonicMs: () => number;
  readonly cancel: (orders: readonly TrackedOrder[]) => void;
  /** Whether the cloid carries our mark. */
  readonly isOurs: (cloid: Cloid | undefined) => boolean;
  /** Takes it into the book, with what the row says of it. */
  readonly adopt: (row: OrderReport) => void;
};

export type SweepCommand = Extract<Command, { readonly kind: "cancelAll" | "close" }>;
type SweepDone = (result: CancelAllResult) => void;

/** Which orders it is about. */
type Scope = {
  readonly isAccount: boolean;
  readonly coin: Coin | undefined;
  readonly keepReduceOnly: boolean;
};

type Sweep = Scope & {
  readonly id: number;
  /** "wait": nothing is canceled; it ends when nothing is on its way or doubtful, or at once to leave orders. */
  readonly wish: "cancel" | "wait";
  readonly endMs: number;
  readonly touched: Set<Cloid>;
  readonly done: SweepDone;
  readonly isClose: boolean;
  isAsking: boolean;
  /** A list of open orders that was begun after everything had ended shows nothing in scope. */
  isVerified: boolean;
};

const CHECK_MS = 250;
const ASK_AGAIN_MS = 1_000;

/**
 * cancelAll: while it runs, places in its scope are refused; what lives is canceled, again and again; when nothing
 * that we know of is left, the venue is asked for its open orders. It ends when they show nothing in scope, or when
 * its time is over, and says what was not proved.
 */
export class Sweeps {
  readonly #ports: Ports;
  readonly #open = new Map<number, Sweep>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get open(): number {
    return this.#open.size;
  }

  /** Whether an order of these terms must not be placed now. */
  covers(terms: { readonly coin: Coin; readonly reduceOnly: boolean }): boolean {
    for (const sweep of this.#open.values()) {
      if (sweep.wish === "cancel" && isAbout(sweep, terms)) return true;
    }
    return false;
  }

  /** From now on places in its scope are refused; what lives now is to end. */
  begin(command: SweepCommand, done: SweepDone): void {
    const isLeaving = command.kind === "close" && command.orders === "leave";
    const endMs = this.#ports.monotonicMs() + (isLeaving ? 0 : command.withinMs);
    const scope = scopeOf(command);
    const wish = command.kind === "close" && command.orders !== "cancel" ? "wait" : "cancel";
    const isClose = command.kind === "close";
    const state = { isClose, isAsking: false, isVerified: false };
    const touched = new Set<Cloid>();
    const sweep = { ...scope, id: command.id, wish, endMs, touched, done, ...state } as const;
    this.#open.set(command.id, sweep);
    for (const { cloid } of this.#left(sweep)) touched.add(cloid);
    // Who else has orders on the account is not known before it is asked.
    if (scope.isAccount) this.#ask(sweep);
  }

  /** The orders that it is about, of those that wait to be sent. */
  isWanted(command: SweepCommand): (order: TrackedOrder) => boolean {
    const scope = scopeOf(command);
    return (order) => isIn(scope, order);
  }

  /** A close that was under way is over with its process; its cancels go on. */
  restarted(): void {
    for (const sweep of [...this.#open.values()]) {
      if (sweep.isClose) this.#finish(sweep, []);
      else if (!this.#ports.deadlines.isArmed({ kind: "sweep", command: sweep.id })) {
        this.due(sweep.id);
      }
    }
  }

  /** The engine stops: who waits for a sweep is told what is left. */
  stop(): void {
    for (const sweep of this.#open.values()) this.#finish(sweep, this.#left(sweep));
  }

  due(command: number): void {
    const sweep = this.#open.get(command);
    if (sweep === undefined) return;
    const left = this.#left(sweep);
    for (const { cloid } of left) sweep.touched.add(cloid);
    const restMs = sweep.endMs - this.#ports.monotonicMs();
    if (restMs <= 0 || (left.length === 0 && (sweep.isVerified || sweep.wish === "wait"))) {
      this.#finish(sweep, left);
      return;
    }
    if (left.length === 0) this.#ask(sweep);
    else if (sweep.wish === "cancel") this.#ports.cancel(left);
    if (!this.#open.has(command)) return;
    this.#ports.deadlines.arm(Math.min(left.length === 0 ? ASK_AGAIN_MS : CHECK_MS, restMs), {
      kind: "sweep",
      command,
    });
  }

  /** An order ended, or a request: a sweep may be over before its next check. */
  ended(): void {
    for (const sweep of [...this.#open.values()]) if (!this.#hasLeft(sweep)) this.due(sweep.id);
  }

  /** What the venue's list shows in scope and we did not know becomes ours to cancel. */
  #ask(sweep: Sweep): void {
    if (sweep.isAsking) return;
    sweep.isAsking = true;
    const isAfterAll = !this.#hasLeft(sweep);
    this.#ports.reads.read({ kind: "openOrders" }, (outcome) => {
      sweep.isAsking = false;
      // After the orders have learned what it says of them.
      this.#ports.turn().lastly(() => this.#heard(sweep, outcome, isAfterAll));
    });
  }

  #heard(sweep: Sweep, outcome: ReadOutcome, isAfterAll: boolean): void {
    if (!this.#open.has(sweep.id) || outcome.kind === "failed") return;
    const { report } = outcome;
    if (report.kind !== "openOrders") return;
    const unknown = report.orders.filter((row) => this.#isUnknown(sweep, row));
    const living = unknown.filter((row) => !this.#isBuried(row));
    for (const row of living) this.#ports.adopt(row);
    sweep.isVerified = isAfterAll && unknown.length === 0;
    // A list that still shows what has ended lags: another one is asked for at the next check.
    if (unknown.length > 0 && living.length === 0) return;
    this.#ports.turn().lastly(() => this.due(sweep.id));
  }

  /** In scope and in nobody's book. */
  #isUnknown(sweep: Sweep, row: OrderReport): boolean {
    const { isOurs, registry } = this.#ports;
    const order = registry.find(row.oid, row.cloid);
    if (order !== undefined) return false;
    const terms = { coin: row.coin, reduceOnly: row.reduceOnly ?? false };
    return isAbout(sweep, terms) && (sweep.isAccount || isOurs(row.cloid));
  }

  /** It ended and left the book. Had the list shown that it lives, it would have been tracked anew by now. */
  #isBuried({ oid, cloid }: OrderReport): boolean {
    return this.#ports.registry.tombstone(oid, cloid) !== undefined;
  }

  #finish(sweep: Sweep, left: readonly TrackedOrder[]): void {
    const { id, touched, isVerified } = sweep;
    this.#open.delete(id);
    this.#ports.deadlines.disarm({ kind: "sweep", command: id });
    const unresolved = new Set(left.map(({ cloid }) => cloid));
    const canceled =
      sweep.wish === "wait" ? [] : [...touched].filter((one) => !unresolved.has(one));
    sweep.done({ canceled, unresolved: [...unresolved], verified: isVerified });
  }

  /** Asked for each order that ends: the first one that is left is enough. */
  #hasLeft(sweep: Sweep): boolean {
    for (const order of this.#ports.registry.orders.values()) if (isLeft(sweep, order)) return true;
    return false;
  }

  #left(sweep: Sweep): readonly TrackedOrder[] {
    return [...this.#ports.registry.orders.values()].filter((order) => isLeft(sweep, order));
  }
}

function scopeOf(command: SweepCommand): Scope {
  if (command.kind === "close") return { isAccount: false, coin: undefined, keepReduceOnly: false };
  const { scope, coin, keepReduceOnly = false } = command;
  return { isAccount: scope === "account", coin, keepReduceOnly };
}

/** Whether it must still end; when nothing is canceled, whether something of it is on its way. */
function isLeft(sweep: Sweep, order: TrackedOrder): boolean {
  if (!isIn(sweep, order)) return false;
  if (sweep.wish === "wait") return order.requests.size > 0;
  return isLive(order.state) || order.isUnsettled;
}

function isIn(scope: Scope, { found, terms }: TrackedOrder): boolean {
  return (scope.isAccount || found !== "stranger") && isAbout(scope, terms);
}

function isAbout(
  { coin, keepReduceOnly }: Scope,
  terms: { readonly coin: Coin; readonly reduceOnly: boolean },
): boolean {
  if (coin !== undefined && terms.coin !== coin) return false;
  return !(keepReduceOnly && terms.reduceOnly);
}

/** What a halt cancels: all that is ours. */
export function sweepOfAll(
  id: number,
  { cancelAllMs: withinMs }: { readonly cancelAllMs: number },
): SweepCommand {
  return { kind: "cancelAll", id, withinMs };
}
