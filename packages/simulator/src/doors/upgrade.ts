import type { IncomingMessage, Server } from "node:http";
import type { WebSocketServer } from "ws";

/** A raw connection. */
export type Duplex = Parameters<WebSocketServer["handleUpgrade"]>[1];

/** A client that asks for another protocol on its connection. */
export type Knock = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
};

const NOT_ANSWERED: readonly string[] = ["upgrade", "connection", "http2-settings"];

/**
 * Hands those who want a WebSocket on. A wish for anything else is not granted, and the request is answered as it is
 * (RFC 9110 §7.8): Java's HTTP client asks for HTTP/2 with each first request.
 */
export function onUpgrade(server: Server, wanted: (knock: Knock) => void): void {
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    if (request.headers.upgrade?.toLowerCase() === "websocket") {
      wanted({ request, socket, head });
      return;
    }
    socket.unshift(Buffer.concat([Buffer.from(plainHead(request), "latin1"), head]));
    server.emit("connection", socket);
  });
}

/** The head of a request without its wish. */
function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (!NOT_ANSWERED.includes(name.toLowerCase())) head += `${name}: ${rawHeaders[at + 1]}\r\n`;
  }
  return `${head}\r\n`;
}
