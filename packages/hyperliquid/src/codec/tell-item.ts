import { decodeParsedFrame } from "./decode-frame.ts";
import { isInfoType } from "./decode-info.ts";
import { evidence, ignored, notUnderstood, type Told } from "./decoded-line.ts";
import { decodeAnswer } from "./exchange-answer.ts";
import type { Frame, PostFrame } from "./frame.ts";
import { isRecord, type JsonRecord, textOf } from "./json.ts";
import { tellAnswerLines, tellFact } from "./tell-facts.ts";
import { tellBroken, tellInfo } from "./tell-info.ts";

/** Whether a value tells by itself what it is; anything else is a bare body. */
export function isMarked(value: unknown): value is JsonRecord {
  return isRecord(value) && (isFrame(value) || isSent(value) || isPair(value) || isAnswer(value));
}

/** What an item of a file is to the engine: at least one line. `as` names the info type of a bare body. */
export function tellItem(value: unknown, as: string | undefined): readonly Told[] {
  if (isMarked(value)) {
    if (isFrame(value)) return tellFrame(decodeParsedFrame(value), textOf(value));
    if (isSent(value)) {
      return [ignored("request", "sent by a client, not by the venue")];
    }
    return isPair(value) ? tellPair(value) : tellAnswerLines(decodeAnswer({ body: value }), value);
  }
  if (isInfoType(as)) return tellInfo(as, value);
  const told =
    as === undefined
      ? "neither a frame, an exchange answer nor a {request, response} pair; name the info type of a bare body"
      : `no decoder for the info type ${as}`;
  return [notUnderstood("body", told, textOf(value))];
}

function tellFrame(frame: Frame, text: string): readonly Told[] {
  switch (frame.kind) {
    case "facts": {
      const lines = frame.facts.flatMap((fact) => tellFact(frame.channel, fact));
      return lines.length > 0 ? lines : [ignored(frame.channel, "an empty list")];
    }
    case "subscribed":
    case "unsubscribed":
      return [ignored("subscriptionResponse", `${frame.kind}: ${textOf(frame.subscription)}`)];
    case "pong":
      return [ignored("pong", "the connection lives")];
    case "post":
      return tellPost(frame);
    case "error":
      return frame.postId === undefined
        ? [ignored("error", `the connection's matter: ${frame.text}`)]
        : [evidence("error", `refuses post ${frame.postId}: ${frame.text}`)];
    case "market":
      return [
        ignored(frame.channel, "prices are for strategies, no order"),
        ...tellBroken(frame.channel, frame.broken),
      ];
    case "greeting":
      return [ignored("greeting", "the venue greets")];
    case "unrecognized":
      return [notUnderstood(frame.channel, frame.reason, text)];
    default:
      return [frame satisfies never];
  }
}

function tellPost(frame: PostFrame): readonly Told[] {
  if (frame.type === "action") {
    return tellAnswerLines(decodeAnswer({ body: frame.body }), frame.body);
  }
  if (frame.type === "error") {
    return tellAnswerLines(decodeAnswer({ text: frame.body }), frame.body);
  }
  return tellRead(frame.infoType, frame.body);
}

/** A request (`/info`, `/exchange`, or the post of one) and what came back. */
function tellPair({ request, response }: JsonRecord): readonly Told[] {
  if (isRecord(response) && isFrame(response)) return tellItem(response, undefined);
  const asked = askedBy(request);
  if (isRecord(asked) && typeof asked["type"] === "string") {
    return tellRead(asked["type"], response);
  }
  if (isRecord(asked) && isRecord(asked["action"])) {
    return tellAnswerLines(decodeAnswer({ body: response }), response);
  }
  return [
    notUnderstood(
      "pair",
      "the request names neither an info type nor an action",
      textOf({ request, response }),
    ),
  ];
}

function askedBy(request: unknown): unknown {
  if (!isRecord(request) || !isRecord(request["request"])) return request;
  return request["request"]["payload"];
}

function tellRead(type: string, body: unknown): readonly Told[] {
  return isInfoType(type)
    ? tellInfo(type, body)
    : [notUnderstood(type, `no decoder for the info type ${type}`, textOf(body))];
}

function isFrame(value: JsonRecord): boolean {
  return typeof value["channel"] === "string";
}

function isSent(value: JsonRecord): boolean {
  return typeof value["method"] === "string";
}

function isPair(value: JsonRecord): boolean {
  return "request" in value && "response" in value;
}

function isAnswer(value: JsonRecord): boolean {
  return "response" in value && (value["status"] === "ok" || value["status"] === "err");
}
