import type { Clock } from "@cloister/model";
import { EXIT } from "../command.ts";
import type { Terminal } from "../terminal.ts";

/** A person's wish to stop: the first one stops in order, the second one at once. */
export type Stop = {
  /** Resolves when asked; never otherwise. */
  readonly asked: Promise<void>;
  /** Resolves after a time, or at once when asked. */
  within(ms: number): Promise<void>;
  /** Stops listening. */
  release(): void;
};

export function listenForStop(terminal: Terminal, clock: Clock): Stop {
  let ask = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  let times = 0;
  const release = terminal.onInterrupt((why) => {
    // A reader that went away is no second Ctrl-C: the orders must still be canceled.
    if (why === "signal") times += 1;
    if (times > 1) terminal.exitNow(EXIT.interrupted);
    ask();
  });
  return {
    asked,
    release,
    async within(ms) {
      let cancel = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        cancel = clock.after(ms, resolve);
      });
      await Promise.race([over, asked]);
      cancel();
    },
  };
}
