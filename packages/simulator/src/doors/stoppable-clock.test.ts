import { ManualClock } from "@cloister/model";
import { expect, it } from "vitest";
import { stoppableClock } from "./stoppable-clock.ts";

it("calls back like the clock it stands on, and never after it was stopped", () => {
  const manual = new ManualClock(1_000);
  const clock = stoppableClock(manual);
  const heard: string[] = [];
  clock.after(10, () => heard.push("first"));
  clock.after(10, () => heard.push("canceled"))();
  clock.after(86_400_000, () => heard.push("a day later"));
  manual.advanceBy(10);
  expect([heard, clock.wallMs(), clock.monotonicMs()]).toEqual([
    ["first"],
    manual.wallMs(),
    manual.monotonicMs(),
  ]);
  clock.stop();
  clock.after(1, () => heard.push("too late"));
  manual.advanceBy(86_400_000);
  expect(heard).toEqual(["first"]);
});
