import type { Cancel, Clock, Wire, WireAnswer, WireSocket } from "@cloister/model";
import { type Answer, readAnswer } from "./answer.ts";
import { fieldOf, parsed } from "./json.ts";
import { ProbeTrouble } from "./trouble.ts";

/** A frame of the socket, and when it came (monotonic ms). */
export type Frame = {
  readonly atMs: number;
  readonly channel: string;
  readonly data: unknown;
  readonly text: string;
};

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 5;
const FIRST_REST_MS = 1_000;
const PING_MS = 20_000;

/** Frames that are no news: their text would bury what was measured. */
const DULL = new Set(["pong", "subscriptionResponse", "openOrders"]);

/** The way to a venue as raw as it gets: bodies in, texts out, and every text is kept. */
export class VenueLine {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly frames: Frame[] = [];
  /** Every text that tells of something that was asked or done, in the order heard. */
  readonly heard: string[] = [];
  readonly #waiting = new Set<() => void>();
  #socket: WireSocket | undefined;
  #cancelPing: Cancel = () => {};
  #state: "new" | "open" | "gone" = "new";

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  get nowMs(): number {
    return this.#clock.monotonicMs();
  }

  get wallMs(): number {
    return this.#clock.wallMs();
  }

  rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  /** A signed body. @throws ProbeTrouble when no answer came; `written` tells whether it may have run. */
  async exchange(body: string): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#request("/exchange", body);
      if (answer.kind === "failed") throw new ProbeTrouble(`no answer: ${answer.reason}`);
      // Told by the limiter in front: it did not run.
      if (answer.status !== 429 || attempt === ATTEMPTS) {
        this.heard.push(`${answer.status === 200 ? "" : `HTTP ${answer.status} `}${answer.body}`);
        return readAnswer(answer.status, answer.body);
      }
      await this.rest(FIRST_REST_MS * 2 ** attempt);
    }
  }

  /** A read; repeated with longer and longer rests. @throws ProbeTrouble */
  async info(request: object, terms: { readonly isNews?: boolean } = {}): Promise<unknown> {
    let reason = "";
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const answer = await this.#request("/info", JSON.stringify(request));
      if (answer.kind === "answered" && answer.status === 200) {
        if (terms.isNews === true) this.heard.push(answer.body);
        return parsed(answer.body);
      }
      reason = answer.kind === "failed" ? answer.reason : `HTTP ${answer.status}`;
      if (attempt < ATTEMPTS) await this.rest(FIRST_REST_MS * 2 ** (attempt - 1));
    }
    throw new ProbeTrouble(`${JSON.stringify(request)} was not answered: ${reason}`);
  }

  /** Opens the socket. @throws ProbeTrouble when it does not open. */
  async open(): Promise<void> {
    this.#socket = this.#wire.connect("private", {
      opened: () => {
        this.#state = "open";
        this.#wake();
        this.#ping();
      },
      received: (text) => this.#receive(text),
      closed: () => {
        this.#state = "gone";
        this.#wake();
      },
    });
    const state = await this.until(
      () => (this.#state === "new" ? undefined : this.#state),
      TIMEOUT_MS,
    );
    if (state !== "open") throw new ProbeTrouble("the socket did not open");
  }

  /** @throws ProbeTrouble when the socket is gone. */
  send(message: object): void {
    if (this.#state === "open" && this.#socket?.send(JSON.stringify(message)) === "written") return;
    throw new ProbeTrouble("the socket is gone");
  }

  /** What `look` finds, asked anew after each frame; undefined when it found nothing in time. */
  until<T>(look: () => T | undefined, withinMs: number): Promise<T | undefined> {
    return new Promise((resolve) => {
      const end = (found: T | undefined): void => {
        cancel();
        this.#waiting.delete(again);
        resolve(found);
      };
      const again = (): void => {
        const found = look();
        if (found !== undefined) end(found);
      };
      const cancel = this.#clock.after(withinMs, () => end(undefined));
      this.#waiting.add(again);
      again();
    });
  }

  close(): void {
    this.#state = "gone";
    // A timer that waits keeps the process alive.
    this.#cancelPing();
    this.#wire.close();
  }

  #ping(): void {
    this.#cancelPing = this.#clock.after(PING_MS, () => {
      if (this.#state !== "open") return;
      this.#socket?.send('{"method":"ping"}');
      this.#ping();
    });
  }

  #receive(text: string): void {
    const read = parsed(text);
    const channel = String(fieldOf(read, "channel"));
    this.frames.push({ atMs: this.nowMs, channel, data: fieldOf(read, "data"), text });
    if (!DULL.has(channel)) this.heard.push(text);
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #request(path: "/info" | "/exchange", body: string): Promise<WireAnswer> {
    return new Promise((resolve) => {
      this.#wire.request({ path, body, timeoutMs: TIMEOUT_MS }, resolve);
    });
  }
}
