import type { KnownMarkets } from "../intake/known-markets.ts";
import {
  currentLeg,
  filledOf,
  leavesOf,
  liveLegs,
  oidsOf,
  priceOf,
  type RequestFacts,
  type RequestSpec,
} from "@cloister/machines";
import {
  brokenNotionalRule,
  type Cloid,
  type Clock,
  type Command,
  compare,
  type Decimal,
  formatDecimal,
  isLive,
  type Oid,
  type OrderTerms,
  parseOid,
  type RefuseCause,
  ZERO,
} from "@cloister/model";
import type { Modified } from "../api.ts";
import type { PendingSums } from "../ledger/pending-sums.ts";
import type { RiskLimits } from "../restraints/risk-limits.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import { ExcessWatch, type LandedModify } from "./excess-watch.ts";
import type { Limits, Policies } from "../options.ts";
import type { Gate } from "./gatekeeper.ts";
import type { RequestDesk } from "./request-desk.ts";
import type { Slots } from "./slots.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";
import type { VenueHour } from "../reads/venue-hour.ts";

type ModifyCommand = Extract<Command, { kind: "modify" }>;

type Waiting = {
  readonly command: ModifyCommand;
  readonly order: TrackedOrder;
  /** Both count from the command, however long it waits: monotonic and venue ms. */
  readonly commandMs: number;
  readonly expiresAfter: number;
  queued: boolean;
};

type Ports = {
  readonly clock: Clock;
  readonly markets: KnownMarkets;
  readonly hour: VenueHour;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly slots: Slots;
  readonly requests: RequestDesk;
  readonly gate: Gate;
  readonly policies: Policies;
  readonly turn: () => Turn;
  readonly nextId: () => number;
  readonly whyWaits: (id: number) => RefuseCause | undefined;
  readonly pending: PendingSums;
  readonly risk: RiskLimits;
  readonly order: (cloid: Cloid) => TrackedOrder | undefined;
  /** Ends the order. */
  readonly cancel: (order: TrackedOrder) => void;
  /** Tells the caller; once per command. */
  readonly done: (command: number, result: Modified) => void;
};

/**
 * One modify in flight per order. One that must wait (for the acknowledgement, for the one before, for a slot)
 * waits here at most `queueMs`; a newer one replaces it, a cancel drops it.
 */
