import { type Decimal, readDecimal } from "@cloister/model";
import { fieldOf, listOf, parsed, textOf } from "./json.ts";

/** What became of one element of an action (protocol §7.1). */
export type ElementTold =
  | { readonly kind: "resting"; readonly oid: number }
  | { readonly kind: "filled"; readonly oid: number; readonly size: Decimal | undefined }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "word"; readonly text: string };

/** An answer of `/exchange`, read by the probe's own eyes: it shares no code with what leans on it. */
export type Answer = {
  readonly httpStatus: number;
  /** As it came. */
  readonly body: string;
  readonly isOk: boolean;
  /** Why the whole request was refused; empty when it was not. */
  readonly refusal: string;
  readonly elements: readonly ElementTold[];
};

export function readAnswer(httpStatus: number, body: string): Answer {
  const read = parsed(body);
  const status = fieldOf(read, "status");
  const response = fieldOf(read, "response");
  return {
    httpStatus,
    body,
    isOk: status === "ok",
    refusal: status === "ok" ? "" : textOf(response) || body,
    elements: listOf(fieldOf(fieldOf(response, "data"), "statuses")).map(elementOf),
  };
}

function elementOf(status: unknown): ElementTold {
  if (typeof status === "string") return { kind: "word", text: status };
  const error = fieldOf(status, "error");
  if (typeof error === "string") return { kind: "error", text: error };
  const resting = fieldOf(fieldOf(status, "resting"), "oid");
  if (typeof resting === "number") return { kind: "resting", oid: resting };
  const filled = fieldOf(status, "filled");
  const oid = fieldOf(filled, "oid");
  if (typeof oid === "number") {
    return { kind: "filled", oid, size: readDecimal(fieldOf(filled, "totalSz")) };
  }
  return { kind: "word", text: JSON.stringify(status) };
}

/** The only element in few words, or why there is none. */
export function toldOf(answer: Answer): string {
  const [first] = answer.elements;
  if (!answer.isOk) return answer.refusal;
  if (first === undefined) return "ok";
  return "text" in first ? first.text : first.kind;
}
