import { filledOf, judge, leavesOf, ledgerOf, type OrderFacts, remarks } from "@cloister/machines";
import {
  type AlarmName,
  type Change,
  type Clock,
  type CloidMark,
  isLive,
  isMarked,
  type Logger,
  type Oid,
  type OrderEvent,
  type OrderReport,
  type OrderTerms,
  type PlaceOrder,
  type Remark,
  SILENT,
  type Source,
} from "@cloister/model";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { Registry } from "./registry.ts";
import { cloidOf } from "./listed-order.ts";
import { awaitsLedger } from "../ledger/awaits-ledger.ts";
import { textOf } from "../inbox/safely.ts";
import type { Inspect } from "./sturdy-actor.ts";
import { TrackedOrder } from "./tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";

/** What an order's news means to others: the requests of it, its cancels, its callers. */
export type OrderNews = {
  /** A leg of the order is known to the venue. `at`: when the venue placed it, or the evidence's own hour. */
  readonly landed: (
    order: TrackedOrder,
    leg: { readonly oid: Oid; readonly at: number; readonly source: Source },
  ) => void;
  readonly changed: (order: TrackedOrder, change: Change) => void;
  /** The order has ended, or a request of an ended order has. */
  readonly ended: (order: TrackedOrder) => void;
  /** The order leaves the book. */
  readonly reaped: (order: TrackedOrder) => void;
  /** A leg of an order that had left the book lives. */
  readonly revived: (order: TrackedOrder) => void;
};

type Ports = {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly inspect: Inspect | undefined;
  readonly mark: CloidMark;
  readonly turn: () => Turn;
  readonly news: OrderNews;
  /** Told what a listener of an actor throws. */
  readonly failed: (error: unknown) => void;
};

const ALARM_OF = {
  late: "lateFill",
  overfill: "overfill",
  otherPrice: "otherPrice",
  contradicted: "contradicted",
  revived: "revived",
  impossible: "impossible",
  needsQuery: "unknownWord",
} as const satisfies { readonly [remark in Remark]: AlarmName };

/** The only writer of order state: makes orders, tells them their evidence, and says what follows from it. */
export class OrderDesk {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Makes an order that nobody knows yet. */
  prepare({ cloid, tag, terms }: PlaceOrder): TrackedOrder {
    const { clock, inspect, failed } = this.#ports;
    return new TrackedOrder({ cloid, tag, terms, placedAtMs: clock.wallMs(), inspect, failed });
  }

  /** Enters a prepared order into the book. */
  open(order: TrackedOrder, command: number): void {
    this.#enter(order, { type: "command.place", command });
  }

