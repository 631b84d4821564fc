import type { WireHandlers, WireSocket } from "@cloister/model";
import type { Delivery } from "./faults.ts";
import type { Session } from "./session.ts";

/** The close code of a connection that ended without a close frame. */
export const ABNORMAL = 1006;

/** What carries a socket: its delays, its faults, and the session at the other end. */
export type Cable = {
  readonly handlers: WireHandlers;
  readonly after: (delayMs: number, callback: () => void) => void;
  readonly open: (port: { send(text: string): void; drop(): void }) => Session | undefined;
  readonly passes: () => boolean;
  readonly delivery: (text: string) => Delivery;
  readonly gone: () => void;
};

/** One socket of an in-memory wire. */
export class MemorySocket implements WireSocket {
  readonly #cable: Cable;
  #session: Session | undefined;
  #closed = false;

  constructor(cable: Cable) {
    this.#cable = cable;
    cable.after(0, () => this.#arrive());
  }

  send(text: string): "written" | "never" {
    if (this.#session === undefined || this.#closed) return "never";
    this.#cable.after(0, () => {
      if (this.#cable.passes() && !this.#closed) this.#session?.receive(text);
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

  #arrive(): void {
    if (this.#closed) return;
    const session = this.#cable.open({
      send: (text) => this.carry(text),
      drop: () => this.cut(ABNORMAL),
    });
    if (session === undefined) {
      this.cut(ABNORMAL);
      return;
    }
    this.#session = session;
    this.#cable.handlers.opened();
  }

  /** Brings a text to the client, unless a fault decides otherwise. */
  carry(text: string): void {
    const delivery = this.#cable.delivery(text);
    if (delivery === "lose") return;
    if (delivery === "disconnect") {
      this.cut(ABNORMAL);
      return;
    }
    const pass = (): void => {
      if (!this.#closed && this.#cable.passes()) this.#cable.handlers.received(text);
    };
    this.#cable.after(typeof delivery === "object" ? delivery.holdMs : 0, pass);
    if (delivery === "duplicate") this.#cable.after(0, pass);
  }
}
