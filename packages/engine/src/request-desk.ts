import {
  openRequest,
  requestEventOfDeadline,
  requestOpeningWants,
  type RequestDeadline,
  type RequestEvent,
  type RequestFacts,
  requestMachine,
  type RequestSpec,
  type RequestState,
  requestWants,
  type RequestWish,
} from "@cloister/machines";
import type { Answer, Clock, Coin, CopyId, Mouth, Query, RefuseCause, SignedAction, Venue, VenueAction } from "@cloister/model";
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
import { verdictsOf } from "./verdicts.ts";

/** What a request will send, made when it is signed; or why it must not be sent any more. */
export type Composed =
  | { readonly kind: "action"; readonly action: VenueAction }
  | { readonly kind: "refuse"; readonly cause: RefuseCause };

export type NewRequest = {
  readonly spec: RequestSpec;
  readonly orders: readonly TrackedOrder[];
  readonly compose: () => Composed;
  /** Venue time after which the venue must not take it, ms. */
  readonly expiresAfter: number;
  /** Told once, when it is over. */
  readonly ended: (facts: RequestFacts, state: RequestState) => void;
};

/** A place or modify on its way: its actor, its orders, and the bytes it signed. */
type TrackedRequest = NewRequest & {
  readonly actor: ActorRefFrom<typeof requestMachine>;
  signed: SignedAction | undefined;
  giveUpSigning: () => void;
  over: boolean;
};

export type Gate = (kind: RequestSpec["kind"], downsizing: boolean) => { open: boolean; why: RefuseCause };

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
  readonly gate: Gate;
  /** Whether the private socket is live. */
  readonly socketUp: () => boolean;
  /** A request of these orders is over. */
  readonly settled: (orders: readonly TrackedOrder[]) => void;
};

