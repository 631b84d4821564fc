import { type Cloid, type Coin, isLive } from "@cloister/model";
import type { CancelAllResult } from "../api.ts";
import type { Deadlines } from "../inbox/deadlines.ts";
import type { Registry } from "../registry/registry.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

type Ports = {
  readonly deadlines: Deadlines;
  readonly registry: Registry;
  readonly monotonicMs: () => number;
  readonly cancel: (orders: readonly TrackedOrder[]) => void;
};

type SweepCommand = { readonly id: number; readonly coin?: Coin; readonly withinMs: number };

type Sweep = {
  readonly coin: Coin | undefined;
  readonly endMs: number;
  readonly touched: Set<Cloid>;
  readonly done: (result: CancelAllResult) => void;
};

const CHECK_MS = 250;

/**
 * cancelAll: while it runs, places in its scope are refused; what lives is canceled, again and again;
 * it ends when nothing of ours is left, or when its time is over, and says what was not proved.
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

  covers(coin: Coin): boolean {
    for (const sweep of this.#open.values()) {
      if (sweep.coin === undefined || sweep.coin === coin) return true;
    }
    return false;
  }

  /** From now on places in its scope are refused; what lives now is to end. */
  begin(command: SweepCommand, done: (result: CancelAllResult) => void): void {
    const endMs = this.#ports.monotonicMs() + command.withinMs;
    const touched = new Set(this.#live(command.coin).map(({ cloid }) => cloid));
    this.#open.set(command.id, { coin: command.coin, endMs, touched, done });
  }

  /** The engine stops: who waits for a sweep is told what is left. */
  stop(): void {
    for (const [command, sweep] of this.#open) this.#finish(command, sweep, this.#live(sweep.coin));
  }

  due(command: number): void {
    const sweep = this.#open.get(command);
    if (sweep === undefined) return;
    const left = this.#live(sweep.coin);
    for (const { cloid } of left) sweep.touched.add(cloid);
    if (left.length === 0 || this.#ports.monotonicMs() >= sweep.endMs) {
      this.#finish(command, sweep, left);
      return;
    }
    this.#ports.cancel(left);
    const pauseMs = Math.min(CHECK_MS, sweep.endMs - this.#ports.monotonicMs());
    this.#ports.deadlines.arm(pauseMs, { kind: "sweep", command });
  }

  /** An order ended: a sweep may be over before its next check. */
  ended(): void {
    for (const [command, sweep] of this.#open) {
      if (!this.#hasLive(sweep.coin)) this.due(command);
    }
  }

  #finish(command: number, sweep: Sweep, left: readonly TrackedOrder[]): void {
    this.#open.delete(command);
    this.#ports.deadlines.disarm({ kind: "sweep", command });
    const unresolved = new Set(left.map(({ cloid }) => cloid));
    sweep.done({
      canceled: [...sweep.touched].filter((cloid) => !unresolved.has(cloid)),
      unresolved: [...unresolved],
    });
  }

  /** Asked for each order that ends: the first one that lives is enough. */
  #hasLive(coin: Coin | undefined): boolean {
    for (const order of this.#ports.registry.orders.values()) if (isIn(order, coin)) return true;
    return false;
  }

  #live(coin: Coin | undefined): readonly TrackedOrder[] {
    return [...this.#ports.registry.orders.values()].filter((order) => isIn(order, coin));
  }
}

/** Whether the order is in the scope and may still be filled. */
function isIn(order: TrackedOrder, coin: Coin | undefined): boolean {
  if (coin !== undefined && order.terms.coin !== coin) return false;
  return isLive(order.state) || order.isUnsettled;
}
