import type { Clock } from "@cloister/model";

/** Node waits at most this long; a longer delay would fire at once. */
const DELAY_MAX_MS = 2_147_483_647;

/** The machine's own clock: the one place of this room that reads the hour or sets a timer. */
export function systemClock(): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), DELAY_MAX_MS));
      return () => clearTimeout(timer);
    },
  };
}
