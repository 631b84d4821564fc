import type { Cancel, Clock } from "@cloister/model";

/** Calls again and again until canceled. */
export function repeat(clock: Clock, everyMs: number, step: () => void): Cancel {
  let cancel: Cancel = () => undefined;
  const arm = (): void => {
    cancel = clock.after(everyMs, () => {
      arm();
      step();
    });
  };
  arm();
  return () => cancel();
}
