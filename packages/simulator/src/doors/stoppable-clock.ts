import type { Cancel, Clock } from "@cloister/model";

/** A clock whose timers can be called off together, so that a long delay does not keep a process alive. */
export type StoppableClock = Clock & { stop(): void };

export function stoppableClock(clock: Clock): StoppableClock {
  const waiting = new Set<Cancel>();
  let stopped = false;
  return {
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    after(delayMs, callback) {
      if (stopped) return () => {};
      const cancel = clock.after(delayMs, () => {
        waiting.delete(forget);
        callback();
      });
      const forget = (): void => {
        waiting.delete(forget);
        cancel();
      };
      waiting.add(forget);
      return forget;
    },
    stop() {
      stopped = true;
      for (const cancel of Array.from(waiting)) cancel();
    },
  };
}
