import {
  type CancelEvent,
  type CancelLegs,
  cancelMachine,
  type CancelOutcome,
  type CancelState,
  cancelWants,
  type CancelWish,
  type CancelWriteKind,
  isModifyOpen,
  liveLegs,
  openCancel,
} from "@cloister/machines";
import { type Answer, type Clock, type CopyId, isLive, type Mouth, type SignedAction, type Venue } from "@cloister/model";
import { type ActorRefFrom, createActor } from "xstate";
import type { Copies, CopyOwner } from "./copies.ts";
import type { Deadlines } from "./deadlines.ts";
import type { OrderDesk } from "./order-desk.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { SignJobs, SignOutcome } from "./sign-jobs.ts";
import type { Slots } from "./slots.ts";
import type { Inspect, TrackedOrder } from "./tracked-order.ts";
import type { Turn } from "./turn.ts";
import type { VenueHour } from "./venue-hour.ts";

type TrackedCancel = {
  readonly id: number;
  readonly orders: readonly TrackedOrder[];
  readonly actor: ActorRefFrom<typeof cancelMachine>;
  readonly signed: Map<CancelWriteKind, { readonly attempt: number; readonly signed: SignedAction }>;
};

type Ports = {
  readonly venue: Venue;
  readonly clock: Clock;
  readonly hour: VenueHour;
  readonly deadlines: Deadlines;
  readonly slots: Slots;
  readonly copies: Copies;
  readonly signJobs: SignJobs;
  readonly reads: ReadDesk;
  readonly orders: OrderDesk;
  readonly inspect: Inspect | undefined;
  readonly turn: () => Turn;
  readonly socketUp: () => boolean;
  /** A cancel of these orders is over. */
  readonly settled: (orders: readonly TrackedOrder[]) => void;
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
    const { inspect, slots } = this.#ports;
    const actor = createActor(cancelMachine, {
      id: `cancel-${id}`,
      input: openCancel({ id, cloids: orders.map(({ cloid }) => cloid) }),
      ...(inspect === undefined ? {} : { inspect }),
    });
    actor.subscribe({ error: () => undefined });
    const cancel: TrackedCancel = { id, orders, actor, signed: new Map() };
    this.#open.set(id, cancel);
    actor.start();
    for (const order of orders) {
      order.requests.set(id, { id, kind: "cancel", describe: () => stateOf(cancel) });
    }
    slots.wait({ id, kind: "cancel", grant: () => this.tell(id, { type: "slot.granted", legs: this.#legs(cancel) }) });
    for (const order of orders) this.ended(order);
  }

  tell(id: number, event: UntimedCancelEvent): void {
    this.#ports.turn().later(() => {
      const cancel = this.#open.get(id);
      if (cancel !== undefined) this.#apply(cancel, { ...event, atMs: this.#ports.clock.monotonicMs() });
    });
  }

  tellAll(event: UntimedCancelEvent): void {
    for (const id of this.#open.keys()) this.tell(id, event);
  }

  /** Tells the cancels of an order that it has ended, once nothing else of it is open. */
  ended(order: TrackedOrder): void {
    if (isLive(order.state) || order.isUnsettled) return;
    for (const { id, kind } of order.requests.values()) {
      if (kind === "cancel") this.tell(id, { type: "target.ended", cloid: order.cloid });
    }
  }

  answered(owner: Extract<CopyOwner, { kind: "cancel" }>, copy: CopyId, answer: Answer): void {
    const outcomes = answer.admission === "admitted" ? answer.statuses.map(({ kind }) => outcomeOf(kind)) : [];
    this.tell(owner.request, { type: "copy.answered", copy, outcomes, venueTime: this.#ports.hour.seen });
  }

  failed(owner: Extract<CopyOwner, { kind: "cancel" }>, copy: CopyId): void {
    this.tell(owner.request, { type: "send.failed", copy });
  }

  due(deadline: "sign" | "request" | "look" | "expiry" | "retry", id: number): void {
    const cancel = this.#open.get(id);
    if (cancel === undefined) return;
    if (deadline === "retry") this.tell(id, { type: "deadline.retry", legs: this.#legs(cancel) });
    else if (deadline === "sign") this.#signTimedOut(cancel);
    else this.tell(id, { type: "deadline.passed" });
  }

  owns(id: number): boolean {
    return this.#open.has(id);
  }

  stop(): void {
    for (const { actor } of this.#open.values()) actor.stop();
    this.#open.clear();
  }

  #signTimedOut({ id, actor }: TrackedCancel): void {
    const { attempt, writes } = actor.getSnapshot().context;
    for (const { kind, signed } of writes) {
      if (!signed) this.tell(id, { type: "sign.failed", attempt, write: kind, reason: "timeout" });
    }
  }

  #apply(cancel: TrackedCancel, event: CancelEvent): void {
    const before = cancel.actor.getSnapshot();
    cancel.actor.send(event);
    const after = cancel.actor.getSnapshot();
    if (after.status === "error") {
      this.#ports.turn().alarm("actorRebuilt", `${event.type}: ${String(after.error)}`);
      return;
    }
    for (const wish of cancelWants(before.context, event, after.context)) this.#perform(cancel, wish);
    const state = stateOf(cancel);
    if (state === "settled" || state === "refused") this.#drop(cancel);
  }

  #drop(cancel: TrackedCancel): void {
    const { id, orders, actor } = cancel;
    const { deadlines, slots, turn, settled } = this.#ports;
    for (const kind of ["sign", "request", "retry"] as const) deadlines.disarm({ kind, request: id });
    slots.release(id);
    this.#open.delete(id);
    for (const order of orders) order.requests.delete(id);
    actor.stop();
    turn().later(() => settled(orders));
  }

  /** The one switch over what a cancel wants. */
  #perform(cancel: TrackedCancel, wish: CancelWish): void {
    const { deadlines, orders, reads, signJobs, slots, turn } = this.#ports;
    const { id } = cancel;
    switch (wish.type) {
      case "sign": {
        const { attempt, write } = wish;
        signJobs.sign(wish.action, {}, (outcome) => this.#signed(cancel, { attempt, write, outcome }));
        return undefined;
      }
      case "write":
        return this.#write(cancel, wish);
      case "look":
        return reads.feed(wish.query);
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
        return turn().alarm(wish.name, wish.text, cancel.orders[0]?.cloid);
    }
  }

  #signed(
    cancel: TrackedCancel,
    { attempt, write, outcome }: { attempt: number; write: CancelWriteKind; outcome: SignOutcome },
  ): void {
    if (outcome.kind === "failed") {
      this.tell(cancel.id, { type: "sign.failed", attempt, write, reason: outcome.reason });
      return;
    }
    cancel.signed.set(write, { attempt, signed: outcome.signed });
    this.tell(cancel.id, { type: "request.signed", attempt, write });
  }

  #write(cancel: TrackedCancel, wish: Extract<CancelWish, { type: "write" }>): void {
    const ready = cancel.signed.get(wish.write);
    if (ready === undefined || ready.attempt !== wish.attempt) return;
    const { copies, turn, venue } = this.#ports;
    const { attempt, write, mouth } = wish;
    const copy = copies.next({ kind: "cancel", request: cancel.id, mouth });
    this.tell(cancel.id, { type: "copy.written", attempt, write, copy });
    turn().later(() => venue.write(copy, ready.signed, mouth));
  }

  /** Every live leg by oid, and the cloid while a leg is unknown (design §3). */
  #legs(cancel: TrackedCancel): CancelLegs {
    const byOid: CancelLegs["byOid"][number][] = [];
    const byCloid: CancelLegs["byCloid"][number][] = [];
    for (const order of cancel.orders) {
      const { cloid } = order;
      const { coin } = order.terms;
      const legs = liveLegs(order.facts);
      for (const { oid } of legs) byOid.push({ coin, cloid, oid });
      if (!isLive(order.state) && !order.isUnsettled) continue;
      if (legs.length === 0 || isModifyOpen(order.facts)) byCloid.push({ coin, cloid });
    }
    return { byOid, byCloid, mouth: this.#mouth() };
  }

  #mouth(): Mouth {
    return this.#ports.socketUp() ? "socket" : "rest";
  }
}

type Untimed<T> = T extends unknown ? Omit<T, "atMs"> : never;
export type UntimedCancelEvent = Untimed<CancelEvent>;

function stateOf(cancel: TrackedCancel): CancelState {
  return cancel.actor.getSnapshot().value;
}

function outcomeOf(kind: string): CancelOutcome {
  return kind === "success" ? "success" : "error";
}
