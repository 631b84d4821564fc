import type { LogFields, Logger } from "@cloister/model";
import { type DestinationStream, pino, stdSerializers } from "pino";

/** Names under which a secret could come; pino redacts by fixed depth, so two depths are named. */
const SECRETS = ["privateKey", "key", "secret", "signature", "mnemonic"];

/** A pino logger behind the `Logger` port. Fields that could hold a secret are cut out. */
export function pinoLogger(
  options: { readonly level?: string; readonly destination?: DestinationStream } = {},
): Logger {
  const { level = "info", destination } = options;
  const settings = {
    level,
    // pino writes an error's message, stack and causes under `err` by itself; `error` is spelled out by some callers.
    serializers: { error: stdSerializers.err },
    redact: {
      paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: "[redacted]",
    },
  };
  const logger = destination === undefined ? pino(settings) : pino(settings, destination);
  return {
    debug: (fields: LogFields, message: string) => logger.debug(fields, message),
    info: (fields: LogFields, message: string) => logger.info(fields, message),
    warn: (fields: LogFields, message: string) => logger.warn(fields, message),
    error: (fields: LogFields, message: string) => logger.error(fields, message),
  };
}
