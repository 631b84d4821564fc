import {
  type CancelDeadline,
  type CancelEvent,
  type CancelLegs,
  type CancelOutcome,
  type CancelSpec,
  type CancelState,
  cancelWants,
  type CancelWish,
  type CancelWriteKind,
  isCancelOver,
  isModifyOpen,
  liveLegs,
} from "@cloister/machines";
import {
  type Answer,
  type Clock,
  type CopyId,
  type Input,
  isLive,
  type Mouth,
  type Source,
  type Venue,
} from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import type { Copies, CopyOwner } from "./copies.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Limits } from "../options.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import type { ReadDesk } from "../reads/read-desk.ts";
import { textOf } from "../inbox/safely.ts";
import type { Restraint } from "./restraint.ts";
import type { Route } from "./route.ts";
import type { SignJobs, SignOutcome } from "../inbox/sign-jobs.ts";
import type { Slots } from "./slots.ts";
import type { Inspect } from "../registry/sturdy-actor.ts";
import { sourceOf } from "../views/evidence-line.ts";
import { traceCancel } from "./trace-steps.ts";
import { TrackedCancel } from "./tracked-cancel.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { Turn } from "../inbox/turn.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import { writeCopy } from "./write-copy.ts";
import type { Untimed } from "./untimed.ts";

type Ports = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly hour: VenueHour;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly slots: Slots;
  readonly copies: Copies;
  readonly budgets: Budgets;
  readonly whenDurable: (done: (isDurable: boolean) => void) => void;
  readonly signJobs: SignJobs;
  readonly reads: ReadDesk;
  readonly orders: OrderDesk;
  readonly inspect: Inspect | undefined;
  readonly turn: () => Turn;
  readonly push: (input: Input) => void;
  readonly socketUp: () => boolean;
  readonly route: Route;
  readonly restraint: Restraint;
  /** By which mouth the order's place or modify left that is not answered. */
  readonly mouthOf: (order: TrackedOrder) => Mouth | undefined;
  /** A cancel of these orders is over. */
  readonly settled: (orders: readonly TrackedOrder[]) => void;
};

/** The deadline that leads on from each state. */
const WAKES: Partial<Record<CancelState, CancelDeadline>> = {
  signing: "sign",
  inFlight: "request",
  looking: "retry",
};

