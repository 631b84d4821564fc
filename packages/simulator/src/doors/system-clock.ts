import type { Clock } from "@cloister/model";

/** A timer of the machine that is set for longer rings at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own hour and timers: the only file of this room that reads them. */
export function systemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), LONGEST_MS));
      return () => clearTimeout(timer);
    },
  };
}
