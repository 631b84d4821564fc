import {
  isDoubtful,
  isRequestOver,
  requestEventOfDeadline,
  requestOpeningWants,
  type RequestDeadline,
  type RequestEvent,
  type RequestState,
  requestWants,
} from "@cloister/machines";
import type { Answer, Clock, CopyId, Mouth, Oid, RefuseCause, Source } from "@cloister/model";
import { answerEvent, noopOutcome } from "./answer-events.ts";
import type { CopyOwner } from "./copies.ts";
import type { Limits } from "../options.ts";
import { RequestWork, type RequestWorkPorts } from "./request-work.ts";
import { meansOf } from "./doubt-means.ts";
import type { Counters } from "../views/counters.ts";
import type { Restraint } from "./restraint.ts";
import { textOf } from "../inbox/safely.ts";
import type { Inspect } from "../registry/sturdy-actor.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import { traceRequest } from "./trace-steps.ts";
import { type NewRequest, TrackedRequest, type UntimedRequestEvent } from "./tracked-request.ts";

type Ports = RequestWorkPorts & {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly inspect: Inspect | undefined;
  readonly counters: Counters;
  readonly restraint: Restraint;
  /** Why a request still waits that a slot is free for. */
  readonly whyWaits: (id: number) => RefuseCause | undefined;
};

/** A leg of an order that the venue knows: `at` is when it was placed, or the evidence's own hour. */
export type Landing = { readonly oid: Oid; readonly at: number; readonly source: Source };

/** Requests that are over but await an answer linger up to this many. */
const LINGER_MAX = 10_000;

/** The deadline that leads on from each state. */
const WAKES: Partial<Record<RequestState, RequestDeadline>> = {
  queued: "queue",
  signing: "sign",
  inFlight: "request",
  closing: "look",
  looking: "look",
};

