import type { Terminal } from "./terminal.ts";

/** One word of the `cloister` command. Ends with its exit code. */
export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
};

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;