  #enter(order: TrackedOrder, evidence: Change["evidence"]): void {
    const { registry, news } = this.#ports;
    registry.add(order);
    const change: Change = {
      cloid: order.cloid,
      from: "new",
      to: order.state,
      evidence,
      filled: filledOf(order.facts),
      leaves: leavesOf(order.facts),
      alarms: [],
    };
    this.#note(order, change);
    news.changed(order, change);
  }

  #note(order: TrackedOrder, change: Change): void {
    const turn = this.#ports.turn();
    turn.changes.push(change);
    order.history.note(change, turn.sequence);
  }

  /** Enters a prepared order that nobody here has placed: the venue has this leg of it. */
  adopt(order: TrackedOrder, oid: Oid): void {
    const { mark, registry } = this.#ports;
    order.found ??= isMarked(order.cloid, mark) ? "ours" : "stranger";
    this.#enter(order, { type: "venue.adopted", oid });
    for (const kept of registry.bind(oid, order)) this.tell(order, kept);
  }

  /** A leg of an order that has left the book lives: it is tracked by its oid. What the order filled stays told. */
  revive(oid: Oid, terms: OrderTerms): TrackedOrder {
    const order = this.prepare({ cloid: cloidOf({ oid }), terms });
    order.found = "ours";
    this.adopt(order, oid);
    this.#ports.news.revived(order);
    return order;
  }

  /** When a leg was placed. Oids are believed to grow with that; one that does not is alarmed once per leg. */
  placed(order: TrackedOrder, { oid, placedAt }: Pick<OrderReport, "oid" | "placedAt">): void {
    const { newest } = order;
    if (newest === undefined || (newest.placedAt <= placedAt && newest.oid < oid)) {
      order.newest = { oid, placedAt };
      return;
    }
    if (newest.oid === oid || newest.placedAt >= placedAt) return;
    order.newest = { oid, placedAt };
    const text = `leg ${oid} was placed after leg ${newest.oid}`;
    this.#ports.turn().alarm("oidOrder", text, order.cloid);
  }

  /** Tells an order its evidence, in turn. */
  tell(order: TrackedOrder, event: OrderEvent): void {
    this.#ports.turn().later(() => this.#apply(order, event));
  }

  #apply(order: TrackedOrder, event: OrderEvent): void {
    const { turn, news } = this.#ports;
    const from = order.state;
    if (from === "reaped") {
      this.#tooLate(order, event);
      return;
    }
    if (isToldAgain(order, event)) return;
    const before = order.facts;
    const { error } = order.send(event);
    if (error !== undefined) {
      turn().alarm("actorRebuilt", `${event.type}: ${textOf(error)}`, order.cloid);
      return;
    }
    const after = order.facts;
    const marks = remarks(before, event, after);
    if (isSame(before, after) && marks.length === 0) {
      this.#bind(order, event);
      return;
    }
    const change: Change = {
      cloid: order.cloid,
      from,
      to: order.state,
      evidence: event,
      filled: filledOf(after),
      leaves: leavesOf(after),
      alarms: marks.map((mark) => ({
        name: ALARM_OF[mark],
        cloid: order.cloid,
        text: `on ${event.type}`,
      })),
    };
    this.#note(order, change);
    this.#log(change, after);
    this.#bind(order, event);
    if (isAwake(after, event)) this.tell(order, { type: "venue.waiting", waitsFor: "trigger" });
    news.changed(order, change);
    this.#followUp(order);
  }

  /** New legs are bound to the order, which drains what was kept for them as strangers. */
  #bind(order: TrackedOrder, event: OrderEvent): void {
    const { registry, news } = this.#ports;
    const oid = oidOf(event);
    if (oid === undefined) return;
    for (const kept of registry.bind(oid.oid, order)) this.tell(order, kept);
    if (oid.real) news.landed(order, oid);
  }

  /** An answer of its request, after the order was reaped: what says otherwise is alarmed, the rest is known. */
  #tooLate(order: TrackedOrder, event: OrderEvent): void {
    const oid = oidOf(event);
    if (oid?.real !== true || order.oids.includes(oid.oid)) return;
    const isOpen = event.type === "venue.accepted" || event.type === "venue.triggered";
    const text = `${event.type} of leg ${oid.oid} after the order was reaped`;
    this.#ports.turn().alarm(isOpen ? "revived" : "contradicted", text, order.cloid);
    if (isOpen && !this.#ports.registry.isBound(oid.oid)) {
      this.tell(this.revive(oid.oid, order.terms), event);
    }
  }

  /** An ended order waits for its ledger, then for its grace, then it is reaped. */
  #followUp(order: TrackedOrder): void {
    if (!isLive(order.state) && order.state !== "reaped") this.#ports.news.ended(order);
    this.settle(order);
    order.wake();
  }

  /** Arms what an ended order still needs: a read for its ledger, or the reaping. */
  settle(order: TrackedOrder): void {
    const { deadlines, limits } = this.#ports;
    const { cloid } = order;
    if (awaitsLedger(order)) {
      const deadline = { kind: "ledger", cloid } as const;
      if (!deadlines.isArmed(deadline)) deadlines.arm(limits.settleMs, deadline);
      return;
    }
    if (mayLeave(order)) deadlines.arm(limits.reapGraceMs, { kind: "reap", cloid });
  }

  /** The grace is over: the order leaves, its tombstone stays. */
  reap(order: TrackedOrder): void {
    if (!mayLeave(order)) return;
    const { clock, registry, news, turn } = this.#ports;
    const state = order.state;
    const { cause } = judge(order.facts);
    const absence = absenceOf(order);
    this.#apply(order, { type: "order.reap" });
    if (order.state !== "reaped") return;
    news.reaped(order);
    registry.bury(order, {
      cloid: order.cloid,
      tag: order.tag,
      coin: order.terms.coin,
      state,
      filled: filledOf(order.facts),
      oids: [...order.oids],
      reapedAtMs: clock.wallMs(),
      sequence: turn().sequence,
      ...(cause === undefined ? {} : { cause }),
      ...absence,
    });
    order.stop();
  }

  #log(change: Change, facts: OrderFacts): void {
    const { logger } = this.#ports;
    if (logger === SILENT) return;
    const { cloid, from, to, evidence, alarms } = change;
    const { cause } = judge(facts);
    const fields = {
      cloid,
      from,
      to,
      evidence: evidence.type,
      ...(cause === undefined ? {} : { cause }),
    };
    logger.debug(fields, "order changed");
    for (const alarm of alarms) logger.warn({ cloid, alarm: alarm.name }, alarm.text);
  }
}