/** Runs places and modifies: tells each its events, and sees to it that what it wants is done. */
export class RequestDesk {
  readonly #ports: Ports;
  readonly #work: RequestWork;
  readonly #open = new Map<number, TrackedRequest>();
  /** Since when, monotonic ms; anew with each connection. */
  readonly #doubtful = new Map<number, number>();
  /** Over, and not every copy is answered: a late answer may still contradict. */
  readonly #lingering = new Set<number>();

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#work = new RequestWork(ports, (id, event) => this.tell(id, event));
  }

  get doubtful(): number {
    return this.#doubtful.size;
  }

  get open(): number {
    return this.#open.size;
  }

  /**
   * The order's place goes without it, when not a byte of it left. Returns whether that is so. What hangs on
   * the order goes with it.
   */
  withdraw(order: TrackedOrder): boolean {
    for (const { id, kind } of order.requests.values()) {
      const request = kind === "place" ? this.#open.get(id) : undefined;
      if (request === undefined || !isUnsent(request)) continue;
      const isAll = request.isBound && request.orders[0] === order;
      if (isAll) this.tell(id, { type: "command.withdraw" });
      else this.#withdrawChild(id, order);
      return true;
    }
    return false;
  }

  /** Its place among the children is looked up when its turn comes: others may have left before. */
  #withdrawChild(id: number, order: TrackedOrder): void {
    const { clock, turn } = this.#ports;
    turn().later(() => {
      const request = this.#open.get(id);
      const child = request?.orders.indexOf(order) ?? -1;
      if (request === undefined || child < 0) return;
      this.#apply(request, { type: "child.withdrawn", child, atMs: clock.monotonicMs() });
    });
  }

  /** By which mouth the place or modify left that the order still awaits. */
  mouthOf(order: TrackedOrder): Mouth | undefined {
    for (const { id, kind } of order.requests.values()) {
      const copy = kind === "cancel" ? undefined : this.#open.get(id)?.facts.copies.at(-1);
      if (copy !== undefined) return copy.mouth;
    }
    return undefined;
  }

  /** Doubtful requests in words, for reports. */
  doubts(): readonly string[] {
    return [...this.#doubtful.keys()].flatMap((id) => {
      const request = this.#open.get(id);
      return request === undefined ? [] : [`${request.spec.kind} ${id} is ${request.state}`];
    });
  }

  begin(request: NewRequest): void {
    const { id, kind } = request.spec;
    const tracked = new TrackedRequest(request, this.#ports);
    this.#open.set(id, tracked);
    for (const order of request.orders) {
      order.begun({ id, kind, now: tracked }, tracked.trace);
    }
    for (const wish of requestOpeningWants(tracked.facts)) this.#work.perform(tracked, wish);
  }

  /** Tells one request, in turn. What it does not know any more is dropped: it is over. */
  tell(id: number, event: UntimedRequestEvent): void {
    const { clock, turn } = this.#ports;
    turn().later(() => {
      const request = this.#open.get(id);
      if (request !== undefined) this.#apply(request, { ...event, atMs: clock.monotonicMs() });
    });
  }

  /** What may have been sent is doubtful and only ever withdrawn; what is over awaits no answer any more. */
  restarted(): void {
    for (const id of [...this.#lingering]) {
      const over = this.#open.get(id);
      if (over !== undefined) this.#drop(over);
    }
    this.tellAll({ type: "engine.restarted" });
  }

  tellAll(event: UntimedRequestEvent): void {
    // What is over hears answers only.
    for (const [id, { isOver }] of this.#open) if (!isOver) this.tell(id, event);
  }

  /** Those of which not a byte left and all of whose orders are wanted. */
  tellAllUnsent(event: UntimedRequestEvent, isWanted: (order: TrackedOrder) => boolean): void {
    for (const [id, request] of this.#open) {
      if (isUnsent(request) && request.orders.every(isWanted)) this.tell(id, event);
    }
  }

  /** The order has a leg at the venue: its open requests learn it. */
  landed(order: TrackedOrder, { oid, at, source }: Landing): void {
    for (const { id, kind } of order.requests.values()) {
      if (kind === "cancel") continue;
      const child = this.#open.get(id)?.orders.indexOf(order) ?? -1;
      if (child >= 0) this.tell(id, { type: "child.landed", child, oid, at, source });
    }
  }

  answered(owner: Extract<CopyOwner, { kind: "request" }>, copy: CopyId, answer: Answer): void {
    this.#hear(owner, copy, answer);
    const request = this.#open.get(owner.request);
    if (request === undefined) return;
    if (owner.of === "noop") {
      this.tell(owner.request, { type: "noop.answered", copy, outcome: noopOutcome(answer) });
      return;
    }
    const cloids = request.orders.map(({ cloid }) => cloid);
    const { mouth } = owner;
    const venueTime = this.#ports.hour.seen;
    this.tell(owner.request, answerEvent(answer, { copy, mouth, cloids, venueTime }));
  }

  failed(
    owner: Extract<CopyOwner, { kind: "request" }>,
    copy: CopyId,
    written: "never" | "maybe",
  ): void {
    this.#ports.route.failed(copy, owner.mouth);
    const request = this.#open.get(owner.request);
    if (request === undefined) return;
    const gate = this.#work.gate(request).open;
    this.tell(owner.request, { type: "send.failed", copy, of: owner.of, written, gate });
  }

  #hear({ mouth }: CopyOwner, copy: CopyId, answer: Answer): void {
    const { restraint, route } = this.#ports;
    restraint.hear(answer);
    if (answer.admission === "unknown") route.failed(copy, mouth);
    else route.answered(mouth);
  }

  /** Doubtful requests judge whether the venue's hour is beyond their expiry. */
  hourPassed(venueTime: number): void {
    for (const id of this.#doubtful.keys()) this.tell(id, { type: "expiry.passed", venueTime });
  }

  due(deadline: RequestDeadline, id: number): void {
    if (deadline === "look" && this.#isPutOff(id)) return;
    if (deadline === "request") this.#unanswered(this.#open.get(id));
    const now = { atMs: this.#ports.clock.monotonicMs(), venueTime: this.#ports.hour.seen };
    const cause = deadline === "queue" ? this.#ports.whyWaits(id) : undefined;
    const event = requestEventOfDeadline(deadline, now);
    this.tell(
      id,
      event.type === "queue.expired" && cause !== undefined ? { ...event, cause } : event,
    );
    // Reads that fail are no effort, and yet somebody must be told in the end.
    if (deadline === "look" && this.#isLong(id)) this.tell(id, { type: "effort.exhausted" });
  }

  #isLong(id: number): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    return nowMs - (this.#doubtful.get(id) ?? nowMs) >= this.#ports.limits.doubtMs;
  }

  /** While the venue takes no reads, and none is needed for a noop, the next look waits for that. */
  #isPutOff(id: number): boolean {
    const { deadlines, limits, reads } = this.#ports;
    const request = this.#open.get(id);
    if (request?.state !== "looking" || this.#isLong(id)) return false;
    const { pauseMs } = reads;
    if (pauseMs > 0) {
      deadlines.arm(Math.min(pauseMs, limits.lookMaxMs), { kind: "look", request: id });
    }
    return pauseMs > 0;
  }

  /** Not answered in time: so much for the way that it went. */
  #unanswered(request: TrackedRequest | undefined): void {
    for (const { copy, mouth, answer } of request?.facts.copies ?? []) {
      if (answer === undefined) this.#ports.route.failed(copy, mouth);
    }
  }

  stop(): void {
    for (const request of this.#open.values()) request.stop();
    this.#open.clear();
    this.#lingering.clear();
  }

  #apply(request: TrackedRequest, event: RequestEvent): void {
    const { before, after, error } = request.send(event);
    if (error !== undefined) {
      const text = `${request.spec.kind} ${request.id}, ${event.type}: ${textOf(error)}`;
      this.#ports.turn().alarm("actorRebuilt", text, request.orders[0]?.cloid);
      this.#wakeLater(request);
      return;
    }
    traceRequest(request.trace, event, after.context);
    const wishes = requestWants(before.context, event, after.context);
    for (const wish of wishes) this.#work.perform(request, wish);
    this.#track(request, event);
  }

  /** The event that was set aside may have been the one that would have gone on: another must come. */
  #wakeLater({ id, state }: TrackedRequest): void {
    const { deadlines, limits } = this.#ports;
    const kind = WAKES[state];
    if (kind === undefined) return;
    const deadline = { kind, request: id } as const;
    if (!deadlines.isArmed(deadline)) deadlines.arm(limits.lookMaxMs, deadline);
  }

  /** Keeps count of doubts, and lets a request go that is over and awaits no answer. */
  #track(request: TrackedRequest, event: RequestEvent): void {
    const { id, facts, state } = request;
    this.#countDoubt(request);
    if (!isRequestOver(state)) return;
    if (!request.isOver) this.#end(request, event);
    if (facts.copies.every(({ answer }) => answer !== undefined)) {
      this.#drop(request);
      return;
    }
    this.#lingering.add(id);
    if (this.#lingering.size <= LINGER_MAX) return;
    const [oldest] = this.#lingering;
    const forgotten = oldest === undefined ? undefined : this.#open.get(oldest);
    if (forgotten !== undefined) this.#drop(forgotten);
  }

  #countDoubt(request: TrackedRequest): void {
    const { id, state, facts } = request;
    if (!isDoubtful(state)) {
      this.#doubtful.delete(id);
      return;
    }
    if (this.#doubtful.has(id) && facts.attempts !== 0) return;
    const nowMs = this.#ports.clock.monotonicMs();
    this.#doubtful.set(id, nowMs);
    if (request.doubtedAtMs !== undefined) return;
    request.doubtedAtMs = nowMs;
    this.#ports.counters.add("doubts");
  }

  /** How long nobody knew, and what decided. */
  #tellCertainty(
    { id, spec, orders, facts, doubtedAtMs }: TrackedRequest,
    event: RequestEvent,
  ): void {
    if (doubtedAtMs === undefined) return;
    const { clock, counters, turn } = this.#ports;
    counters.add("doubtsEnded");
    turn().doubts.push({
      request: id,
      kind: spec.kind,
      cloids: orders.map(({ cloid }) => cloid),
      by: meansOf(facts, event),
      tookMs: clock.monotonicMs() - doubtedAtMs,
    });
  }

  #end(request: TrackedRequest, event: RequestEvent): void {
    const { id, facts, state, orders } = request;
    request.isOver = true;
    this.#tellCertainty(request, event);
    // What was doubted may never be answered; the others are timed until they are.
    if (request.doubtedAtMs !== undefined) this.#tellTiming(request);
    request.giveUpSigning();
    for (const order of orders) order.requests.delete(id);
    this.#ports.slots.release(id);
    this.#ports.gatekeeper.unhold(id);
    // After what it told its orders.
    this.#ports.turn().later(() => {
      request.ended(facts, state);
      this.#ports.settled(orders);
    });
  }

  /** Once per request. */
  #tellTiming(request: TrackedRequest): void {
    if (request.isTimed) return;
    request.isTimed = true;
    this.#ports.turn().timings.push(request.trace);
  }

  #drop(request: TrackedRequest): void {
    const { id, facts } = request;
    const { copies, deadlines } = this.#ports;
    for (const kind of ["queue", "sign", "request", "look", "expiry"] as const) {
      deadlines.disarm({ kind, request: id });
    }
    for (const { copy } of [...facts.copies, ...facts.noops]) copies.forget(copy);
    this.#open.delete(id);
    this.#lingering.delete(id);
    this.#tellTiming(request);
    request.stop();
  }
}

function isUnsent({ state }: TrackedRequest): boolean {
  return state === "queued" || state === "signing";
}
