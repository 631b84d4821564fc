import type {
  Cancel,
  Wire,
  WireAnswer,
  WireHandlers,
  WireRequest,
  WireSocket,
} from "@cloister/model";
import type { ActionFate, Core } from "./core.ts";
import type { Door } from "./door.ts";
import type { Delivery, Faults } from "./faults.ts";
import { answerHttp } from "./http-front.ts";
import { isObject, type JsonObject, parseWhole } from "./json.ts";
import { ABNORMAL, MemorySocket } from "./memory-socket.ts";
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
export function memoryWire(core: Core, options: WireOptions = {}): MemoryWire {
  return new InMemory(core, options);
}

class InMemory implements MemoryWire {
  readonly #core: Core;
  readonly #faults: Faults;
  readonly #latencyMs: number;
  readonly #door: Door;
  readonly #sockets = new Set<MemorySocket>();
  readonly #requests = new Set<(answer: WireAnswer) => void>();
  #muted = false;
  #refusing = false;
  #frames = 0;
  #actions = 0;
  #count = 0;

  constructor(core: Core, options: WireOptions) {
    this.#core = core;
    this.#faults = options.faults ?? {};
    this.#latencyMs = options.latencyMs ?? 0;
    this.#door = {
      core,
      recover: core.settings.recover,
      peer: { inFlightPosts: 0 },
      fateOf: (envelope) => this.#fateOf(envelope),
    };
  }

  connect(_kind: "private" | "market", handlers: WireHandlers): WireSocket {
    const socket: MemorySocket = new MemorySocket({
      handlers,
      after: (delayMs, callback) => this.#after(delayMs, callback),
      open: (port) => (this.#refusing ? undefined : new Session(this.#door, port)),
      passes: () => !this.#muted,
      delivery: (text) => this.#frameDelivery(text),
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
    const faults = this.#faults;
    this.#count += 1;
    const way = faults.request?.({ path, body, count: this.#count }) ?? "pass";
    if (way !== "pass") {
      this.#after(0, () => finish({ kind: "answered", ...way.instead }));
      return;
    }
    answerHttp(this.#door, { path, contentType: "application/json", body }, (answer) => {
      const fate = faults.answer?.({ path, request: body, ...answer }) ?? "deliver";
      const replaced = typeof fate === "object" && "instead" in fate;
      this.#deliver(replaced ? "deliver" : fate, {
        pass: () => finish({ kind: "answered", ...(replaced ? fate.instead : answer) }),
        cut: () => finish({ kind: "failed", written: "maybe", reason: "connection reset" }),
      });
    });
  }

  close(): void {
    for (const finish of Array.from(this.#requests)) {
      finish({ kind: "failed", written: "maybe", reason: "wire closed" });
    }
    for (const socket of Array.from(this.#sockets)) socket.close();
  }

  disconnect(code = ABNORMAL): void {
    for (const socket of Array.from(this.#sockets)) socket.cut(code);
  }

  say(text: string): void {
    for (const socket of Array.from(this.#sockets)) socket.carry(text);
  }

  mute(muted: boolean): void {
    this.#muted = muted;
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  #after(delayMs: number, callback: () => void): void {
    this.#core.settings.clock.after(this.#latencyMs + delayMs, callback);
  }

  #deliver(delivery: Delivery, way: { pass: () => void; cut: () => void }): void {
    const pass = (): void => {
      if (!this.#muted) way.pass();
    };
    if (delivery === "lose") return;
    if (delivery === "disconnect") {
      this.#after(0, way.cut);
      return;
    }
    this.#after(typeof delivery === "object" ? delivery.holdMs : 0, pass);
    if (delivery === "duplicate") this.#after(0, pass);
  }

  #frameDelivery(text: string): Delivery {
    this.#frames += 1;
    if (this.#faults.frame === undefined) return "deliver";
    const frame = parseWhole(text)?.value;
    const channel = isObject(frame) && typeof frame["channel"] === "string" ? frame["channel"] : "";
    return this.#faults.frame({ channel, text, count: this.#frames });
  }

  #fateOf(envelope: JsonObject): ActionFate {
    this.#actions += 1;
    const action = isObject(envelope["action"]) ? envelope["action"] : {};
    const type = typeof action["type"] === "string" ? action["type"] : "";
    const nonce = typeof envelope["nonce"] === "number" ? envelope["nonce"] : 0;
    return this.#faults.action?.({ type, nonce, count: this.#actions }) ?? "execute";
  }
}
