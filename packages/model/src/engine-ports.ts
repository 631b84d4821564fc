import type { Cloid } from "./cloid.ts";
import type { CancelScope } from "./commands.ts";
import type { Coin } from "./ids.ts";
import type { OrderState } from "./order-words.ts";
import type { RequestTiming } from "./request-timing.ts";
import type { Tick } from "./tick.ts";

/** One order as anybody may see it. Decimals as strings; JSON-safe. */
export type OrderView = {
  readonly cloid: Cloid;
  readonly tag?: string;
  readonly coin: Coin;
  readonly side: "buy" | "sell";
  /** Price and size of the leg that counts now (the current leg), else as placed. */
  readonly price: string;
  readonly size: string;
  readonly tif: "Alo" | "Ioc" | "Gtc";
  readonly state: OrderState;
  readonly cause?: string;
  /** Of an order that sleeps: its parent's fill, or its trigger price. */
  readonly waitsFor?: "parent" | "trigger";
  /** The current leg's oid, once known. */
  readonly oid?: number;
  readonly oids: readonly number[];
  /** Σ fills of all legs, and what is left of the current leg. */
  readonly filled: string;
  readonly leaves: string;
  readonly averagePrice?: string;
  readonly fees: Readonly<Record<string, string>>;
  readonly ledger: "complete" | "open" | "incomplete";
  /** Open requests of this order: what is being done about it. */
  readonly requests: readonly {
    readonly id: number;
    readonly kind: string;
    readonly state: string;
  }[];
  /** How long its latest requests took, at most 16, oldest first. */
  readonly timings: readonly RequestTiming[];
  readonly placedAtMs: number;
};

export type PositionView = { readonly coin: Coin; readonly size: string };

/** Bounds of the position once all that could still fill has filled. Base units. */
export type ExposureView = {
  readonly coin: Coin;
  readonly position: string;
  readonly min: string;
  readonly max: string;
};

export type EngineStatus = {
  readonly barrier: "recovering" | "open";
  readonly brake: "released" | "halted";
  readonly load: "free" | "saturated";
  readonly life: "running" | "draining" | "stopped";
  readonly gate: { readonly place: boolean; readonly modify: boolean; readonly cancel: boolean };
  readonly inFlight: number;
  readonly queued: number;
  readonly doubtful: number;
  /** By which way posts leave now. */
  readonly route: "socket" | "restOnly";
  /** The latest recovery, in short; the whole of it is `engine.certificate`. */
  readonly recovery?: {
    readonly id: number;
    readonly complete: boolean;
    readonly unresolved: number;
  };
};

export type EngineSnapshot = {
  readonly sequence: number;
  readonly orders: readonly OrderView[];
  readonly positions: readonly PositionView[];
  readonly exposure: readonly ExposureView[];
  readonly status: EngineStatus;
};

/** What an inspector or a metrics exporter is attached to. */
export interface EngineView {
  /** Calls back for each tick after `from` (kept ticks first); returns how to stop. @throws ticksGap */
  onTick(listener: (tick: Tick) => void, from?: number): () => void;
  snapshot(): EngineSnapshot;
}

/** What an operator may do. */
export interface EngineControl {
  /** `cancel`: our orders are canceled as well. */
  halt(reason: string, options?: { readonly cancel?: boolean }): void;
  resume(): void;
  cancelAll(options?: {
    readonly scope?: CancelScope;
    readonly coin?: string;
    readonly keepReduceOnly?: boolean;
    readonly withinMs?: number;
  }): Promise<{ readonly unresolved: readonly Cloid[] }>;
}
