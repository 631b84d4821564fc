import type { Cancel, Clock } from "@cloister/model";

/** At most one timer per name; arming it again moves it. */
export type NamedTimers<Name extends string> = {
  readonly arm: (name: Name, delayMs: number, callback: () => void) => void;
  readonly disarm: (name: Name) => void;
  readonly disarmAll: () => void;
};

export function namedTimers<Name extends string>(clock: Clock): NamedTimers<Name> {
  const armed = new Map<Name, Cancel>();

  function disarm(name: Name): void {
    armed.get(name)?.();
    armed.delete(name);
  }

  return {
    arm: (name, delayMs, callback) => {
      disarm(name);
      armed.set(
        name,
        clock.after(delayMs, () => {
          armed.delete(name);
          callback();
        }),
      );
    },
    disarm,
    disarmAll: () => {
      for (const name of armed.keys()) disarm(name);
    },
  };
}
