import type {
  Cancel,
  Wire,
  WireAnswer,
  WireHandlers,
  WireRequest,
  WireSocket,
} from "@cloister/model";
import type { LiveCore } from "../core.ts";
import type { Door } from "./door.ts";
import { ABNORMAL, Edge } from "../faults/edge.ts";
import type { Faults } from "../faults/faults.ts";
import { MemorySocket } from "./memory-socket.ts";
import { Session } from "./session.ts";

export type WireOptions = {
  /** One way, ms. Default 0; delivery is never synchronous. */
  readonly latencyMs?: number;
  readonly faults?: Faults;
};

/** A wire without sockets, with a hand on its cable. */
export type MemoryWire = Wire & {
  /** Ends every open socket, without a close frame unless a code is given. */
  disconnect(code?: number): void;
  /** Half-open: nothing passes any more in either direction, and nothing closes. False ends it; what was lost stays lost. */
  mute(muted: boolean): void;
  /** Says a text on every open socket, whatever it is. */
  say(text: string): void;
  /** While true every attempt to connect or to request fails. */
  refuse(refusing: boolean): void;
};

/** The exchange behind the `Wire` port: the same sessions and the same reads, carried by the clock. */
export function memoryWire(core: LiveCore, options: WireOptions = {}): MemoryWire {
  return new InMemory(core, options);
}

class InMemory implements MemoryWire {
  readonly #core: LiveCore;
  readonly #edge: Edge;
  readonly #latencyMs: number;
  readonly #door: Door;
  readonly #sockets = new Set<MemorySocket>();
  readonly #requests = new Set<(answer: WireAnswer) => void>();
  #muted = false;
  #refusing = false;

  constructor(core: LiveCore, options: WireOptions) {
    this.#core = core;
    this.#edge = new Edge(core, options.faults);
    this.#latencyMs = options.latencyMs ?? 0;
    this.#door = this.#edge.door({ inFlightPosts: 0 }, core.settings.recover);
  }

  connect(_kind: "private" | "market", handlers: WireHandlers): WireSocket {
    const socket: MemorySocket = new MemorySocket({
      handlers,
      edge: this.#edge,
      after: (delayMs, callback) => this.#after(delayMs, callback),
      open: (port) => (this.#refusing ? undefined : new Session(this.#door, port)),
      passes: () => !this.#muted,
      gone: () => this.#sockets.delete(socket),
    });
    this.#sockets.add(socket);
    return socket;
  }

  request(request: WireRequest, done: (answer: WireAnswer) => void): void {
    let stopTimer: Cancel = () => {};
    const finish = (answer: WireAnswer): void => {
      if (!this.#requests.delete(finish)) return;
      stopTimer();
      done(answer);
    };
    this.#requests.add(finish);
    stopTimer = this.#core.settings.clock.after(request.timeoutMs, () => {
      finish({ kind: "failed", written: "maybe", reason: "timeout" });
    });
    this.#after(0, () => {
      if (this.#refusing) {
        finish({ kind: "failed", written: "never", reason: "connection refused" });
        return;
      }
      if (!this.#muted && this.#requests.has(finish)) this.#enter(request, finish);
    });
  }

  /** The request reached the other end. */
  #enter(request: WireRequest, finish: (answer: WireAnswer) => void): void {
    const { path, body } = request;
    const asked = { path, contentType: "application/json", body };
    this.#edge.answerHttp(this.#door, asked, {
      carry: (answer, delayMs) =>
        this.#after(delayMs, () => {
          if (!this.#muted) finish({ kind: "answered", ...answer });
        }),
      cut: () =>
        this.#after(0, () =>
          finish({ kind: "failed", written: "maybe", reason: "connection reset" }),
        ),
    });
  }

  close(): void {
    for (const finish of Array.from(this.#requests)) {
      finish({ kind: "failed", written: "maybe", reason: "wire closed" });
    }
    for (const socket of Array.from(this.#sockets)) socket.close();
    this.#edge.close();
  }

  disconnect(code = ABNORMAL): void {
    for (const socket of Array.from(this.#sockets)) socket.cut(code);
  }

  say(text: string): void {
    for (const socket of Array.from(this.#sockets)) socket.say(text);
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    for (const socket of Array.from(this.#sockets)) socket.heardAgain();
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  #after(delayMs: number, callback: () => void): void {
    this.#core.settings.clock.after(this.#latencyMs + delayMs, callback);
  }
}
