import type { RequestWish } from "@cloister/machines";
import type { Input, Mouth, Query, RefuseCause, Venue } from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import type { Copies } from "./copies.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Gate, Gatekeeper } from "./gatekeeper.ts";
import type { OrderDesk } from "../registry/order-desk.ts";
import { lookTerms } from "./look-terms.ts";
import type { Looked, ReadDesk } from "../reads/read-desk.ts";
import type { Route } from "./route.ts";
import type { SignJobs, SignOutcome } from "../inbox/sign-jobs.ts";
import type { Slots } from "./slots.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import type { TrackedRequest, UntimedRequestEvent } from "./tracked-request.ts";
import type { Turn } from "../inbox/turn.ts";
import type { VenueHour } from "../reads/venue-hour.ts";
import { writeCopy } from "./write-copy.ts";

export type RequestWorkPorts = {
  readonly push: (input: Input) => void;
  readonly venue: Venue;
  readonly hour: VenueHour;
  readonly deadlines: Deadlines;
  readonly slots: Slots;
  readonly copies: Copies;
  readonly budgets: Budgets;
  readonly whenDurable: (done: (isDurable: boolean) => void) => void;
  readonly signJobs: SignJobs;
  readonly reads: ReadDesk;
  readonly orders: OrderDesk;
  readonly turn: () => Turn;
  readonly gate: Gate;
  readonly gatekeeper: Gatekeeper;
  readonly route: Route;
  /** A request of these orders is over. */
  readonly settled: (orders: readonly TrackedOrder[]) => void;
  /** Whether the private socket is live. */
  readonly socketUp: () => boolean;
};

/** Performs what places and modifies want done, and tells them what came of it. */
export class RequestWork {
  readonly #ports: RequestWorkPorts;
  readonly #tell: (id: number, event: UntimedRequestEvent) => void;

  constructor(ports: RequestWorkPorts, tell: (id: number, event: UntimedRequestEvent) => void) {
    this.#ports = ports;
    this.#tell = tell;
  }

  /** The one switch over what a request wants. */
  perform(request: TrackedRequest, wish: RequestWish): void {
    const { deadlines, orders, slots, turn, venue } = this.#ports;
    const { id } = request;
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
      case "forget":
        return this.#forget(request, wish.child);
      case "raiseNonce":
        // In turn: what the venue throws must not cost the wishes that follow.
        return turn().later(() => venue.raiseNonce(wish.atLeast));
      case "alarm":
        if (wish.name === "doubtExhausted") this.#exhausted(request, wish.text);
        if (wish.name === "signerShared") this.#ports.gatekeeper.hold(id);
        return turn().alarm(wish.name, wish.text, request.orders[0]?.cloid);
    }
  }

  /** Whether the request may leave now. */
  gate({ spec }: TrackedRequest): { open: boolean; why: RefuseCause } {
    return this.#ports.gate(spec.kind, spec.downsizing ?? false);
  }

  /** Its callers are told that it is unresolved; the asking goes on. */
  #exhausted(request: TrackedRequest, why: string): void {
    request.exhausted?.(why);
    for (const order of request.orders) {
      order.exhausted = why;
      this.#ports.turn().later(() => order.wake());
    }
  }

  /** It was told why; what waited for this request goes on. */
  #forget(request: TrackedRequest, child: number): void {
    const order = request.forget(child);
    if (order === undefined) return;
    order.requests.delete(request.id);
    this.#ports.turn().later(() => this.#ports.settled([order]));
  }

  #sign(request: TrackedRequest): void {
    const { id, expiresAfter } = request;
    const composed = request.compose(request.orders);
    if (composed.kind === "refuse") {
      this.#tell(id, { type: "command.withdraw", cause: composed.cause });
      return;
    }
    const giveUp = this.#ports.signJobs.sign(composed.action, { expiresAfter }, (outcome) =>
      this.#signed(request, outcome),
    );
    request.signs("action", giveUp);
  }

  #signed(request: TrackedRequest, outcome: SignOutcome): void {
    const { id } = request;
    if (outcome.kind === "failed") {
      this.#tell(id, { type: "sign.failed", reason: outcome.reason });
      return;
    }
    request.signed = outcome.signed;
    const { open, why } = this.gate(request);
    const { nonce, expiresAfter } = outcome.signed;
    this.#tell(id, {
      type: "request.signed",
      gate: open,
      ...(open ? {} : { why }),
      nonce,
      venueTime: this.#ports.hour.seen,
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
      mouth: this.#ports.route.choose(this.#ports.socketUp()),
    });
  }

  #write(request: TrackedRequest, mouth: Mouth): void {
    const { id, signed, facts } = request;
    if (signed === undefined) return;
    // What is to be canceled is not landed a second time.
    if (
      facts.doubted &&
      facts.copies.length > 0 &&
      request.orders.some(({ isBeingCanceled }) => isBeingCanceled)
    ) {
      this.#tell(id, { type: "command.withdraw" });
      return;
    }
    const { copies, hour, route, slots } = this.#ports;
    slots.wrote(id);
    const copy = copies.next({ kind: "request", request: id, of: "copy", mouth });
    route.wrote(copy, mouth);
    this.#tell(id, { type: "copy.written", copy, mouth, venueTime: hour.seen });
    writeCopy(this.#ports, { copy, signed, mouth, cost: request.orders.length });
  }

  /** A noop on the same nonce: answered "ok", no copy of the request can ever land. */
  #withdraw(request: TrackedRequest): void {
    const { id, signed } = request;
    if (signed === undefined) return;
    const { copies, signJobs } = this.#ports;
    const giveUp = signJobs.sign({ kind: "noop" }, { nonce: signed.nonce }, (outcome) => {
      const mouth = this.#mouthOfNoop(request);
      const copy = copies.next({ kind: "request", request: id, of: "noop", mouth });
      this.#tell(id, { type: "noop.written", copy });
      if (outcome.kind === "signed") {
        writeCopy(this.#ports, { copy, signed: outcome.signed, mouth, cost: 1 });
      } else {
        copies.forget(copy);
        this.#tell(id, { type: "noop.answered", copy, outcome: "lost" });
      }
    });
    request.signs("noop", giveUp);
  }

  /** By REST, unless that has just refused one: its weight may be spent while the socket has room. */
  #mouthOfNoop({ facts }: TrackedRequest): Mouth {
    const isRefused = facts.noops.at(-1)?.answer === "notAdmitted";
    return isRefused && this.#ports.socketUp() ? "socket" : "rest";
  }

  #look(request: TrackedRequest, children: readonly number[], query: Query): void {
    const { facts, id, orders, spec } = request;
    const told = (looked: Looked): void => {
      for (const child of children) {
        const order = orders[child];
        const target = spec.children[child];
        if (order === undefined || target === undefined) continue;
        this.#tell(id, looked.lookEvent(child, order.cloid, target.oid));
      }
    };
    this.#ports.reads.look(query, told, lookTerms(facts, children, query));
  }
}
