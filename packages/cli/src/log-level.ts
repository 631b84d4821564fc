import { UsageError } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** How much is logged: CLOISTER_LOG, else errors only. @throws UsageError for an unknown level. */
export function logLevel(terminal: Pick<Terminal, "env">): LogLevel {
  const text = terminal.env("CLOISTER_LOG") ?? "error";
  const level = LEVELS.find((known) => known === text);
  if (level === undefined) throw new UsageError(`CLOISTER_LOG must be one of ${LEVELS.join(", ")}`);
  return level;
}
