import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { ABNORMAL } from "../faults/edge.ts";
import type { Exchange } from "../exchange.ts";
import type { Faults } from "../faults/faults.ts";
import type { HttpAnswer } from "./http-front.ts";
import {
  checkPort,
  contentTypeOf,
  hostInUrl,
  impatience,
  listen,
  LOOPBACK,
  SLOW_MS,
  stopListening,
} from "./listening.ts";
import { readBody } from "./read-body.ts";
import type { Caller, SocketEdge } from "./socket-edge.ts";
import { onUpgrade } from "./upgrade.ts";

export type ServeOptions = {
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 (default) takes any free port. */
  readonly port?: number;
  /** Misbehaviour of everything on this port; none by default. */
  readonly faults?: Faults;
  /** Who takes longer than this to say a request is cut, ms. Default 20,000. */
  readonly slowMs?: number;
};

export type Served = {
  /** "http://127.0.0.1:4000" */
  readonly http: string;
  /** "ws://127.0.0.1:4000/ws" */
  readonly ws: string;
  /** Cuts every connection and frees the port. The exchange itself goes on until it is closed. */
  close(): Promise<void>;
};

const ROUTES: readonly string[] = ["/info", "/exchange"];
/** Bytes of a body or a frame. The largest batch is a tenth of it. */
const BODY = { max: 2_000_000, cutAt: 32_000_000 };
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Longer than clients keep idle connections, so that no order meets a connection that is just being closed. */
const KEEP_ALIVE_MS = 75_000;
/** A reader that is this many bytes behind is let go. */
const BACKLOG_MAX = 16_000_000;

/**
 * Serves an exchange over HTTP and WebSocket on one port.
 * @throws invalidOption for a bad port; rejects when the port cannot be had.
 */
export async function serveExchange(
  exchange: Exchange,
  options: ServeOptions = {},
): Promise<Served> {
  const { host = LOOPBACK, port = 0, slowMs = SLOW_MS } = options;
  checkPort(port);
  const callers = new Callers();
  const edge = exchange.edge(options.faults);
  const server = createServer(impatience(slowMs), (request, response) => {
    answer(edge, callers, { request, response });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const sockets = new WebSocketServer({
    noServer: true,
    path: "/ws",
    perMessageDeflate: false,
    maxPayload: BODY.max,
  });
  onUpgrade(server, ({ request, socket, head }) => {
    sockets.handleUpgrade(request, socket, head, (opened) => {
      attend(edge, opened, callers.of(request));
    });
  });
  const taken = await listen(server, { host, port });
  const name = hostInUrl(host);
  return {
    http: `http://${name}:${taken}`,
    ws: `ws://${name}:${taken}/ws`,
    close: () => {
      edge.close();
      return shut(server, sockets);
    },
  };
}

class Callers {
  readonly #known = new Map<string, Caller>();

  of(request: IncomingMessage): Caller {
    const address = request.socket.remoteAddress ?? "";
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const fresh = { inFlightPosts: 0 };
    this.#known.set(address, fresh);
    return fresh;
  }
}

function attend(edge: SocketEdge, socket: WebSocket, caller: Caller): void {
  const session = edge.openSession(
    {
      send: (text) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > BACKLOG_MAX) socket.terminate();
        else socket.send(text);
      },
      cut: (code) => {
        if (code === ABNORMAL) socket.terminate();
        else socket.close(code);
      },
    },
    caller,
  );
  socket.on("message", (data) => session.receive(textOf(data)));
  socket.on("close", () => session.over());
  // A close always follows an error; nothing else is to be done here.
  socket.on("error", () => session.over());
}

function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return data instanceof ArrayBuffer ? Buffer.from(data).toString("utf8") : data.toString("utf8");
}

function answer(
  edge: SocketEdge,
  callers: Callers,
  turn: { request: IncomingMessage; response: ServerResponse },
): void {
  const { request, response } = turn;
  request.on("error", () => response.destroy());
  readBody(request, BODY, (body) => {
    if (body === undefined) {
      finish(response, { status: 413, body: "" }, { connection: "close" });
      return;
    }
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (request.method !== "POST" && ROUTES.includes(path)) {
      finish(response, { status: 405, body: "" }, { allow: "POST" });
      return;
    }
    edge.answerHttp(
      { path, contentType: request.headers["content-type"], body: textOfBody(body) },
      callers.of(request),
      { answer: (answered) => finish(response, answered), cut: () => response.destroy() },
    );
  });
}

/** A body that is no UTF-8 is no JSON either: it reads as an empty one. */
function textOfBody(body: Buffer): string {
  try {
    return UTF_8.decode(body);
  } catch {
    return "";
  }
}

function finish(
  response: ServerResponse,
  answered: HttpAnswer,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.writableEnded) return;
  const { status, body } = answered;
  response
    .writeHead(status, {
      "content-type": contentTypeOf(body),
      "content-length": Buffer.byteLength(body),
      ...headers,
    })
    .end(body);
}

async function shut(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await stopListening(server);
}
