import type { WebSocket } from "ws";

/** A lone surrogate: no text that came as UTF-8 begins with it. */
const BINARY = "\uDC00";

/** A frame as one string, without loss: what is no text is marked. */
export function textOfFrame(data: WebSocket.RawData, isBinary: boolean): string {
  const bytes = bytesOf(data);
  return isBinary ? BINARY + bytes.toString("latin1") : bytes.toString("utf8");
}

/** The frame that `textOfFrame` made a string of. */
export function frameOfText(text: string): { readonly bytes: Buffer; readonly binary: boolean } {
  return text.startsWith(BINARY)
    ? { bytes: Buffer.from(text.slice(1), "latin1"), binary: true }
    : { bytes: Buffer.from(text, "utf8"), binary: false };
}

function bytesOf(data: WebSocket.RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
