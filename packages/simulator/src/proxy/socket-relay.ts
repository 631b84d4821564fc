import type { Clock } from "@cloister/model";
import type { WebSocket } from "ws";
import { ABNORMAL } from "../faults/edge.ts";
import type { Delivery, Faults } from "../faults/faults.ts";
import { Line } from "../faults/line.ts";
import { Conversation } from "./conversation.ts";
import { Flow } from "./flow.ts";
import { frameOfText, textOfFrame } from "./frame-text.ts";

/** Both ends of a relayed socket, open. */
export type SocketPair = { readonly client: WebSocket; readonly upstream: WebSocket };

/** What judges the frames of all sockets of a proxy. */
export type RelayTerms = { readonly clock: Clock; readonly faults: Faults };

/** `close` without a code was sent. */
const NO_CODE = 1005;
const TOO_BIG = 1009;

/** Carries frames between a client and the upstream, with the faults of a network. */
export class SocketRelay {
  readonly #pair: SocketPair;
  readonly #terms: RelayTerms;
  readonly #line: Line;
  readonly #conversation = new Conversation();
  /** What waits for the client, and what waits for the upstream. */
  readonly #down: Flow;
  readonly #up: Flow;
  #frames = 0;
  #actions = 0;
  #over = false;
  #tooBig = false;

  constructor(pair: SocketPair, terms: RelayTerms) {
    this.#pair = pair;
    this.#terms = terms;
    this.#down = new Flow(pair.upstream);
    this.#up = new Flow(pair.client);
    const { clock } = terms;
    this.#line = new Line(
      { clock, frame: (text) => this.#judge(text) },
      { carry: (text, delayMs) => this.#carry(text, delayMs), cut: (code) => this.#cut(code) },
    );
    this.#listen();
  }

  #listen(): void {
    const { client, upstream } = this.#pair;
    upstream.on("message", (data, isBinary) => {
      if (!this.#over) this.#line.send(textOfFrame(data, isBinary), {});
    });
    client.on("message", (data, isBinary) => this.#fromClient(textOfFrame(data, isBinary)));
    for (const [from, to, flow] of [
      [upstream, client, this.#down],
      [client, upstream, this.#up],
    ] as const) {
      from.on("ping", (data) =>
        this.#control(flow, data, (done) => to.ping(data, undefined, done)),
      );
      from.on("pong", (data) =>
        this.#control(flow, data, (done) => to.pong(data, undefined, done)),
      );
    }
    upstream.on("close", (code, reason) => {
      this.#follow(client, this.#tooBig ? TOO_BIG : code, reason);
    });
    client.on("close", (code, reason) => this.#follow(upstream, code, reason));
    // A close always follows an error.
    upstream.on("error", (error) => {
      this.#tooBig ||= "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
    });
    client.on("error", () => {});
  }

  #judge(text: string): Delivery {
    this.#frames += 1;
    const about = this.#conversation.about(text);
    const seen = { ...about, text, count: this.#frames, block: 0 };
    return this.#terms.faults.frame?.(seen) ?? "deliver";
  }

  #carry(text: string, delayMs: number): void {
    const written = this.#down.wait(text.length);
    this.#later(delayMs, () => {
      if (this.#over || !this.#line.passes()) written();
      else write(this.#pair.client, text, written);
    });
  }

  #fromClient(text: string): void {
    if (this.#over || !this.#line.passes()) return;
    const holdMs = this.#holdMs(text);
    if (holdMs === undefined) return;
    const written = this.#up.wait(text.length);
    this.#later(holdMs, () => {
      if (this.#over) written();
      else write(this.#pair.upstream, text, written);
    });
  }

  /** How long a client's frame waits; undefined when it is lost. */
  #holdMs(text: string): number | undefined {
    const action = this.#conversation.asks(text);
    if (action === undefined) return 0;
    this.#actions += 1;
    const seen = { ...action, count: this.#actions, block: 0 };
    const fate = this.#terms.faults.action?.(seen) ?? "execute";
    if (fate === "lose") return undefined;
    return typeof fate === "object" && "holdMs" in fate ? fate.holdMs : 0;
  }

  /** A ping or a pong passes as it is, unless nothing passes. */
  #control(flow: Flow, data: Buffer, send: (done: () => void) => void): void {
    if (!this.#over && this.#line.passes()) send(flow.wait(data.length + 1));
  }

  #later(delayMs: number, callback: () => void): void {
    if (delayMs === 0) callback();
    else this.#terms.clock.after(delayMs, callback);
  }

  /** A fault ends both connections. */
  #cut(code: number): void {
    this.#over = true;
    end(this.#pair.client, code);
    end(this.#pair.upstream, code);
  }

  /** One end went: so does the other; but who is half-open hears of it when that is over. */
  #follow(other: WebSocket, code: number, reason: Buffer): void {
    if (this.#over) return;
    if (!this.#line.passes()) {
      this.#line.cut(ABNORMAL);
      return;
    }
    this.#over = true;
    end(other, code, reason);
  }
}

/** Calls back once it is written, or never can be. */
function write(socket: WebSocket, text: string, written: () => void): void {
  const { bytes, binary } = frameOfText(text);
  socket.send(bytes, { binary }, written);
}

function end(socket: WebSocket, code: number, reason?: Buffer): void {
  if (code === ABNORMAL) socket.terminate();
  else if (code === NO_CODE) socket.close();
  else socket.close(code, reason);
}