/** Runs cancels: each is repeated until its orders have ended and nothing else of them is open. */
export class CancelDesk {
  readonly #ports: Ports;
  readonly #open = new Map<number, TrackedCancel>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get open(): number {
    return this.#open.size;
  }

  begin(id: number, orders: readonly TrackedOrder[]): void {
    const { clock, inspect, limits, slots } = this.#ports;
    const timings = cancelTimings(limits);
    const cancel = new TrackedCancel(id, orders, { timings, inspect, clock });
    this.#open.set(id, cancel);
    for (const order of orders) order.begun({ id, kind: "cancel", now: cancel }, cancel.trace);
    const grant = (): void => this.tell(id, { type: "slot.granted", legs: this.#legs(cancel) });
    slots.wait({ id, kind: "cancel", grant });
    for (const order of orders) this.ended(order);
  }

  tell(id: number, event: UntimedCancelEvent): void {
    const { clock, turn } = this.#ports;
    turn().later(() => {
      const cancel = this.#open.get(id);
      if (cancel !== undefined) this.#apply(cancel, { ...event, atMs: clock.monotonicMs() });
    });
  }

  tellAll(event: UntimedCancelEvent): void {
    for (const id of this.#open.keys()) this.tell(id, event);
  }

  /** What was not answered is sent again, under a new nonce and without a slot, if its order still lives. */
  restarted(): void {
    for (const [id, cancel] of this.#open) {
      if (cancel.state === "queued") this.#ports.slots.release(id);
      this.tell(id, { type: "engine.restarted", legs: this.#legs(cancel) });
    }
  }

  /** Tells the cancels of an order that it has ended, once nothing else of it is open. */
  ended(order: TrackedOrder): void {
    if (isLive(order.state) || order.isUnsettled) return;
    for (const { id, kind } of order.requests.values()) {
      if (kind === "cancel") this.tell(id, { type: "target.ended", cloid: order.cloid });
    }
  }

  answered({ request, mouth }: CopyOwner, copy: CopyId, answer: Answer): void {
    const { restraint, route } = this.#ports;
    restraint.hear(answer);
    if (answer.admission === "unknown") route.failed(copy, mouth);
    else route.answered(mouth);
    const outcomes =
      answer.admission === "admitted" ? answer.statuses.map(({ kind }) => outcomeOf(kind)) : [];
    const venueTime = this.#ports.hour.seen;
    this.tell(request, { type: "copy.answered", copy, outcomes, venueTime });
  }

  failed({ request, mouth }: CopyOwner, copy: CopyId): void {
    this.#ports.route.failed(copy, mouth);
    this.tell(request, { type: "send.failed", copy });
  }

  due(deadline: "sign" | "request" | "look" | "expiry" | "retry", id: number): void {
    const cancel = this.#open.get(id);
    if (cancel === undefined) return;
    if (deadline === "retry") this.tell(id, { type: "deadline.retry", legs: this.#legs(cancel) });
    else if (deadline === "sign") this.#signTimedOut(cancel);
    else {
      this.#unanswered(cancel);
      this.tell(id, { type: "deadline.passed" });
    }
  }

  owns(id: number): boolean {
    return this.#open.has(id);
  }

  stop(): void {
    for (const cancel of this.#open.values()) cancel.stop();
    this.#open.clear();
  }

  /** Not answered in time: so much for the way that it went. */
  #unanswered({ facts: { writes, legs } }: TrackedCancel): void {
    for (const { copy, done } of writes) {
      if (copy !== undefined && !done) this.#ports.route.failed(copy, legs?.mouth ?? "socket");
    }
  }

  #signTimedOut({ id, facts }: TrackedCancel): void {
    const { attempt, writes } = facts;
    const reason = "the signer did not answer in time";
    for (const { kind, signed } of writes) {
      if (!signed) this.tell(id, { type: "sign.failed", attempt, write: kind, reason });
    }
  }

  #apply(cancel: TrackedCancel, event: CancelEvent): void {
    const { before, after, error } = cancel.send(event);
    if (error !== undefined) {
      const text = `cancel ${cancel.id}, ${event.type}: ${textOf(error)}`;
      this.#ports.turn().alarm("actorRebuilt", text, cancel.orders[0]?.cloid);
      this.#wakeLater(cancel);
      return;
    }
    traceCancel(cancel.trace, event, {
      mouth: after.context.legs?.mouth ?? "socket",
      venueMs: this.#ports.hour.seen,
      endedBy: endedBy(cancel, event),
    });
    const wishes = cancelWants(before.context, event, after.context);
    for (const wish of wishes) this.#perform(cancel, wish);
    if (isCancelOver(cancel.state)) this.#drop(cancel);
  }

  /** The event that was set aside may have been the one that would have gone on: another must come. */
  #wakeLater({ id, state }: TrackedCancel): void {
    const { deadlines, limits } = this.#ports;
    const kind = WAKES[state];
    if (kind === undefined) return;
    const deadline = { kind, request: id } as const;
    if (!deadlines.isArmed(deadline)) deadlines.arm(limits.lookMaxMs, deadline);
  }

  #drop(cancel: TrackedCancel): void {
    const { id, orders } = cancel;
    const { copies, deadlines, slots, turn, settled } = this.#ports;
    for (const kind of ["sign", "request", "retry"] as const) {
      deadlines.disarm({ kind, request: id });
    }
    slots.release(id);
    this.#open.delete(id);
    for (const copy of cancel.copies) copies.forget(copy);
    for (const order of orders) {
      order.requests.delete(id);
      order.stuck = undefined;
    }
    cancel.stop();
    turn().timings.push(cancel.trace);
    turn().later(() => settled(orders));
  }

  /** The one switch over what a cancel wants. */
  #perform(cancel: TrackedCancel, wish: CancelWish): void {
    const { deadlines, orders, reads, slots, turn } = this.#ports;
    const { id } = cancel;
    switch (wish.type) {
      case "sign":
        return this.#sign(cancel, wish);
      case "write":
        return this.#write(cancel, wish);
      case "look":
        return reads.read(wish.query);
      case "arm":
        return deadlines.arm(wish.delayMs, { kind: wish.deadline, request: id });
      case "disarm":
        return deadlines.disarm({ kind: wish.deadline, request: id });
      case "release":
        return slots.release(id);
      case "tell": {
        const order = cancel.orders.find(({ cloid }) => cloid === wish.cloid);
        if (order !== undefined) orders.tell(order, wish.event);
        return undefined;
      }
      case "alarm":
        if (wish.name === "cancelStuck") this.#stuck(cancel, wish.text);
        return turn().alarm(wish.name, wish.text, cancel.orders[0]?.cloid);
    }
  }

  /** Its callers are told that it is unresolved; the repeating goes on. */
  #stuck({ orders }: TrackedCancel, why: string): void {
    for (const order of orders) {
      order.stuck = why;
      this.#ports.turn().later(() => order.wake());
    }
  }

  #sign(cancel: TrackedCancel, { attempt, write, action }: WishOf<"sign">): void {
    const cost = "targets" in action ? action.targets.length : 1;
    const done = (outcome: SignOutcome): void =>
      this.#signed(cancel, { attempt, write, outcome, cost });
    cancel.signs(write, this.#ports.signJobs.sign(action, {}, done));
  }

  #signed(cancel: TrackedCancel, { attempt, write, outcome, cost }: Outcome): void {
    if (outcome.kind === "failed") {
      const { reason } = outcome;
      this.tell(cancel.id, { type: "sign.failed", attempt, write, reason });
      return;
    }
    cancel.signed.set(write, { attempt, signed: outcome.signed, cost });
    this.tell(cancel.id, { type: "request.signed", attempt, write });
  }

  #write(cancel: TrackedCancel, { attempt, write, mouth }: WishOf<"write">): void {
    const ready = cancel.signed.get(write);
    if (ready?.attempt !== attempt) return;
    const copy = this.#ports.copies.next({ kind: "cancel", request: cancel.id, mouth });
    this.#ports.route.wrote(copy, mouth);
    const forgotten = cancel.wrote(copy);
    if (forgotten !== undefined) this.#ports.copies.forget(forgotten);
    this.tell(cancel.id, { type: "copy.written", attempt, write, copy });
    const { signed, cost } = ready;
    this.#ports.slots.wrote(cancel.id);
    writeCopy(this.#ports, { copy, signed, mouth, cost, isCancel: true });
  }

  /** Every live leg by oid, and the cloid while a leg is unknown (design §3). */
  #legs(cancel: TrackedCancel): CancelLegs {
    const byOid: CancelLegs["byOid"][number][] = [];
    const byCloid: CancelLegs["byCloid"][number][] = [];
    for (const order of cancel.orders) {
      const { cloid, facts } = order;
      const { coin } = order.terms;
      const legs = liveLegs(facts);
      for (const { oid } of legs) byOid.push({ coin, cloid, oid });
      if (!isLive(order.state) && !order.isUnsettled) continue;
      if (legs.length === 0 || isModifyOpen(facts)) byCloid.push({ coin, cloid });
    }
    const { batchMax } = this.#ports.limits;
    // What does not fit into one action is named by the next attempt.
    return {
      byOid: byOid.slice(0, batchMax),
      byCloid: byCloid.slice(0, batchMax),
      mouth: this.#mouth(cancel),
    };
  }

  /** The mouth of what is not answered, so that a cancel does not overtake it; the other when that is down. */
  #mouth({ orders }: TrackedCancel): Mouth {
    if (this.#ports.route.choose(this.#ports.socketUp()) === "rest") return "rest";
    const mouths = orders.flatMap((order) => this.#ports.mouthOf(order) ?? []);
    return mouths.length > 0 && mouths.every((mouth) => mouth === "rest") ? "rest" : "socket";
  }
}

type Outcome = {
  readonly attempt: number;
  readonly write: CancelWriteKind;
  readonly outcome: SignOutcome;
  /** How many orders it names. */
  readonly cost: number;
};
type WishOf<Type extends CancelWish["type"]> = Extract<CancelWish, { readonly type: Type }>;
export type UntimedCancelEvent = Untimed<CancelEvent>;

function cancelTimings(limits: Limits): NonNullable<CancelSpec["timings"]> {
  return {
    requestTimeoutMs: limits.requestTimeoutMs,
    signTimeoutMs: limits.signTimeoutMs,
    paceMs: limits.lookFirstMs,
    paceMaxMs: limits.lookMaxMs,
  };
}

/** Who told last of the order that has ended. */
function endedBy({ orders }: TrackedCancel, event: CancelEvent): Source {
  if (event.type !== "target.ended") return "request";
  const latest = orders.find(({ cloid }) => cloid === event.cloid)?.history.latest;
  return latest === undefined ? "request" : sourceOf(latest.evidence);
}

function outcomeOf(kind: string): CancelOutcome {
  return kind === "success" ? "success" : "error";
}
