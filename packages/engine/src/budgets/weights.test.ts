import { expect, it } from "vitest";
import { fillOf } from "../situations/rig.fixture.ts";
import { weightOfAction, weightOfQuery, weightOfReport } from "./weights.ts";

it("reads weigh what the venue says they do, lists once per dex (protocol §12.1)", () => {
  const weights = (["openOrders", "positions", "budget", "key", "markets"] as const).map((kind) => [
    weightOfQuery({ kind }, 1),
    weightOfQuery({ kind }, 3),
  ]);
  expect(weights).toEqual([
    [20, 60],
    [4, 8],
    [20, 20],
    [80, 80],
    [60, 100],
  ]);
  expect(weightOfQuery({ kind: "fills", fromMs: 0 }, 3)).toBe(20);
});

it("rows weigh one for twenty, further pages as much as the first, never less than the venue counts", () => {
  const fills = (count: number) => Array.from({ length: count }, (_, tid) => fillOf(7, tid + 1));
  const weight = (count: number, pages: number) =>
    weightOfReport({ kind: "fills", fills: fills(count), complete: true, pages });
  expect(weight(19, 1)).toBe(0);
  expect(weight(20, 1)).toBe(1);
  expect(weight(45, 3)).toBeGreaterThanOrEqual(2 * 20 + 2);
  expect(weightOfReport({ kind: "openOrders", orders: [] })).toBe(0);
});

it("an action weighs one, and one more for forty of its elements", () => {
  expect([1, 39, 40, 79, 80, 200].map(weightOfAction)).toEqual([1, 1, 2, 2, 3, 6]);
});
