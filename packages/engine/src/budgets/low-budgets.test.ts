import { describe, expect, it } from "vitest";
import { growing, level, rolling } from "./budget-view.ts";
import { LowBudgets } from "./low-budgets.ts";

const address = (left: number, perMinute = 0) =>
  growing("address", { used: 1_000 - left, limit: 1_000, left, perMinute });

describe("budgets that run out", () => {
  it("situation 119: a tenth left is told once, and again only after there was plenty", () => {
    const low = new LowBudgets(300_000);
    expect(low.judge(address(101))).toBeUndefined();
    expect(low.judge(address(100))).toMatch(/^address: 100 of 1000 left; send fewer/);
    expect(low.judge(address(50))).toBeUndefined();
    expect(low.judge(address(150))).toBeUndefined();
    expect(low.judge(address(90)), "it was never plenty").toBeUndefined();
    expect(low.judge(address(201))).toBeUndefined();
    expect(low.judge(address(90))).toBeDefined();
  });

  it("situation 119: the present rate tells before there is little, but never while there is much", () => {
    const low = new LowBudgets(300_000);
    expect(low.judge(address(501, 1_000))).toBeUndefined();
    expect(low.judge(address(500, 99))).toBeUndefined();
    const text = "address: 500 of 1000 left, 100 per minute are used, it runs out in 300 s";
    expect(low.judge(address(500, 100))).toContain(text);
  });

  it("a sum of the last minute runs out only when more is used than there is", () => {
    const minute = (perMinute: number) =>
      rolling("restWeight", { used: 600, limit: 1_200, left: 600, perMinute });
    expect(minute(1_200)).not.toHaveProperty("runsOutInMs");
    expect(minute(2_400)).toMatchObject({ runsOutInMs: 15_000 });
  });

  it("what is earned faster than it is used never runs out; what is not known is not judged", () => {
    expect(address(50, -10)).not.toHaveProperty("runsOutInMs");
    const low = new LowBudgets(300_000);
    expect(low.judge({ name: "address", used: 7, perMinute: 1_000 })).toBeUndefined();
    expect(low.judge(level("openOrders", 950, 1_000))).toMatch(
      /openOrders: 50 of 1000 left; cancel/,
    );
  });
});
