import { expect, it } from "vitest";
import { isLive, LIVE_STATES, TERMINAL_STATES } from "./order-words.ts";

it("a state is live or terminal, never both", () => {
  expect(LIVE_STATES.every(isLive)).toBe(true);
  expect(TERMINAL_STATES.some(isLive)).toBe(false);
});
