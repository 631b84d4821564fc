import {
  type CancelEvent,
  type CancelFacts,
  cancelMachine,
  type CancelSpec,
  type CancelState,
  type CancelWriteKind,
  openCancel,
} from "@cloister/machines";
import type { Clock, CopyId, SignedAction } from "@cloister/model";
import { type ActorRefFrom, createActor, type SnapshotFrom } from "xstate";
import { type Inspect, SturdyActor } from "../registry/sturdy-actor.ts";
import { RequestTrace } from "./request-trace.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type CancelSnapshot = SnapshotFrom<typeof cancelMachine>;
type CancelActor = ActorRefFrom<typeof cancelMachine>;

/** A cancel that is repeated for days must not keep every write of it. */
const COPIES_MAX = 64;

/** A cancel on its way: its actor, its orders, and what it signed and wrote. */
export class TrackedCancel {
  readonly id: number;
  readonly orders: readonly TrackedOrder[];
  readonly trace: RequestTrace;
  /** Bytes that are ready, by write; an older attempt's are not sent any more. */
  readonly signed = new Map<
    CancelWriteKind,
    { attempt: number; signed: SignedAction; cost: number }
  >();
  readonly copies: CopyId[] = [];
  readonly #signing = new Map<CancelWriteKind, () => void>();
  readonly #sturdy: SturdyActor<CancelEvent, CancelSnapshot, CancelActor>;

  constructor(
    id: number,
    orders: readonly TrackedOrder[],
    how: {
      readonly timings: CancelSpec["timings"];
      readonly inspect: Inspect | undefined;
      readonly clock: Clock;
    },
  ) {
    this.id = id;
    this.orders = orders;
    const { timings, inspect, clock } = how;
    const cloids = orders.map(({ cloid }) => cloid);
    this.#sturdy = new SturdyActor((snapshot) =>
      createActor(cancelMachine, {
        id: `cancel-${id}`,
        input: openCancel({ id, cloids, ...(timings === undefined ? {} : { timings }) }),
        ...(snapshot === undefined ? {} : { snapshot }),
        ...(inspect === undefined ? {} : { inspect }),
      }),
    );
    const { targets: named } = this.facts;
    const commandMs = clock.monotonicMs();
    this.trace = new RequestTrace({ request: id, kind: "cancel", named, commandMs }, clock);
  }

  get state(): CancelState {
    return this.#sturdy.snapshot.value;
  }

  get facts(): CancelFacts {
    return this.#sturdy.snapshot.context;
  }

  /** Tells the actor. An error says that it failed on the event and was made again without it. */
  send(event: CancelEvent): {
    readonly before: CancelSnapshot;
    readonly after: CancelSnapshot;
    readonly error?: unknown;
  } {
    return this.#sturdy.send(event);
  }

  /** A signature of this write is awaited; an earlier attempt's is given up. */
  signs(write: CancelWriteKind, giveUp: () => void): void {
    this.#signing.get(write)?.();
    this.#signing.set(write, giveUp);
  }

  /** Notes a copy. Returns one that is so old that its answer is not awaited any more. */
  wrote(copy: CopyId): CopyId | undefined {
    this.copies.push(copy);
    return this.copies.length > COPIES_MAX ? this.copies.shift() : undefined;
  }

  stop(): void {
    for (const giveUp of this.#signing.values()) giveUp();
    this.#signing.clear();
    this.#sturdy.stop();
  }
}
