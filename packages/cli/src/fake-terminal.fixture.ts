import type { Interruption, Terminal } from "./terminal.ts";

type Said = {
  readonly out: () => string;
  readonly err: () => string;
  /** Presses Ctrl-C, or goes away. */
  readonly interrupt: (why?: Interruption) => void;
  readonly exits: readonly number[];
};

/** A terminal for tests: it keeps what was said and does what it is told. */
export function fakeTerminal(
  given: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): { readonly terminal: Terminal; readonly said: Said } {
  let out = "";
  let err = "";
  const exits: number[] = [];
  const listeners = new Set<(why: Interruption) => void>();
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    drained: () => Promise.resolve(),
    err: (text) => {
      err += text;
    },
    columns: () => undefined,
    env: (name) => given.env?.[name],
    readStdin: () => Promise.resolve(given.stdin ?? ""),
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code) => void exits.push(code),
  };
  const interrupt = (why: Interruption = "signal"): void => {
    for (const listener of [...listeners]) listener(why);
  };
  return { terminal, said: { out: () => out, err: () => err, interrupt, exits } };
}
