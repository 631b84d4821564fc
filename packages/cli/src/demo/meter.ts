import type { Engine } from "@cloister/engine";
import type { Change, Clock, Cloid, OrderState } from "@cloister/model";

/** Latencies kept for the quantiles: the newest. */
const SAMPLES_MAX = 5_000;

export type Reading = {
  readonly placed: number;
  /** Orders by state; ended ones stay counted after they are reaped. */
  readonly states: ReadonlyMap<OrderState, number>;
  /** From the command to the first word of the venue; undefined before the first. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number } | undefined;
};

export type Meter = { reading(): Reading; stop(): void };

/** Counts an engine's orders and measures how long the venue takes to answer a place. */
export function meterOf(engine: Pick<Engine, "ticks$">, clock: Clock): Meter {
  const states = new Map<OrderState, number>();
  const placedAtMs = new Map<Cloid, number>();
  const samples: number[] = [];
  let placed = 0;
  const count = (state: OrderState, by: number): void => {
    states.set(state, (states.get(state) ?? 0) + by);
  };

  function hear({ cloid, from, to }: Change): void {
    if (to === "reaped") return;
    if (from === "new") {
      placed += 1;
      placedAtMs.set(cloid, clock.monotonicMs());
    } else count(from, -1);
    count(to, 1);
    if (to !== "pending") measure(cloid);
  }

  function measure(cloid: Cloid): void {
    const since = placedAtMs.get(cloid);
    if (since === undefined) return;
    placedAtMs.delete(cloid);
    samples.push(clock.monotonicMs() - since);
    if (samples.length > SAMPLES_MAX) samples.shift();
  }

  const ticks = engine.ticks$.subscribe({
    next: (tick) => tick.changes.forEach(hear),
    error: () => undefined,
  });
  return {
    reading: () => ({ placed, states, latency: quantiles(samples) }),
    stop: () => ticks.unsubscribe(),
  };
}

function quantiles(samples: readonly number[]): Reading["latency"] {
  if (samples.length === 0) return undefined;
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
