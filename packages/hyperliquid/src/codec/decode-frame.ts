import { channelDecoder } from "./channels.ts";
import type { Frame } from "./frame.ts";
import { isRecord, parseJson } from "./json.ts";

/** The plain text that some deployments send after the open (protocol §2.1). */
const GREETING = "Websocket connection established.";

/**
 * What a text frame of the venue's socket says, in our words. Never throws: what it does not
 * understand is `unrecognized`, as a whole or as single elements among the facts.
 */
export function decodeFrame(text: string): Frame {
  const frame = parseJson(text);
  if (frame !== undefined) return decodeParsedFrame(frame);
  return text.trim() === GREETING
    ? { kind: "greeting" }
    : { kind: "unrecognized", channel: "", reason: "the text is not JSON" };
}

/** The same for a frame that is parsed already. */
export function decodeParsedFrame(frame: unknown): Frame {
  if (!isRecord(frame)) {
    return { kind: "unrecognized", channel: "", reason: "the frame is not an object" };
  }
  const channel = frame["channel"];
  if (typeof channel !== "string") {
    return { kind: "unrecognized", channel: "", reason: "the frame names no channel" };
  }
  return channelDecoder(channel)(frame["data"]);
}
