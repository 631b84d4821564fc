import http from "node:http";
import https from "node:https";
import type { Clock, WireAnswer, WireRequest } from "@cloister/model";
import { faultText } from "./fault-text.ts";

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const IDLE_SOCKETS_MAX = 16;

/** Requests over kept-alive HTTP. `node:http` tells whether the socket ever stood; `fetch` does not. */
export type HttpMouth = {
  /** Calls back exactly once. */
  send(request: WireRequest, done: (answer: WireAnswer) => void): void;
  /** Ends open requests as failed and drops idle sockets. */
  close(): void;
};

type Exchange = { readonly fail: (reason: string) => void };

export function httpMouth(origin: string, clock: Clock): HttpMouth {
  const base = origin.replace(/\/+$/, "");
  const secure = origin.startsWith("https:");
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxFreeSockets: IDLE_SOCKETS_MAX,
  });
  const open = new Set<Exchange>();
  let closed = false;

  function send(request: WireRequest, done: (answer: WireAnswer) => void): void {
    if (closed) {
      queueMicrotask(() => done({ kind: "failed", written: "never", reason: "closed" }));
      return;
    }
    let over = false;
    let stood = false;

    function finish(answer: WireAnswer): void {
      if (over) return;
      over = true;
      open.delete(exchange);
      cancelTimeout();
      done(answer);
    }

    function fail(reason: string): void {
      finish({ kind: "failed", written: stood ? "maybe" : "never", reason });
      outgoing.destroy();
    }

    const outgoing = (secure ? https : http).request(`${base}${request.path}`, {
      method: "POST",
      agent,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(request.body),
      },
    });
    const exchange: Exchange = { fail };
    const cancelTimeout = clock.after(request.timeoutMs, () =>
      fail(`no answer within ${request.timeoutMs} ms`),
    );
    open.add(exchange);
    // Until a socket stands not one byte of the request can have left.
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) stood = true;
      else socket.once("connect", () => (stood = true));
    });
    outgoing.on("error", (error) => fail(faultText(error)));
    outgoing.on("close", () => fail("the connection ended"));
    outgoing.on("response", (answer) => collect(answer, { finish, fail }));
    outgoing.end(request.body);
  }

  return {
    send,
    close: () => {
      closed = true;
      for (const exchange of open) exchange.fail("closed");
      agent.destroy();
    },
  };
}

/** Reads the whole body. A cut body is a failure, never a short answer. */
function collect(
  answer: http.IncomingMessage,
  end: { finish: (answer: WireAnswer) => void; fail: (reason: string) => void },
): void {
  const parts: Buffer[] = [];
  let length = 0;
  answer.on("data", (part: Buffer) => {
    length += part.length;
    if (length > ANSWER_BYTES_MAX) end.fail("the answer is too long");
    else parts.push(part);
  });
  answer.on("error", (error) => end.fail(faultText(error)));
  answer.on("end", () => {
    if (!answer.complete) {
      end.fail("the answer was cut off");
      return;
    }
    const body = Buffer.concat(parts).toString("utf8");
    end.finish({ kind: "answered", status: answer.statusCode ?? 0, body });
  });
}