export class ModifyDesk {
  readonly #ports: Ports;
  readonly #byOrder = new Map<Cloid, Waiting>();
  /** New sizes of modifies that are under way: both legs count as exposure. */
  readonly #underWay = new Map<number, { readonly terms: OrderTerms; readonly size: Decimal }>();
  readonly #excess: ExcessWatch;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#excess = new ExcessWatch({
      ...ports,
      isBusy: (order) => this.#byOrder.has(order.cloid) || order.requests.size > 0,
      reduce: (order, leaves) => this.#reduce(order, leaves),
    });
  }

  /** Modifies that wait, and those on their way. */
  get open(): number {
    return this.#byOrder.size + this.#underWay.size;
  }

  /** Modifies that landed, of orders that are in the book. */
  get watched(): number {
    return this.#excess.open;
  }

  /** The order leaves the book. */
  forget(order: TrackedOrder): void {
    this.#excess.forget(order);
  }

  /** Rests less, because more was filled than was intended. */
  #reduce({ cloid }: TrackedOrder, leaves: Decimal): void {
    const { limits, nextId, turn } = this.#ports;
    const { expiresAfterMs } = limits;
    turn().later(() => {
      const order = this.#ports.order(cloid);
      this.begin({ kind: "modify", id: nextId(), cloid, leaves, expiresAfterMs }, order);
    });
  }

  /** Of an order: its modify that is not sent yet, and the sizes of those on their way. */
  openOf(order: TrackedOrder): {
    readonly waiting: number | undefined;
    readonly underWay: readonly Decimal[];
  } {
    const ids = [...order.requests.keys()];
    const underWay = ids.flatMap((id) => this.#underWay.get(id)?.size ?? []);
    return { waiting: this.#byOrder.get(order.cloid)?.command.id, underWay };
  }

  get underWay(): Iterable<{ readonly terms: OrderTerms; readonly size: Decimal }> {
    return this.#underWay.values();
  }

  begin(command: ModifyCommand, order: TrackedOrder | undefined): void {
    const refused = this.#refusal(command, order);
    if (refused !== undefined || order === undefined) {
      this.#refuse(command.id, refused ?? "orderEnded");
      return;
    }
    this.drop(order, "replacedModify");
    const commandMs = this.#ports.clock.monotonicMs();
    const expiresAfter = this.#ports.hour.now() + command.expiresAfterMs;
    this.#byOrder.set(order.cloid, { command, order, commandMs, expiresAfter, queued: false });
    this.#ports.deadlines.arm(this.#ports.limits.queueMs, { kind: "queue", request: command.id });
    this.advance(order);
  }

  /** The order moved on: a waiting modify may now go. */
  advance(order: TrackedOrder): void {
    this.#excess.consider(order);
    const waiting = this.#byOrder.get(order.cloid);
    if (waiting === undefined || waiting.queued) return;
    if (!isLive(order.state)) {
      this.drop(order, "orderEnded");
      return;
    }
    if (order.isUnsettled || currentLeg(order.facts) === undefined) return;
    waiting.queued = true;
    const { id } = waiting.command;
    this.#ports.slots.wait({ id, kind: "modify", grant: () => this.#start(waiting) });
  }

  /** The waiting modify of the order, if any, will not be sent. */
  drop(order: TrackedOrder, cause: RefuseCause): void {
    const waiting = this.#byOrder.get(order.cloid);
    if (waiting === undefined) return;
    this.#leave(waiting);
    this.#ports.slots.release(waiting.command.id);
    this.#refuse(waiting.command.id, cause);
  }

  dropAll(cause: RefuseCause): void {
    for (const { order } of [...this.#byOrder.values()]) this.drop(order, cause);
  }

  /** A halt lets be what only makes smaller. */
  halt(): void {
    for (const { command, order } of [...this.#byOrder.values()]) {
      if (!isDownsizing(command, order)) this.drop(order, "halted");
    }
  }

  /** Whether the id is a modify that waits here; then it has expired. */
  expired(id: number): boolean {
    for (const { command, order } of this.#byOrder.values()) {
      if (command.id !== id) continue;
      this.drop(order, this.#ports.whyWaits(id) ?? "expiredInQueue");
      return true;
    }
    return false;
  }

  #refusal(command: ModifyCommand, order: TrackedOrder | undefined): RefuseCause | undefined {
    if (order === undefined || !isLive(order.state)) return "orderEnded";
    if (order.terms.trigger !== undefined || order.terms.tif === "Ioc") return "notModifiable";
    if (order.isBeingCanceled) return "cancelPending";
    const { open, why } = this.#ports.gate("modify", isDownsizing(command, order));
    return open || why === "recovering" ? undefined : why;
  }

  /** A slot is free: what shall rest is counted now, as late as possible. */
  #start(waiting: Waiting): void {
    const { command, order, commandMs, expiresAfter } = waiting;
    const { slots, requests } = this.#ports;
    const { id } = command;
    this.#leave(waiting);
    const leg = currentLeg(order.facts);
    const leaves = leavesOf(order.facts);
    const size = command.leaves ?? leaves;
    if (leg === undefined || !isLive(order.state) || compare(leaves, ZERO) <= 0) {
      slots.release(id);
      this.#refuse(id, "orderEnded");
      return;
    }
    const terms: OrderTerms = {
      ...order.terms,
      price: command.price ?? priceOf(order.facts),
      size,
      // The venue forces post-only on what a modify places (protocol §9).
      tif: "Alo",
    };
    if (this.#isTooSmall(terms)) {
      slots.release(id);
      this.#ports.done(id, { kind: "refused", by: "local", reason: "minNotional" });
      return;
    }
    const refused = this.#risky(command, order, terms);
    if (refused !== undefined) {
      slots.release(id);
      this.#ports.done(id, { kind: "refused", by: "local", ...refused });
      return;
    }
    this.#underWay.set(id, { terms, size });
    this.#ports.pending.change(terms, ZERO, size);
    const filledBefore = filledOf(order.facts);
    const known = new Set(order.oids);
    requests.begin({
      spec: {
        id,
        kind: "modify",
        children: [{ cloid: order.cloid, oid: leg.oid, size, ...beyondAll(order) }],
        commandMs,
        downsizing: isDownsizing(command, order),
        timings: requestTimings(this.#ports.limits),
      },
      orders: [order],
      compose: () => ({
        kind: "action",
        action: { kind: "modify", target: leg.oid, order: { cloid: order.cloid, terms } },
      }),
      expiresAfter,
      ended: (facts) => {
        this.#underWay.delete(id);
        this.#ports.pending.change(terms, size, ZERO);
        const result = withoutLie(resultOf(facts), order, known);
        this.#ports.done(id, this.#withExcess(result, order, { filledBefore, replaces: leg.oid }));
      },
      exhausted: (why) => this.#ports.done(id, { kind: "unresolved", doubt: why }),
    });
    requests.tell(id, { type: "slot.granted" });
  }

  /** Which limit of ours it would break. What rests less at the same price is let go, as a cancel is. */
  #risky(
    command: ModifyCommand,
    order: TrackedOrder,
    terms: OrderTerms,
  ): { reason: string; text: string } | undefined {
    if (isDownsizing(command, order)) return undefined;
    const refused = this.#ports.risk.refusesModify(terms, command.references);
    return refused && { reason: refused.cause, text: refused.text };
  }

  #withExcess(result: Modified, order: TrackedOrder, before: Omit<LandedModify, "oid">): Modified {
    if (result.kind !== "accepted") return result;
    const excess = this.#excess.landed(order, { ...before, oid: parseOid(result.oid) });
    return excess === ZERO ? result : { ...result, excess: formatDecimal(excess) };
  }

  #isTooSmall(terms: OrderTerms): boolean {
    const market = this.#ports.markets.market(terms.coin);
    if (market === undefined || terms.reduceOnly) return false;
    return brokenNotionalRule(market, terms.price, terms.size) !== undefined;
  }

  #leave(waiting: Waiting): void {
    const { command, order } = waiting;
    this.#byOrder.delete(order.cloid);
    this.#ports.deadlines.disarm({ kind: "queue", request: command.id });
  }

  #refuse(id: number, cause: RefuseCause): void {
    this.#ports.done(id, { kind: "refused", by: "local", reason: cause });
  }
}

