import { expect, it } from "vitest";
import { ALARMS } from "./alarms.ts";

it.each(Object.entries(ALARMS))("%s says what happened and what to do", (name, advice) => {
  expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  expect(advice).toMatch(/^[A-Z].+\.$/);
  expect(advice.length).toBeLessThanOrEqual(120);
});
