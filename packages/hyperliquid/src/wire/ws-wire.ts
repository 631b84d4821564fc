import type {
  Clock,
  Wire,
  WireAnswer,
  WireHandlers,
  WireRequest,
  WireSocket,
} from "@cloister/model";
import { httpMouth } from "./http-mouth.ts";
import { openSocket } from "./ws-socket.ts";
import { systemClock } from "./system-clock.ts";

/**
 * The way to a venue over real sockets: `ws` for streams and posts, kept-alive HTTP for the rest.
 * Nothing here throws or retries: what happened is told, and the caller decides (protocol §1, §2).
 */
export function wsWire(
  endpoints: { readonly http: string; readonly ws: string },
  clock: Clock = systemClock(),
): Wire {
  const sockets = new Set<WireSocket>();
  const mouth = httpMouth(endpoints.http, clock);
  let closed = false;

  function connect(handlers: WireHandlers): WireSocket {
    if (closed) {
      queueMicrotask(() => handlers.closed(1006, "closed"));
      return { send: () => "never", close: () => {} };
    }
    const socket = openSocket(endpoints.ws, {
      ...handlers,
      closed: (code, reason) => {
        sockets.delete(socket);
        handlers.closed(code, reason);
      },
    });
    sockets.add(socket);
    return socket;
  }

  return {
    connect: (_kind, handlers) => connect(handlers),
    request: (request: WireRequest, done: (answer: WireAnswer) => void) =>
      mouth.send(request, done),
    close: () => {
      closed = true;
      for (const socket of sockets) socket.close();
      mouth.close();
    },
  };
}
