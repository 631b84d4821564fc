import type { WireHandlers, WireSocket } from "@cloister/model";
import { ABNORMAL, type Edge } from "../faults/edge.ts";
import { Line } from "../faults/line.ts";
import type { Session, SessionPort } from "./session.ts";

/** What carries a socket: its delays, its faults, and the session at the other end. */
export type Cable = {
  readonly handlers: WireHandlers;
  readonly edge: Edge;
  readonly after: (delayMs: number, callback: () => void) => void;
  readonly open: (port: SessionPort) => Session | undefined;
  readonly passes: () => boolean;
  readonly gone: () => void;
};

/** One socket of an in-memory wire. */
export class MemorySocket implements WireSocket {
  readonly #cable: Cable;
  readonly #line: Line;
  #session: Session | undefined;
  #closed = false;
  /** The code with which the other end has ended it. */
  #hungUp: number | undefined;

  constructor(cable: Cable) {
    this.#cable = cable;
    this.#line = new Line(cable.edge, {
      carry: (text, delayMs) =>
        cable.after(delayMs, () => {
          if (this.#passes()) cable.handlers.received(text);
        }),
      cut: (code) => this.#hangUp(code),
    });
    cable.after(0, () => this.#arrive());
  }

  send(text: string): "written" | "never" {
    if (this.#session === undefined || this.#closed) return "never";
    this.#cable.after(0, () => {
      if (this.#passes()) this.#session?.receive(text);
    });
    return "written";
  }

  close(): void {
    this.cut(1000);
  }

  /** Ends both sides; the client hears of it a moment later. */
  cut(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session?.over();
    this.#cable.gone();
    this.#cable.after(0, () => this.#cable.handlers.closed(code, ""));
  }

  /** The cable may carry again: what the other end did meanwhile is heard of. */
  heardAgain(): void {
    if (this.#hungUp !== undefined && this.#cable.passes()) this.cut(this.#hungUp);
  }

  /** The other end ends it: who hears nothing hears nothing of that either. */
  #hangUp(code: number): void {
    this.#session?.over();
    this.#hungUp = code;
    this.heardAgain();
  }

  /** Says a text that is no session's: the faults apply to it like to any other. */
  say(text: string): void {
    this.#line.send(text, {});
  }

  #arrive(): void {
    if (this.#closed) return;
    const session = this.#cable.open({
      send: (text, about) => this.#line.send(text, about),
      drop: () => this.#line.cut(ABNORMAL),
    });
    if (session === undefined) {
      this.cut(ABNORMAL);
      return;
    }
    this.#session = session;
    this.#cable.handlers.opened();
  }

  #passes(): boolean {
    return !this.#closed && this.#cable.passes() && this.#line.passes();
  }
}
