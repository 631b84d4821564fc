import process from "node:process";
import { text } from "node:stream/consumers";
import { run } from "./run.ts";
import type { Terminal } from "./terminal.ts";

const terminal: Terminal = {
  out: (words) => void process.stdout.write(words),
  err: (words) => void process.stderr.write(words),
  columns: () => (process.stdout.isTTY ? process.stdout.columns : undefined),
  env: (name) => process.env[name],
  readStdin: () => text(process.stdin),
  onInterrupt(listener) {
    const told = (): void => listener();
    process.on("SIGINT", told);
    process.on("SIGTERM", told);
    return () => {
      process.off("SIGINT", told);
      process.off("SIGTERM", told);
    };
  },
  exitNow: (code) => process.exit(code),
};

// A reader that goes away (`cloister … | head`) is no fault of the command.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), terminal);
