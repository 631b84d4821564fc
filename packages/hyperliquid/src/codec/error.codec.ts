import type { ErrorFrame } from "./frame.ts";
import { isRecord, type JsonRecord, parseJson, readWhole, textOf } from "./json.ts";

/** Texts that end in the subscription they speak of (protocol §2.3). */
const ABOUT_SUBSCRIPTION = /^(?:Already (?:un)?subscribed|Invalid subscription):? ?(\{.*)$/s;
/** A frame that the venue could not read, repeated. */
const ABOUT_FRAME = /^Error parsing JSON into valid websocket request: ?(\{.*)$/s;
const TOO_MANY_POSTS = /^too many pending post requests id=(\d+)$/;

/** The error channel: the socket stays open, and most texts repeat what they refuse (protocol §2.3). */
export function decodeError(data: unknown): ErrorFrame {
  const text = typeof data === "string" ? data : textOf(data);
  const postId = refusedPost(text);
  if (postId !== undefined) return { kind: "error", text, postId };
  const subscription = echoed(ABOUT_SUBSCRIPTION, text) ?? refusedSubscription(text);
  return subscription === undefined
    ? { kind: "error", text }
    : { kind: "error", text, subscription };
}

function refusedPost(text: string): number | undefined {
  const counted = TOO_MANY_POSTS.exec(text)?.[1];
  if (counted !== undefined) return readWhole(Number(counted));
  const frame = echoed(ABOUT_FRAME, text);
  return frame?.["method"] === "post" ? readWhole(frame["id"]) : undefined;
}

function refusedSubscription(text: string): JsonRecord | undefined {
  const subscription = echoed(ABOUT_FRAME, text)?.["subscription"];
  return isRecord(subscription) ? subscription : undefined;
}

function echoed(pattern: RegExp, text: string): JsonRecord | undefined {
  const value = parseJson(pattern.exec(text)?.[1] ?? "");
  return isRecord(value) ? value : undefined;
}
