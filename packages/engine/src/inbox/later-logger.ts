import { type LogFields, type Logger, SILENT } from "@cloister/model";

/** A logger that hears nothing of what earlier lives have told already. */
export function laterLogger(logger: Logger, hasBegun: () => boolean): Logger {
  if (logger === SILENT) return SILENT;
  const told =
    (level: "debug" | "info" | "warn" | "error") =>
    (fields: LogFields, message: string): void => {
      if (hasBegun()) logger[level](fields, message);
    };
  return { debug: told("debug"), info: told("info"), warn: told("warn"), error: told("error") };
}
