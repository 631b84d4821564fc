import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as ask,
  type RequestListener,
} from "node:http";
import { onTestFinished } from "vitest";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { LOOPBACK, listen, stopListening } from "../doors/listening.ts";
import { systemClock } from "../doors/system-clock.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import { faultsOf } from "../faults/planned-faults.ts";
import { type ProxyTerms, type ServedProxy, serveProxy } from "./serve-proxy.ts";

/** An endpoint of our own making, that says and does what a test wants. */
export type Endpoint = {
  readonly http: string;
  /** What clients sent over sockets, in order. */
  readonly heard: string[];
  /** The sockets that clients opened, and what they asked for them with. */
  readonly sockets: WebSocket[];
  readonly knocks: IncomingMessage[];
  close(): Promise<void>;
};

export async function openEndpoint(
  answer: RequestListener = (_, to) => to.end(),
): Promise<Endpoint> {
  const server = createServer(answer);
  const doors = new WebSocketServer({ server, path: "/ws", autoPong: false });
  const endpoint: Omit<Endpoint, "http" | "close"> = { heard: [], sockets: [], knocks: [] };
  doors.on("error", () => {});
  doors.on("connection", (socket, request) => {
    endpoint.sockets.push(socket);
    endpoint.knocks.push(request);
    socket.on("error", () => {});
    socket.on("message", (data: Buffer, isBinary) => {
      endpoint.heard.push(isBinary ? data.toString("hex") : data.toString("utf8"));
    });
    socket.on("ping", (data) => socket.pong(Buffer.concat([Buffer.from("far "), data])));
  });
  const port = await listen(server, { host: LOOPBACK, port: 0 });
  const close = async (): Promise<void> => {
    for (const socket of doors.clients) socket.terminate();
    await stopListening(server);
  };
  onTestFinished(close);
  return { ...endpoint, http: `http://${LOOPBACK}:${port}`, close };
}

/** A proxy with some faults, closed after the test. */
export async function openProxy(
  upstream: string,
  faults: readonly object[] = [],
  more: Partial<ProxyTerms> = {},
): Promise<ServedProxy> {
  const clock = systemClock();
  const proxy = await serveProxy({
    upstream,
    clock,
    faults: faultsOf(readFaultPlan({ faults }), { clock }),
    ...more,
  });
  onTestFinished(() => proxy.close());
  return proxy;
}

export type Client = {
  readonly socket: WebSocket;
  readonly heard: string[];
  /** The code and the reason it ended with. */
  readonly closed: Promise<string>;
};

export async function connect(url: string, protocols: readonly string[] = []): Promise<Client> {
  const socket = new WebSocket(url, [...protocols], { headers: { "x-who": "me" } });
  const heard: string[] = [];
  socket.on("message", (data: RawData, isBinary) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    heard.push(isBinary ? bytes.toString("hex") : bytes.toString("utf8"));
  });
  const closed = once(socket, "close").then(([code, reason]) => `${code} ${reason}`);
  socket.on("error", () => {});
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return { socket, heard, closed };
}

export type Answered = {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** One request; rejects when it is cut, or not answered in time. */
export function post(url: string, body: string | Buffer, waitMs = 3_000): Promise<Answered> {
  return new Promise((done, fail) => {
    const headers = { "content-type": "application/json", "accept-encoding": "gzip" };
    const asked = ask(url, { method: "POST", headers, timeout: waitMs }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("error", fail).on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) });
      });
    });
    asked.on("timeout", () => asked.destroy(new Error("not answered")));
    asked.on("error", fail);
    asked.end(body);
  });
}
