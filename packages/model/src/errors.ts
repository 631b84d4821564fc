/** What the venue may have seen of a request that failed. */
export type Outcome = "never-sent" | "refused" | "unknown";

/** Every code an error of this library can carry. The README table is generated from this list. */
export const ERROR_CODES = {
  invalidSpec: "A field of a command breaks a static rule (tick, lot, notional, side, number).",
  unknownCoin: "The venue lists no such coin.",
  duplicateCloid: "The cloid belongs to another order of this engine.",
  invalidOption: "An option of createEngine, hyperliquid or another factory has a bad value.",
  wrongAccount: "The address is not an account that may trade here (an agent's, or unknown).",
  wrongKey: "The key may not sign for the account.",
  journalLocked: "Another process writes this journal.",
  journalVersion: "The journal was written by a newer version.",
  journalFailed: "The journal could not record the command; nothing was sent.",
  closed: "The engine is closed.",
  ticksGap:
    "A subscriber was too slow, or asked for ticks that are no longer kept or not there yet.",
  venueFailed: "The venue could not be reached or read while starting.",
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Facts of an error that a program can act on. Values are as given, never keys. */
export type ErrorDetails = {
  readonly field?: string;
  readonly value?: unknown;
  readonly rule?: string;
  readonly from?: number;
  readonly to?: number;
};

/**
 * The one error family. `code` says what, `outcome` what the venue may have seen,
 * `details` names the field, the value and the rule, `cause` keeps what led here.
 */
export class CloisterError extends Error {
  override readonly name = "CloisterError";
  readonly code: ErrorCode;
  readonly outcome: Outcome;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { outcome?: Outcome; details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.outcome = options.outcome ?? "never-sent";
    this.details = options.details ?? {};
  }
}

/** A field of a command that breaks a static rule. Nothing was sent. */
export function invalidSpec(field: string, value: unknown, rule: string): CloisterError {
  return new CloisterError("invalidSpec", `${field} ${show(value)}: ${rule}`, {
    details: { field, value, rule },
  });
}

/** An option that breaks its rule. */
export function invalidOption(field: string, value: unknown, rule: string): CloisterError {
  return new CloisterError("invalidOption", `option ${field} ${show(value)}: ${rule}`, {
    details: { field, value, rule },
  });
}

/** A value as one short line, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "object" && value !== null) return Object.prototype.toString.call(value);
  return String(value);
}
