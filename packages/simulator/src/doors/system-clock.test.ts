import { expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

it("does not ring at once for what is further away than a timer reaches", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const rings: string[] = [];
  const clock = systemClock();
  clock.after(2 ** 31, () => rings.push("far"));
  clock.after(-5, () => rings.push("past"));
  vi.advanceTimersByTime(1_000);
  expect(rings).toEqual(["past"]);
});
