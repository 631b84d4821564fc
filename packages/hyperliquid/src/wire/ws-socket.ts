import type { WireHandlers, WireSocket } from "@cloister/model";
import { type RawData, WebSocket } from "ws";
import { faultText } from "./fault-text.ts";

const HANDSHAKE_TIMEOUT_MS = 10_000;
const FRAME_BYTES_MAX = 64 * 1024 * 1024;
/** What the protocol calls "closed without a close frame". */
const NO_CLOSE_FRAME = 1006;
const GOING = 1000;

/** One real socket. Every fault ends as `closed`, exactly once. */
export function openSocket(url: string, handlers: WireHandlers): WireSocket {
  const socket = dial(url);
  let fault = "";
  let over = false;

  function end(code: number, reason: string): void {
    if (over) return;
    over = true;
    handlers.closed(code, reason);
  }

  if (socket instanceof Error) {
    queueMicrotask(() => end(NO_CLOSE_FRAME, socket.message));
    return { send: () => "never", close: () => {} };
  }
  socket.on("open", () => handlers.opened());
  socket.on("message", (data) => handlers.received(textOf(data)));
  socket.on("error", (error) => {
    fault = faultText(error);
  });
  socket.on("close", (code, reason) => end(code, reason.toString("utf8") || fault));
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN) return "never";
      // A failed write is followed by `close`, which is where it is told.
      socket.send(text, () => {});
      return "written";
    },
    close: () => {
      if (socket.readyState === WebSocket.OPEN) socket.close(GOING);
      socket.terminate();
    },
  };
}

/** A malformed URL throws in the constructor: it is told like every other fault. */
function dial(url: string): WebSocket | Error {
  try {
    return new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: FRAME_BYTES_MAX,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Binary frames are read as text: the venue's words count, not their wrapping. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}
