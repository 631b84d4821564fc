import type { Answer } from "@cloister/model";
import { readStatuses, wholeRefusal } from "./element-status.ts";
import { isRecord, type JsonRecord, parseJson, textOf } from "./json.ts";
import { refusalOf } from "./refusals.ts";

/** An exchange answer as it came: over REST a status and a text, over the socket a parsed payload or an error text. */
export type RawAnswer = {
  readonly status?: number;
  readonly body?: unknown;
  readonly text?: string;
};

const KEPT_CHARACTERS = 2_000;
/** What the venue says when it could not even read the request (protocol §1). A proxy speaks otherwise. */
const UNREADABLE = ["Failed to parse", "Failed to deserialize", "Expected request with"];

/**
 * An answer of `/exchange` or of an action post, with what it says of the nonce (design §3, protocol §7).
 * What is not known to be a verdict is `unknown`: then the order is looked for, never guessed.
 */
export function decodeAnswer({ status, body, text }: RawAnswer): Answer {
  if (status !== undefined && status !== 200) return httpAnswer(status, text ?? textOf(body));
  if (body !== undefined) return isRecord(body) ? bodyAnswer(body) : unknown(textOf(body));
  if (text === undefined) return unknown(textOf(body));
  return textAnswer(text, status);
}

function textAnswer(text: string, status: number | undefined): Answer {
  const mirrored = status === undefined ? mirroredStatus(text) : undefined;
  if (mirrored !== undefined) return socketAnswer(mirrored, text);
  const body = parseJson(text);
  return isRecord(body) ? bodyAnswer(body) : (refusalOf(text) ?? unknown(text));
}

/** A socket's error text begins with the HTTP status that it mirrors (protocol §3). */
function mirroredStatus(text: string): number | undefined {
  const digits = /^(\d{3}) [A-Z][A-Za-z -]*(?::|$)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** No proxy speaks inside a socket: the status is the venue's own word. */
function socketAnswer(status: number, text: string): Answer {
  return isUnreadable(status) ? malformed(text) : httpAnswer(status, text);
}

function httpAnswer(status: number, text: string): Answer {
  if (status === 429) return { admission: "notAdmitted", reason: "throttled", text: kept(text) };
  if (isUnreadable(status) && UNREADABLE.some((words) => text.includes(words))) {
    return malformed(text);
  }
  if (text.startsWith(String(status))) return unknown(text);
  return unknown(text === "" ? `HTTP ${status}` : `HTTP ${status}: ${text}`);
}

function isUnreadable(status: number): boolean {
  return status === 400 || status === 415 || status === 422;
}

function malformed(text: string): Answer {
  return { admission: "notAdmitted", reason: "malformed", text: kept(text) };
}

function bodyAnswer(body: JsonRecord): Answer {
  const response = body["response"];
  if (body["status"] === "err" && typeof response === "string") {
    return refusalOf(response) ?? wholeRefusal(response) ?? unknown(response);
  }
  if (body["status"] === "ok" && isRecord(response) && typeof response["type"] === "string") {
    return admitted(response["type"], response["data"]);
  }
  return unknown(textOf(body));
}

/** Orders and cancels list what became of each element; other actions list nothing (protocol §7.1). */
function admitted(type: string, data: unknown): Answer {
  const statuses = isRecord(data) ? data["statuses"] : undefined;
  if (Array.isArray(statuses)) return { admission: "admitted", statuses: readStatuses(statuses) };
  return type === "order" || type === "cancel"
    ? { admission: "admitted", statuses: [] }
    : { admission: "admittedBare" };
}

function unknown(text: string): Answer {
  return { admission: "unknown", text: kept(text) };
}

/** An HTML page is kept as evidence, not at any length. */
function kept(text: string): string {
  return text.slice(0, KEPT_CHARACTERS);
}