/** Runs places and modifies: tells each its events, and performs what it wants done. */
export class RequestDesk {
  readonly #ports: Ports;
  readonly #open = new Map<number, TrackedRequest>();
  readonly #doubtful = new Set<number>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get doubtful(): number {
    return this.#doubtful.size;
  }

  get open(): number {
    return this.#open.size;
  }

  ordersOf(id: number): readonly TrackedOrder[] {
    return this.#open.get(id)?.orders ?? [];
  }

  /** Doubtful requests in words, for reports. */
  doubts(): readonly string[] {
    return [...this.#doubtful].flatMap((id) => {
      const request = this.#open.get(id);
      return request === undefined ? [] : [`${request.spec.kind} ${id} is ${stateOf(request)}`];
    });
  }

  begin(request: NewRequest): number {
    const { inspect } = this.#ports;
    const { id, kind } = request.spec;
    const actor = createActor(requestMachine, {
      id: `${kind}-${id}`,
      input: openRequest(request.spec),
      ...(inspect === undefined ? {} : { inspect }),
    });
    actor.subscribe({ error: () => undefined });
    const tracked: TrackedRequest = {
      ...request,
      actor,
      signed: undefined,
      giveUpSigning: () => undefined,
      over: false,
    };
    this.#open.set(id, tracked);
    actor.start();
    for (const order of request.orders) {
      order.requests.set(id, { id, kind, describe: () => stateOf(tracked) });
    }
    for (const wish of requestOpeningWants(actor.getSnapshot().context)) this.#perform(tracked, wish);
    return id;
  }

  /** Tells one request, in turn. What it does not know any more is dropped: it is over. */
  tell(id: number, event: UntimedRequestEvent): void {
    this.#ports.turn().later(() => {
      const request = this.#open.get(id);
      if (request !== undefined) this.#apply(request, { ...event, atMs: this.#ports.clock.monotonicMs() });
    });
  }

  tellAll(event: UntimedRequestEvent): void {
    for (const id of this.#open.keys()) this.tell(id, event);
  }

  /** Those of which not a byte left, for orders of this coin, or of all. */
  tellAllUnsent(event: UntimedRequestEvent, coin: Coin | undefined): void {
    for (const [id, request] of this.#open) {
      const state = stateOf(request);
      if (state !== "queued" && state !== "signing") continue;
      if (coin === undefined || request.orders.some(({ terms }) => terms.coin === coin)) this.tell(id, event);
    }
  }

  /** The order has a leg at the venue: its open requests learn it. */
  landed(order: TrackedOrder, oid: NonNullable<RequestSpec["children"][number]["oid"]>, at: number): void {
    for (const { id, kind } of order.requests.values()) {
      if (kind === "cancel") continue;
      const child = this.#open.get(id)?.orders.indexOf(order) ?? -1;
      if (child >= 0) this.tell(id, { type: "child.landed", child, oid, at });
    }
  }

  answered(owner: Extract<CopyOwner, { kind: "request" }>, copy: CopyId, answer: Answer): void {
    const request = this.#open.get(owner.request);
    if (request === undefined) return;
    if (owner.of === "noop") {
      this.tell(owner.request, { type: "noop.answered", copy, outcome: noopOutcome(answer) });
      return;
    }
    this.tell(owner.request, this.#answerEvent(request, { copy, mouth: owner.mouth, answer }));
  }

  failed(owner: Extract<CopyOwner, { kind: "request" }>, copy: CopyId, written: "never" | "maybe"): void {
    const request = this.#open.get(owner.request);
    if (request === undefined) return;
    const gate = this.#gate(request).open;
    this.tell(owner.request, { type: "send.failed", copy, of: owner.of, written, gate });
  }

  /** Doubtful requests judge whether the venue's hour is beyond their expiry. */
  hourPassed(venueTime: number): void {
    for (const id of this.#doubtful) this.tell(id, { type: "expiry.passed", venueTime });
  }

  due(deadline: RequestDeadline, id: number): void {
    const now = { atMs: this.#ports.clock.monotonicMs(), venueTime: this.#ports.hour.seen };
    this.tell(id, requestEventOfDeadline(deadline, now));
  }

  stop(): void {
    for (const { actor, giveUpSigning } of this.#open.values()) {
      giveUpSigning();
      actor.stop();
    }
    this.#open.clear();
  }

  #answerEvent(
    request: TrackedRequest,
    { copy, mouth, answer }: { copy: CopyId; mouth: Mouth; answer: Answer },
  ): UntimedRequestEvent {
    const cloids = request.orders.map(({ cloid }) => cloid);
    switch (answer.admission) {
      case "admitted":
        return {
          type: "answer.admitted",
          copy,
          verdicts: verdictsOf(cloids, answer.statuses, this.#ports.hour.seen),
        };
      case "admittedBare":
        return { type: "answer.admitted", copy, verdicts: cloids.map(() => null) };
      case "notAdmitted":
        return { type: "answer.notAdmitted", copy, mouth, reason: answer.reason, text: answer.text };
      case "nonceSpent":
        return { type: "answer.nonceSpent", copy, how: answer.how, text: answer.text };
      case "expired":
        return { type: "answer.expired", copy, text: answer.text };
      case "unknown":
        return { type: "answer.unknown", copy, text: answer.text };
    }
  }

  #apply(request: TrackedRequest, event: RequestEvent): void {
    const before = request.actor.getSnapshot();
    request.actor.send(event);
    const after = request.actor.getSnapshot();
    if (after.status === "error") {
      this.#ports.turn().alarm("actorRebuilt", `${event.type}: ${String(after.error)}`);
      return;
    }
    const wishes = requestWants(before.context, event, after.context);
    for (const wish of wishes) this.#perform(request, wish);
    this.#track(request);
  }

  /** Keeps count of doubts, and lets a request go that is over and awaits no answer. */
  #track(request: TrackedRequest): void {
    const { id } = request.spec;
    const state = stateOf(request);
    if (state === "closing" || state === "looking") this.#doubtful.add(id);
    else this.#doubtful.delete(id);
    if (state !== "answered" && state !== "settled" && state !== "refused") return;
    const facts = request.actor.getSnapshot().context;
    if (!request.over) {
      request.over = true;
      request.giveUpSigning();
      for (const order of request.orders) order.requests.delete(id);
      this.#ports.slots.release(id);
      // After what it told its orders.
      this.#ports.turn().later(() => {
        request.ended(facts, state);
        this.#ports.settled(request.orders);
      });
    }
    if (facts.copies.every(({ answer }) => answer !== undefined) || this.#open.size > LINGER_MAX) this.#drop(request);
  }

  #drop(request: TrackedRequest): void {
    const { id } = request.spec;
    for (const kind of ["queue", "sign", "request", "look", "expiry"] as const) {
      this.#ports.deadlines.disarm({ kind, request: id });
    }
    this.#open.delete(id);
    request.actor.stop();
  }

  /** The one switch over what a request wants. */
  #perform(request: TrackedRequest, wish: RequestWish): void {
    const { deadlines, orders, slots, turn, venue } = this.#ports;
    const { id } = request.spec;
    switch (wish.type) {
      case "sign":
        return this.#sign(request);
      case "write":
        return this.#write(request, wish.mouth);
      case "withdraw":
        return this.#withdraw(request);
      case "look":
        return this.#look(request, wish.children, wish.query);
      case "askTime":
        return this.#ports.reads.askTime();
      case "arm":
        return deadlines.arm(wish.delayMs, { kind: wish.deadline, request: id });
      case "disarm":
        return deadlines.disarm({ kind: wish.deadline, request: id });
      case "release":
        return slots.release(id);
      case "tell": {
        const order = request.orders[wish.child];
        if (order !== undefined) orders.tell(order, wish.event);
        return undefined;
      }
      case "raiseNonce":
        return venue.raiseNonce(wish.atLeast);
      case "alarm":
        if (wish.name === "doubtExhausted") this.#exhausted(request, wish.text);
        return turn().alarm(wish.name, wish.text, request.orders[0]?.cloid);
    }
  }

  /** Its callers are told that it is unresolved; the asking goes on. */
  #exhausted(request: TrackedRequest, why: string): void {
    for (const order of request.orders) {
      order.exhausted = why;
      this.#ports.turn().later(() => order.wake());
    }
  }

  #sign(request: TrackedRequest): void {
    const { id } = request.spec;
    const composed = request.compose();
    if (composed.kind === "refuse") {
      this.tell(id, { type: "command.withdraw", cause: composed.cause });
      return;
    }
    const { expiresAfter } = request;
    request.giveUpSigning = this.#ports.signJobs.sign(composed.action, { expiresAfter }, (outcome) =>
      this.#signed(request, outcome),
    );
  }

  #signed(request: TrackedRequest, outcome: SignOutcome): void {
    const { id } = request.spec;
    if (outcome.kind === "failed") {
      this.tell(id, { type: "sign.failed", reason: outcome.reason });
      return;
    }
    request.signed = outcome.signed;
    const { open, why } = this.#gate(request);
    const { nonce, expiresAfter } = outcome.signed;
    this.tell(id, {
      type: "request.signed",
      gate: open,
      ...(open ? {} : { why }),
      nonce,
      venueTime: this.#ports.hour.seen,
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
      mouth: this.#ports.socketUp() ? "socket" : "rest",
    });
  }

  #write(request: TrackedRequest, mouth: Mouth): void {
    const { signed } = request;
    if (signed === undefined) return;
    const { copies, hour, turn, venue } = this.#ports;
    const copy = copies.next({ kind: "request", request: request.spec.id, of: "copy", mouth });
    this.tell(request.spec.id, { type: "copy.written", copy, mouth, venueTime: hour.seen });
    turn().later(() => venue.write(copy, signed, mouth));
  }

  /** A noop on the same nonce: answered "ok", no copy of the request can ever land. */
  #withdraw(request: TrackedRequest): void {
    const { signed } = request;
    if (signed === undefined) return;
    const { copies, signJobs, turn, venue } = this.#ports;
    const { id } = request.spec;
    signJobs.sign({ kind: "noop" }, { nonce: signed.nonce }, (outcome) => {
      const copy = copies.next({ kind: "request", request: id, of: "noop", mouth: "rest" });
      this.tell(id, { type: "noop.written", copy });
      if (outcome.kind === "failed") this.tell(id, { type: "noop.answered", copy, outcome: "lost" });
      else turn().later(() => venue.write(copy, outcome.signed, "rest"));
    });
  }

  #look(request: TrackedRequest, children: readonly number[], query: Query): void {
    const { reads } = this.#ports;
    const { id } = request.spec;
    reads.look(query, (looked) => {
      for (const child of children) {
        const order = request.orders[child];
        const target = request.spec.children[child];
        if (order === undefined || target === undefined) continue;
        this.tell(id, looked.lookEvent(child, order.cloid, target.oid));
      }
    });
  }

  #gate(request: TrackedRequest): { open: boolean; why: RefuseCause } {
    return this.#ports.gate(request.spec.kind, request.spec.downsizing ?? false);
  }
}

/** Requests that are over but await an answer linger up to this many. */
const LINGER_MAX = 10_000;

type Untimed<T> = T extends unknown ? Omit<T, "atMs"> : never;
export type UntimedRequestEvent = Untimed<RequestEvent>;

function stateOf(request: TrackedRequest): RequestState {
  return request.actor.getSnapshot().value;
}

/** What an answer to a noop says of its nonce. */
function noopOutcome(answer: Answer): "ok" | "nonceSpent" | "notAdmitted" | "lost" {
  switch (answer.admission) {
    case "admitted":
    case "admittedBare":
      return "ok";
    case "nonceSpent":
      return "nonceSpent";
    case "notAdmitted":
      return "notAdmitted";
    case "expired":
    case "unknown":
      return "lost";
  }
}
