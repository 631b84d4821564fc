import { ManualClock } from "@cloister/model";
import { faultSwitch, READY_PLANS, readFaultPlan } from "@cloister/simulator";
import { expect, it } from "vitest";
import { readForecast, weatherOf } from "./weather.ts";

it("knows the ready plans by their names, and takes anything else for a file", async () => {
  expect(await readForecast("storm")).toEqual({
    taken: { name: "storm", plan: READY_PLANS.storm },
  });
  expect(await readForecast("no-such-plan")).toEqual({
    refused: expect.stringContaining("no-such-plan"),
  });
});

it("counts what went wrong, and ends it", () => {
  const plan = readFaultPlan({ seed: 1, faults: [{ what: "loseAction" }] });
  const faults = faultSwitch(plan, { clock: new ManualClock() });
  const weather = weatherOf({ name: "deaf", plan }, faults);
  const act = () => faults.faults.action?.({ type: "noop", nonce: 1, count: 1, block: 1 });
  expect([act(), act(), weather.name, weather.faults]).toEqual(["lose", "lose", "deaf", 2]);
  weather.calm();
  expect([act(), weather.name, weather.faults]).toEqual(["execute", "calm", 2]);
});