/** The same word that nobody understands: asking about it may bring nothing else. Lists tell whether the leg lives. */
function isToldAgain(order: TrackedOrder, event: OrderEvent): boolean {
  if (event.type !== "venue.unknownWord") return false;
  const word = `${event.oid ?? ""} ${event.raw} ${event.at}`;
  if (order.unknownWord === word) return true;
  order.unknownWord = word;
  return false;
}

/** Ended, its ledger decided, and nothing of it open. */
function mayLeave(order: TrackedOrder): boolean {
  if (isLive(order.state) || order.state === "reaped" || order.requests.size > 0) return false;
  return ledgerOf(order.facts) !== "open";
}

/** A child is not told of by the stream before its parent has filled (protocol §7.1): from then on it waits for its price. */
function isAwake({ verdicts }: OrderFacts, event: OrderEvent): boolean {
  const isStreamed = event.type === "venue.accepted" && event.source === "orderUpdates";
  return isStreamed && verdicts.waiting === "parent";
}

/** When reads missed it, if only they said that it ended. */
function absenceOf({ facts }: TrackedOrder): { absentAt?: number } {
  const { absentBegunAt } = facts.verdicts;
  const isInferred = absentBegunAt !== undefined && judge(facts).cause === "absent";
  return isInferred ? { absentAt: absentBegunAt } : {};
}

/** Whether nothing was learned. An actor copies its context, so the parts are compared. */
function isSame(before: OrderFacts, after: OrderFacts): boolean {
  return (
    before.legs === after.legs && before.fills === after.fills && before.verdicts === after.verdicts
  );
}

/** The leg an event names, and whether it shows that the venue had it. */
function oidOf(
  event: OrderEvent,
): { oid: Oid; at: number; source: Source; real: boolean } | undefined {
  switch (event.type) {
    case "venue.accepted":
    case "venue.triggered":
    case "venue.filled":
    case "venue.canceled":
      return { oid: event.oid, at: event.at, source: event.source, real: true };
    case "venue.rejected":
      return { oid: event.oid, at: event.at, source: event.source, real: false };
    case "venue.fill":
      return { oid: event.oid, at: event.fill.at, source: event.source, real: true };
    case "modify.closed":
      return event.landed === undefined
        ? undefined
        : { oid: event.landed.oid, at: event.landed.at, source: "answer", real: true };
    case "venue.unknownWord":
      return event.oid === undefined
        ? undefined
        : { oid: event.oid, at: event.at, source: "orderUpdates", real: false };
    case "venue.size":
    case "ledger.complete":
    case "ledger.incomplete":
    case "request.sent":
    case "modify.opened":
    case "local.withdrawn":
    case "local.refused":
    case "venue.waiting":
    case "venue.refused":
    case "proof.neverLanded":
    case "proof.absent":
    case "order.reap":
      return undefined;
  }
}
