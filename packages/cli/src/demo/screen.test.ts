import type { OrderState } from "@cloister/model";
import { parseCoin } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { Scene } from "./dashboard.ts";
import { createScreen } from "./screen.ts";

const SCENE: Scene = {
  elapsedMs: 2_000,
  totalMs: 20_000,
  reading: {
    placed: 30,
    states: new Map<OrderState, number>([
      ["resting", 9],
      ["pending", 0],
      ["filled", 21],
    ]),
    latency: { p50Ms: 40.4, p99Ms: 80 },
  },
  fills: 25,
  positions: [
    { coin: parseCoin("BTC"), size: "-0.002" },
    { coin: parseCoin("ETH"), size: "0" },
  ],
  status: {
    barrier: "open",
    brake: "released",
    load: "free",
    life: "running",
    gate: { place: true, modify: true, cancel: true },
    inFlight: 3,
    queued: 0,
    doubtful: 0,
    route: "socket",
  },
  doubts: {
    arose: 3,
    open: 1,
    times: { count: 2, p50Ms: 900.4, p99Ms: 1_200, maxMs: 1_200 },
    by: [],
  },
  weather: { name: "storm", faults: 12 },
  coins: [{ coin: "BTC", fairPrice: "64000", bids: 5, asks: 4 }],
};

function screen(columns: number | undefined) {
  const written: string[] = [];
  return {
    written,
    screen: createScreen(
      (text) => void written.push(text),
      () => columns,
    ),
  };
}

describe("a screen", () => {
  it("redraws its picture on a terminal, and leaves notes standing", () => {
    const { written, screen: shown } = screen(120);
    shown.show(SCENE);
    shown.show(SCENE);
    const lines = written[0]?.split("\n").length ?? 0;
    expect(written[0]).not.toContain("\u001b");
    expect(written[1]?.startsWith(`\u001b[${lines - 1}A\u001b[J`)).toBe(true);
    shown.note("stopping");
    shown.show(SCENE);
    expect(written[3]).not.toContain("\u001b");
  });

  it("shows orders by state, fills, position, requests and latency", () => {
    const { written, screen: shown } = screen(120);
    shown.show(SCENE);
    expect(written[0]).toContain("30 placed   live: resting 9");
    expect(written[0]).toContain("ended: filled 21");
    expect(written[0]).toContain("25   position: BTC -0.002");
    expect(written[0]).toContain("3 in flight, 0 queued, 0 in doubt");
    expect(written[0]).toContain("p50 40 ms, p99 80 ms");
    expect(written[0]).toContain("64000   5 bids, 4 asks");
    expect(written[0]).toContain("doubts     3 arose, 1 open, certain after p50 900 ms");
    expect(written[0]).toContain("weather    storm, 12 faults");
  });

  it("never lets a line wrap", () => {
    const { written, screen: shown } = screen(30);
    shown.show(SCENE);
    for (const line of written.join("").split("\n")) expect(line.length).toBeLessThan(30);
  });

  it("writes one line at a time where nobody looks", () => {
    const { written, screen: shown } = screen(undefined);
    shown.show(SCENE);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^[^\n]*\n$/);
    expect(written[0]).toContain("orders 30 | live resting 9 | ended filled 21 | fills 25");
  });
});
