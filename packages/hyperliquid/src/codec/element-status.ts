import { type Answer, type ElementStatus, readOid } from "@cloister/model";
import { elementError } from "./element-errors.ts";
import { isRecord, type JsonRecord, textOf } from "./json.ts";
import { readAmount, readOptionalCloid } from "./scalars.ts";

/** Each status of an admitted answer, in the order of the action's elements (protocol §7.1). */
export function readStatuses(statuses: readonly unknown[]): readonly ElementStatus[] {
  return statuses.map((status) => readStatus(status, statuses.length === 1));
}

/** A business refusal that came as `err` for the whole request; undefined when the text is not known as one. */
export function wholeRefusal(text: string): Answer | undefined {
  const known = elementError(text);
  if (known === undefined) return undefined;
  return {
    admission: "admitted",
    statuses: [{ kind: "error", cause: known.cause, text, wholeBatch: true }],
  };
}

function readStatus(status: unknown, alone: boolean): ElementStatus {
  if (status === "success") return { kind: "success" };
  if (status === "waitingForFill") return { kind: "waiting", waitsFor: "parent" };
  if (status === "waitingForTrigger") return { kind: "waiting", waitsFor: "trigger" };
  if (!isRecord(status)) return { kind: "unrecognized", text: textOf(status) };
  if (isRecord(status["resting"])) return readResting(status["resting"]) ?? odd(status);
  if (isRecord(status["filled"])) return readFilled(status["filled"]) ?? odd(status);
  const text = status["error"];
  return typeof text === "string" ? readError(text, alone) : odd(status);
}

function readError(text: string, alone: boolean): ElementStatus {
  const known = elementError(text);
  return {
    kind: "error",
    cause: known?.cause ?? "otherReject",
    text,
    wholeBatch: alone && known?.wholeBatch === true,
  };
}

function readResting(resting: JsonRecord): ElementStatus | undefined {
  const oid = readOid(resting["oid"]);
  const cloid = readOptionalCloid(resting["cloid"]);
  if (oid === undefined || cloid === undefined) return undefined;
  return cloid === null ? { kind: "resting", oid } : { kind: "resting", oid, cloid };
}

function readFilled(filled: JsonRecord): ElementStatus | undefined {
  const oid = readOid(filled["oid"]);
  const total = readAmount(filled["totalSz"]);
  const averagePrice = readAmount(filled["avgPx"]);
  const cloid = readOptionalCloid(filled["cloid"]);
  if (
    oid === undefined ||
    total === undefined ||
    averagePrice === undefined ||
    cloid === undefined
  ) {
    return undefined;
  }
  const status = { kind: "filled", oid, total, averagePrice } as const;
  return cloid === null ? status : { ...status, cloid };
}

function odd(status: unknown): ElementStatus {
  return { kind: "unrecognized", text: textOf(status) };
}
