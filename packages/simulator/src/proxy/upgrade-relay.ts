import type { IncomingMessage } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import type { Duplex, Knock } from "../doors/upgrade.ts";
import { forwardedHeaders } from "./headers.ts";
import type { RequestTerms } from "./request-relay.ts";
import { SocketRelay } from "./socket-relay.ts";

/** Longer frames end the connection, with 1009. Above what any exchange sends. */
const FRAME_MAX = 64_000_000;
/** Bytes of a refusal that are passed on. */
const REFUSAL_MAX = 1_000_000;

/** Opens sockets: first at the upstream, whose word is the client's answer, then for the client. */
export class UpgradeRelay {
  readonly #terms: RequestTerms;
  readonly #protocols = new WeakMap<IncomingMessage, string>();
  readonly #open = new Set<WebSocket>();
  readonly #clients: WebSocketServer;

  constructor(terms: RequestTerms) {
    this.#terms = terms;
    this.#clients = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: FRAME_MAX,
      autoPong: false,
      handleProtocols: (_offered, request) => this.#protocols.get(request) ?? false,
    });
  }

  take(knock: Knock): void {
    try {
      this.#connect(knock);
    } catch {
      // The client asks for something that cannot be asked for, like a protocol that is no word.
      refuse(knock.socket, { status: 400, phrase: "Bad Request", body: "" });
    }
  }

  close(): void {
    for (const socket of this.#open) socket.terminate();
    this.#clients.close();
  }

  #connect(knock: Knock): void {
    const { request, socket } = knock;
    const upstream = this.#knock(request);
    this.#keep(upstream);
    const gone = (): void => upstream.terminate();
    socket.on("close", gone);
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      const body = `the upstream cannot be reached: ${error.code ?? error.message}`;
      refuse(socket, { status: 502, phrase: "Bad Gateway", body });
    });
    upstream.on("unexpected-response", (_asked, answer) => {
      relayRefusal(answer, socket, gone);
    });
    upstream.on("open", () => {
      // From now on its close is a message for the other end.
      socket.off("close", gone);
      if (upstream.protocol !== "") this.#protocols.set(request, upstream.protocol);
      this.#accept(knock, upstream);
    });
  }

  #knock({ url = "/", headers, rawHeaders }: IncomingMessage): WebSocket {
    const { upstream, patienceMs } = this.#terms;
    const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
    const more: Record<string, string> = {};
    for (const [name, value] of forwardedHeaders(rawHeaders, ["host"])) {
      if (!/^sec-websocket-/i.test(name)) more[name] = value;
    }
    return new WebSocket(`${upstream.ws}${url}`, offered ?? [], {
      headers: more,
      perMessageDeflate: false,
      maxPayload: FRAME_MAX,
      autoPong: false,
      handshakeTimeout: patienceMs,
    });
  }

  /** The upstream is open: the client is let in, with what both have already said. */
  #accept({ request, socket, head }: Knock, upstream: WebSocket): void {
    upstream.removeAllListeners("error");
    upstream.on("error", () => {});
    const opened: WebSocket[] = [];
    this.#clients.handleUpgrade(request, socket, head, (client) => {
      opened.push(client);
      this.#keep(client);
      new SocketRelay({ client, upstream }, this.#terms);
    });
    // Its handshake was wrong, or it is gone.
    if (opened.length === 0) upstream.terminate();
  }

  #keep(socket: WebSocket): void {
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
  }
}

type Refusal = { readonly status: number; readonly phrase: string; readonly body: string | Buffer };

/** The upstream's own refusal, as it gave it. */
function relayRefusal(answer: IncomingMessage, socket: Duplex, done: () => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = (): void => {
    const { statusCode: status = 502, statusMessage: phrase = "" } = answer;
    const type = answer.headers["content-type"];
    refuse(socket, { status, phrase, body: Buffer.concat(chunks) }, type);
    done();
  };
  answer.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= REFUSAL_MAX) chunks.push(chunk);
    else answer.destroy();
  });
  answer.on("error", () => {});
  answer.on("close", finish);
}

function refuse(socket: Duplex, { status, phrase, body }: Refusal, type = "text/plain"): void {
  if (!socket.writable) return;
  socket.write(
    `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-type: ${type}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  socket.end(body);
}
