import { type Door, submitAction } from "./door.ts";
import type { About } from "../faults/about.ts";
import { isObject, parseFirst } from "../json.ts";
import { actionWeight, readWeight, rowsWeight } from "../limits/request-weight.ts";

export type HttpRequest = {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: string;
};
export type HttpAnswer = { readonly status: number; readonly body: string };

const NOT_JSON = "Failed to parse the request body as JSON";
export const NOT_TYPED = "Failed to deserialize the JSON body into the target type";
const NOT_JSON_TYPE = "Expected request with `Content-Type: application/json`";

/** Answers one POST with the status map of protocol §1. Calls back once, or never when an action is lost. */
export function answerHttp(
  door: Door,
  request: HttpRequest,
  done: (answer: HttpAnswer, about?: About) => void,
): void {
  if (request.path !== "/info" && request.path !== "/exchange") {
    done({ status: 404, body: "" });
    return;
  }
  if (!isJsonType(request.contentType)) {
    done({ status: 415, body: NOT_JSON_TYPE });
    return;
  }
  const parsed = parseFirst(request.body);
  if (parsed === undefined) {
    done({ status: 400, body: NOT_JSON });
    return;
  }
  const isRead = request.path === "/info";
  if (!door.ip.weighs(isRead ? readWeight(parsed.value) : actionWeight(parsed.value))) {
    done({ status: 429, body: "null" });
    return;
  }
  if (isRead) {
    done(readAnswer(door, parsed.value));
    return;
  }
  if (!isObject(parsed.value)) {
    done({ status: 422, body: NOT_TYPED });
    return;
  }
  submitAction(door, parsed.value, (outcome) => {
    if (outcome.kind === "malformed") done({ status: 422, body: NOT_TYPED });
    if (outcome.kind !== "answered") return;
    done({ status: 200, body: JSON.stringify(outcome.body) }, outcome.about);
  });
}

function readAnswer(door: Door, request: unknown): HttpAnswer {
  const answer = door.read("/info", request);
  switch (answer.kind) {
    case "value":
      door.ip.adds(rowsWeight(request, answer.value));
      return { status: 200, body: JSON.stringify(answer.value) };
    case "malformed":
      return { status: 422, body: NOT_TYPED };
    case "fault":
      return { status: 500, body: "null" };
  }
}

function isJsonType(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType?.trim() ?? "");
}