/** The durations of a request, from the engine's limits. */
export function requestTimings(limits: Limits): NonNullable<RequestSpec["timings"]> {
  return {
    queueMs: limits.queueMs,
    signTimeoutMs: limits.signTimeoutMs,
    requestTimeoutMs: limits.requestTimeoutMs,
    settleMs: limits.settleMs,
    paceMs: limits.lookFirstMs,
    paceMaxMs: limits.lookMaxMs,
    expiryMarginMs: limits.expiryMarginMs,
    landWithinMs: limits.landWithinMs,
  };
}

/** What the modify makes is beyond every leg that was ever known, ended ones included. */
function beyondAll(order: TrackedOrder): { beyond?: Oid } {
  const beyond = oidsOf(order.facts).at(-1);
  return beyond === undefined ? {} : { beyond };
}

/** Less at the same price: allowed while halted. */
function isDownsizing(command: ModifyCommand, order: TrackedOrder): boolean {
  if (command.price !== undefined || command.leaves === undefined) return false;
  return compare(command.leaves, leavesOf(order.facts)) <= 0;
}

function resultOf({ children, ended, neverSent }: RequestFacts): Modified {
  const verdict = children[0]?.verdict;
  switch (verdict?.kind) {
    case "accepted":
    case "filled":
      return { kind: "accepted", oid: verdict.oid };
    case "refused":
      return { kind: "refused", by: "venue", reason: verdict.cause, text: verdict.text };
    case "waiting":
    case "neverLanded":
    case undefined: {
      const wasTurnedAway = neverSent === undefined && ended?.state === "refused";
      const reason = ended?.cause ?? "neverLanded";
      return { kind: "refused", by: wasTurnedAway ? "venue" : "local", reason };
    }
  }
}

/**
 * What a modify makes is told from older legs by its larger oid. Should oids not increase, a leg has come of which
 * nobody can say by whom: then "refused" could be a lie.
 */
function withoutLie(result: Modified, order: TrackedOrder, known: ReadonlySet<Oid>): Modified {
  const strange = liveLegs(order.facts).find(({ oid }) => !known.has(oid));
  if (result.kind !== "refused" || strange === undefined) return result;
  return {
    kind: "unresolved",
    doubt: `leg ${strange.oid} has come, and its oid is an older one's`,
  };
}
