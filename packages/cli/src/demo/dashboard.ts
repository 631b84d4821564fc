import {
  type EngineStatus,
  LIVE_STATES,
  type OrderState,
  type PositionView,
  TERMINAL_STATES,
} from "@cloister/model";
import type { DoubtSummary } from "@cloister/testkit";
import type { Reading } from "./meter.ts";
import type { Weather } from "./weather.ts";

export type Scene = {
  readonly elapsedMs: number;
  readonly totalMs: number;
  readonly reading: Reading;
  readonly fills: number;
  readonly positions: readonly PositionView[];
  readonly status: EngineStatus;
  readonly doubts: DoubtSummary;
  /** Undefined where none was asked for. */
  readonly weather: Pick<Weather, "name" | "faults"> | undefined;
  /** Per coin: the fair price and how many bids and asks work. */
  readonly coins: readonly {
    readonly coin: string;
    readonly fairPrice: string | undefined;
    readonly bids: number;
    readonly asks: number;
  }[];
};

/** The whole picture, for a screen that is redrawn. */
export function drawScene(scene: Scene): readonly string[] {
  const { reading, status } = scene;
  return [
    `CLOISTER demo   ${seconds(scene.elapsedMs)} of ${seconds(scene.totalMs)}   engine ${healthOf(status)}`,
    `  orders     ${reading.placed} placed   live: ${list(reading, LIVE_STATES)}`,
    `             ended: ${list(reading, TERMINAL_STATES)}`,
    `  fills      ${scene.fills}   position: ${positionsOf(scene)}`,
    `  requests   ${status.inFlight} in flight, ${status.queued} queued, ${status.doubtful} in doubt`,
    `  latency    ${latencyOf(reading)}`,
    `  doubts     ${doubtsOf(scene)}`,
    ...weatherOf(scene).map((text) => `  weather    ${text}`),
    ...scene.coins.map(
      ({ coin, fairPrice, bids, asks }) =>
        `  ${coin.padEnd(10)} ${fairPrice ?? "not quoted"}   ${bids} bids, ${asks} asks`,
    ),
  ];
}

/** The same in one line, for a log. */
export function sceneLine(scene: Scene): string {
  const { reading, status } = scene;
  return [
    seconds(scene.elapsedMs).padStart(6),
    `orders ${reading.placed}`,
    `live ${list(reading, LIVE_STATES)}`,
    `ended ${list(reading, TERMINAL_STATES)}`,
    `fills ${scene.fills}`,
    `position ${positionsOf(scene)}`,
    `engine ${healthOf(status)}, ${status.inFlight} in flight, ${status.doubtful} in doubt`,
    `latency ${latencyOf(reading)}`,
    `doubts ${doubtsOf(scene)}`,
    ...weatherOf(scene).map((text) => `weather ${text}`),
  ].join(" | ");
}

/** Takes the last drawing away, so that the next one stands in its place. */
export function eraseLines(count: number): string {
  return count === 0 ? "" : `\u001b[${count}A\u001b[J`;
}

function list({ states }: Reading, wanted: readonly OrderState[]): string {
  const shown = wanted.filter((state) => (states.get(state) ?? 0) > 0);
  return shown.map((state) => `${state} ${states.get(state) ?? 0}`).join(", ") || "none";
}

function positionsOf({ positions }: Scene): string {
  const open = positions.filter(({ size }) => size !== "0");
  return open.map(({ coin, size }) => `${coin} ${size}`).join(", ") || "flat";
}

function latencyOf({ latency }: Reading): string {
  if (latency === undefined) return "none yet";
  return `p50 ${latency.p50Ms.toFixed(0)} ms, p99 ${latency.p99Ms.toFixed(0)} ms`;
}

/** How many, and how long it took to be certain again. */
function doubtsOf({ doubts: { arose, open, times } }: Scene): string {
  if (arose === 0) return "none";
  const took = times === undefined ? "" : `, certain after p50 ${times.p50Ms.toFixed(0)} ms`;
  return `${arose} arose, ${open} open${took}`;
}

function weatherOf({ weather }: Scene): readonly string[] {
  return weather === undefined ? [] : [`${weather.name}, ${weather.faults} faults`];
}

function healthOf({ barrier, brake }: EngineStatus): string {
  return `${barrier}${brake === "halted" ? ", halted" : ""}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
