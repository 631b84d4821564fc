import type { Terminal } from "./terminal.ts";

/** What one word of the `cloister` command does. */
export type Command = {
  /** What `--help` prints. */
  readonly usage: string;
  /** Ends with the exit code. @throws UsageError */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;
