import { brokenFrame } from "./facts.ts";
import type { Frame } from "./frame.ts";
import { isRecord, readWhole, textOf } from "./json.ts";

const CHANNEL = "post";

/**
 * The answer to a post. Info results are wrapped once more, actions are not (protocol §3).
 * Once the id is read the answer is never lost: an odd one is handed on as an error with its text.
 */
export function decodePost(data: unknown): Frame {
  if (!isRecord(data)) return brokenFrame(CHANNEL, "data is not an object");
  const id = readWhole(data["id"]);
  if (id === undefined) return brokenFrame(CHANNEL, "id is not a whole number");
  const response = data["response"];
  const payload = isRecord(response) ? response["payload"] : undefined;
  switch (isRecord(response) ? response["type"] : undefined) {
    case "action":
      return { kind: "post", id, type: "action", body: payload };
    case "info":
      return infoPost(id, payload);
    case "error":
      return {
        kind: "post",
        id,
        type: "error",
        body: typeof payload === "string" ? payload : textOf(payload),
      };
    default:
      return { kind: "post", id, type: "error", body: textOf(response) };
  }
}

function infoPost(id: number, payload: unknown): Frame {
  const infoType = isRecord(payload) ? payload["type"] : undefined;
  return isRecord(payload) && typeof infoType === "string"
    ? { kind: "post", id, type: "info", infoType, body: payload["data"] }
    : { kind: "post", id, type: "error", body: textOf(payload) };
}
