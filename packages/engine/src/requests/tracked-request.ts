import {
  openRequest,
  type RequestEvent,
  type RequestFacts,
  requestMachine,
  type RequestSpec,
  type RequestState,
} from "@cloister/machines";
import type { Clock, RefuseCause, SignedAction, VenueAction } from "@cloister/model";
import { type ActorRefFrom, createActor, type SnapshotFrom } from "xstate";
import { type Inspect, SturdyActor } from "../registry/sturdy-actor.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";
import { RequestTrace } from "./request-trace.ts";
import type { Untimed } from "./untimed.ts";

/** What a request will send, made when it is signed; or why it must not be sent any more. */
export type Composed =
  | { readonly kind: "action"; readonly action: VenueAction }
  | { readonly kind: "refuse"; readonly cause: RefuseCause };

export type NewRequest = {
  readonly spec: RequestSpec;
  readonly orders: readonly TrackedOrder[];
  /** Made of the orders that are left when it is signed. */
  readonly compose: (orders: readonly TrackedOrder[]) => Composed;
  /** The others hang on the first: they do not go without it. */
  readonly isBound?: boolean;
  /** Venue time after which the venue must not take it, ms. */
  readonly expiresAfter: number;
  /** Told once, when it is over. */
  readonly ended: (facts: RequestFacts, state: RequestState) => void;
  /** Told when every effort was made and it stays doubtful; the asking goes on. */
  readonly exhausted?: (why: string) => void;
};

export type UntimedRequestEvent = Untimed<RequestEvent>;

type RequestSnapshot = SnapshotFrom<typeof requestMachine>;
type RequestActor = ActorRefFrom<typeof requestMachine>;

/** A place or modify on its way: its actor, its orders, and the bytes it signed. */
export class TrackedRequest {
  readonly id: number;
  readonly spec: RequestSpec;
  readonly isBound: boolean;
  readonly #orders: TrackedOrder[];
  readonly compose: NewRequest["compose"];
  readonly expiresAfter: number;
  readonly ended: NewRequest["ended"];
  readonly exhausted: NewRequest["exhausted"];
  readonly #sturdy: SturdyActor<RequestEvent, RequestSnapshot, RequestActor>;
  readonly trace: RequestTrace;
  signed: SignedAction | undefined;
  /** Its timing was told. */
  isTimed = false;
  /** Its end was told. */
  isOver = false;
  /** Since when nobody knows, monotonic ms; however often it was connected anew. */
  doubtedAtMs: number | undefined;
  readonly #signing = new Map<"action" | "noop", () => void>();

  constructor(request: NewRequest, ports: { inspect: Inspect | undefined; clock: Clock }) {
    const { inspect, clock } = ports;
    const { id, kind, children: named, commandMs } = request.spec;
    this.trace = new RequestTrace({ request: id, kind, named, commandMs }, clock);
    this.id = request.spec.id;
    this.spec = request.spec;
    this.#orders = [...request.orders];
    this.isBound = request.isBound ?? false;
    this.compose = request.compose;
    this.expiresAfter = request.expiresAfter;
    this.ended = request.ended;
    this.exhausted = request.exhausted;
    this.#sturdy = new SturdyActor((snapshot) =>
      createActor(requestMachine, {
        id: `${request.spec.kind}-${request.spec.id}`,
        input: openRequest(request.spec),
        ...(snapshot === undefined ? {} : { snapshot }),
        ...(inspect === undefined ? {} : { inspect }),
      }),
    );
  }

  /** In the order of its children. */
  get orders(): readonly TrackedOrder[] {
    return this.#orders;
  }

  /** The child is no part of it any more. */
  forget(child: number): TrackedOrder | undefined {
    const [order] = this.#orders.splice(child, 1);
    return order;
  }

  get state(): RequestState {
    return this.#sturdy.snapshot.value;
  }

  get facts(): RequestFacts {
    return this.#sturdy.snapshot.context;
  }

  /** Tells the actor. An error says that it failed on the event and was made again without it. */
  send(event: RequestEvent): {
    readonly before: RequestSnapshot;
    readonly after: RequestSnapshot;
    readonly error?: unknown;
  } {
    return this.#sturdy.send(event);
  }

  /** A signature is awaited; the one awaited before for the same is given up. */
  signs(what: "action" | "noop", giveUp: () => void): void {
    this.#signing.get(what)?.();
    this.#signing.set(what, giveUp);
  }

  giveUpSigning(): void {
    for (const giveUp of this.#signing.values()) giveUp();
    this.#signing.clear();
  }

  stop(): void {
    this.giveUpSigning();
    this.#sturdy.stop();
  }
}
