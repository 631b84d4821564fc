import type { Clock } from "@cloister/model";
import { ABNORMAL } from "./edge.ts";
import type { About } from "./about.ts";
import type { Delivery } from "./faults.ts";

/** Who decides what becomes of a frame, and by which clock. */
export type FrameJudge = {
  readonly clock: Clock;
  frame(text: string, about: About): Delivery;
  /** Calls back when everything of the block that is just told has been told; false when none is. */
  afterBlock?(callback: () => void): boolean;
};

/** What carries the frames of one socket. */
export type LineEnd = {
  /** Brings a text to the client after so many ms, in the order of the calls; none passes while `passes` says no. */
  carry(text: string, delayMs: number): void;
  cut(code: number): void;
};

/** The longest that a swapped frame waits for another one. */
const SWAP_MS = 1_000;
/** A reader that is this many bytes behind is let go. */
const BACKLOG_MAX = 16_000_000;

/** One socket with its misbehaviour: the same in memory and on a real connection. */
export class Line {
  readonly #edge: FrameJudge;
  readonly #end: LineEnd;
  #mutedUntilMs = Number.NEGATIVE_INFINITY;
  #behind: string[] = [];
  /** What waits for the frame that is on the socket, and how long it is. */
  readonly #waiting: { readonly text: string; readonly tookMs: number }[] = [];
  #waitingBytes = 0;
  #busy = false;
  #cut = false;

  constructor(edge: FrameJudge, end: LineEnd) {
    this.#edge = edge;
    this.#end = end;
  }

  /** Whether anything passes now, in either direction. */
  passes(): boolean {
    return this.#edge.clock.monotonicMs() >= this.#mutedUntilMs;
  }

  /** Ends the connection; who hears nothing now hears of it as soon as he hears again. */
  cut(code: number): void {
    if (this.#cut) return;
    const waitMs = this.#mutedUntilMs - this.#edge.clock.monotonicMs();
    if (waitMs <= 0) {
      this.#cut = true;
      this.#end.cut(code);
    } else this.#edge.clock.after(waitMs, () => this.cut(code));
  }

  /** Sends a frame to the client, unless a fault decides otherwise. */
  send(text: string, about: About): void {
    if (!this.passes()) return;
    const fate = this.#edge.frame(text, about);
    if (fate === "lose") return;
    if (fate === "disconnect") this.cut(ABNORMAL);
    else if (fate === "swap" && this.#behind.length === 0) this.#keepBehind(text);
    else if (fate === "last") this.#sendLast(text);
    else if (fate === "deliver" || fate === "swap") this.#carry([text], 0);
    else if (fate === "duplicate") this.#carry([text, text], 0);
    else this.#misbehave(text, fate);
  }

  #misbehave(text: string, fate: Exclude<Delivery, string>): void {
    if ("holdMs" in fate) this.#carry([text], fate.holdMs);
    else if ("texts" in fate) this.#carry(fate.texts, 0);
    else if ("closeCode" in fate) this.cut(fate.closeCode);
    else if ("echoMs" in fate) {
      this.#carry([text], 0);
      this.#carry([text], fate.echoMs);
    } else if ("bytesPerSecond" in fate) {
      this.#queue(text, (Buffer.byteLength(text) * 1_000) / fate.bytesPerSecond);
    } else this.#mutedUntilMs = this.#edge.clock.monotonicMs() + fate.muteMs;
  }

  #sendLast(text: string): void {
    if (this.#edge.afterBlock?.(() => this.#carry([text], 0)) !== true) this.#carry([text], 0);
  }

  #carry(texts: readonly string[], delayMs: number): void {
    for (const text of texts) this.#put(text, delayMs);
    this.#release();
  }

  #keepBehind(text: string): void {
    const kept = [text];
    this.#behind = kept;
    this.#edge.clock.after(SWAP_MS, () => {
      if (this.#behind === kept) this.#release();
    });
  }

  #release(): void {
    const kept = this.#behind;
    this.#behind = [];
    for (const text of kept) this.#put(text, 0);
  }

  /** A socket carries one frame after the other: behind a slow one everything waits. */
  #put(text: string, delayMs: number): void {
    if (delayMs > 0 || !this.#busy) this.#end.carry(text, delayMs);
    else this.#queue(text, 0);
  }

  #queue(text: string, tookMs: number): void {
    this.#waiting.push({ text, tookMs });
    this.#waitingBytes += text.length;
    if (this.#waitingBytes > BACKLOG_MAX) this.cut(ABNORMAL);
    else if (!this.#busy) this.#transmit();
  }

  #transmit(): void {
    const next = this.#waiting.shift();
    this.#busy = next !== undefined && !this.#cut;
    if (next === undefined || this.#cut) return;
    this.#edge.clock.after(next.tookMs, () => {
      this.#waitingBytes -= next.text.length;
      this.#end.carry(next.text, 0);
      this.#transmit();
    });
  }
}
