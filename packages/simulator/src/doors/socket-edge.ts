import { recoverSigner } from "../auth/recover.ts";
import type { LiveCore } from "../core.ts";
import { ABNORMAL, Edge } from "../faults/edge.ts";
import type { Faults } from "../faults/faults.ts";
import type { HttpAnswer, HttpRequest } from "./http-front.ts";
import { Line } from "../faults/line.ts";
import { Session } from "./session.ts";

/** Callers by network address: what an address shares among its sockets. */
export type Caller = { inFlightPosts: number };

/** The client's end of a real socket. */
export type SocketEnd = {
  send(text: string): void;
  /** Ends the connection; 1006 is without a close frame. */
  cut(code: number): void;
};

/** The client's end of a real HTTP request: one of both is called once, or neither when it is lost. */
export type RequestEnd = {
  answer(answer: HttpAnswer): void;
  cut(): void;
};

/** The way in for real connections. Signatures are always really recovered. */
export type SocketEdge = {
  openSession(end: SocketEnd, caller: Caller): { receive(text: string): void; over(): void };
  answerHttp(request: HttpRequest, caller: Caller, end: RequestEnd): void;
  /** Nobody comes this way any more: what its faults did to the exchange itself ends. */
  close(): void;
};

/** Real connections misbehave as in-memory wires do; what is not delayed passes at once. */
export function socketEdge(core: LiveCore, faults: Faults): SocketEdge {
  const edge = new Edge(core, faults);
  const later = (delayMs: number, callback: () => void): void => {
    if (delayMs === 0) callback();
    else edge.clock.after(delayMs, callback);
  };
  return {
    openSession(end, caller) {
      const line: Line = new Line(edge, {
        carry: (text, delayMs) =>
          later(delayMs, () => {
            if (line.passes()) end.send(text);
          }),
        cut: (code) => {
          session.over();
          end.cut(code);
        },
      });
      const session: Session = new Session(edge.door(caller, recoverSigner), {
        send: (text, about) => line.send(text, about),
        drop: () => line.cut(ABNORMAL),
      });
      return {
        receive: (text) => {
          if (line.passes()) session.receive(text);
        },
        over: () => session.over(),
      };
    },
    close: () => edge.close(),
    answerHttp: (request, caller, end) =>
      edge.answerHttp(edge.door(caller, recoverSigner), request, {
        carry: (answer, delayMs) => later(delayMs, () => end.answer(answer)),
        cut: () => end.cut(),
      }),
  };
}
