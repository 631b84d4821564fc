import { randomBytes, randomInt } from "node:crypto";
import type { Clock, Random } from "@cloister/model";

/** The hour and the timers of this machine. The only file of the engine that touches them. */
export function systemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, Math.ceil(delayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** The machine's own randomness, fit for ids. */
export function systemRandom(): Random {
  const range = 2 ** 47;
  return {
    next: () => randomInt(range) / range,
    bytes: (length) => randomBytes(length),
  };
}
