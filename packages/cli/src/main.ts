import { once } from "node:events";
import process from "node:process";
import { text } from "node:stream/consumers";
import { EXIT } from "./command.ts";
import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const unheard = new Set<() => void>();
/** How standard output failed, if it did. EPIPE is a reader that went away, which is no fault. */
const failures = new Set<string>();

const terminal: Terminal = {
  out: (words) => void process.stdout.write(words),
  async drained() {
    if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
  },
  err: (words) => void process.stderr.write(words),
  columns: () => (process.stdout.isTTY ? process.stdout.columns : undefined),
  env: (name) => process.env[name],
  readStdin: () => text(process.stdin),
  onInterrupt(listener) {
    const told = (): void => listener("signal");
    const alone = (): void => listener("unheard");
    for (const signal of SIGNALS) process.on(signal, told);
    unheard.add(alone);
    return () => {
      for (const signal of SIGNALS) process.off(signal, told);
      unheard.delete(alone);
    };
  },
  exitNow: (code) => process.exit(code),
};

// A reader that goes away (`cloister … | head`) is no fault of the command. One that has something to leave in order
// is told, and ends by itself; any other ends here.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  const isFirst = failures.size === 0;
  failures.add(error.code ?? "unknown");
  if (unheard.size === 0) process.exit(isFaulty() ? EXIT.failed : EXIT.ok);
  if (isFirst) for (const tell of [...unheard]) tell();
});
// What cannot be said of an error cannot be said at all.
process.stderr.on("error", () => undefined);

const code = await run(process.argv.slice(2), terminal);
process.exitCode = code === EXIT.ok && isFaulty() ? EXIT.failed : code;

function isFaulty(): boolean {
  return [...failures].some((failure) => failure !== "EPIPE");
}
