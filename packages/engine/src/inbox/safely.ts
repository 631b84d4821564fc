import type { LogFields, Logger } from "@cloister/model";

/** What was thrown, in one line. */
export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `threw ${typeof error}`;
}

/** Calls it; what it throws goes to `failed` and no further. */
export function safely(call: () => void, failed: (error: unknown) => void): void {
  try {
    call();
  } catch (error) {
    failed(error);
  }
}

/** The same logger, of which nothing that it throws is ever seen: a full disk must not lose an order. */
export function quietLogger(logger: Logger): Logger {
  const quiet =
    (level: "debug" | "info" | "warn" | "error") =>
    (fields: LogFields, message: string): void =>
      safely(
        () => logger[level](fields, message),
        () => undefined,
      );
  return {
    debug: quiet("debug"),
    info: quiet("info"),
    warn: quiet("warn"),
    error: quiet("error"),
  };
}
