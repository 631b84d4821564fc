import type { LogFields, Logger } from "@cloister/model";

/** Calls back; what a callback of the host throws is logged and harms nobody (design rule 8). */
export function harmless(callback: () => void, logger: Logger): void {
  try {
    callback();
  } catch (error) {
    quietLogger(logger).error({ error }, "a callback threw");
  }
}

/** The same logger; when it throws, the line is lost and nothing else. */
export function quietLogger(logger: Logger): Logger {
  const quiet = (level: keyof Logger) => (fields: LogFields, message: string) => {
    try {
      logger[level](fields, message);
    } catch {
      // There is nobody left to tell.
    }
  };
  return { debug: quiet("debug"), info: quiet("info"), warn: quiet("warn"), error: quiet("error") };
}
