import type { Clock } from "@cloister/model";
import { ABNORMAL } from "./edge.ts";
import type { About } from "./about.ts";
import type { Delivery } from "./faults.ts";

/** Who decides what becomes of a frame, and by which clock. */
export type FrameJudge = {
  readonly clock: Clock;
  frame(text: string, about: About): Delivery;
};

/** What carries the frames of one socket. */
export type LineEnd = {
  /** Brings a text to the client after so many ms, in the order of the calls; none passes while `passes` says no. */
  carry(text: string, delayMs: number): void;
  cut(code: number): void;
};

/** The longest that a swapped frame waits for another one. */
const SWAP_MS = 1_000;

/** One socket with its misbehaviour: the same in memory and on a real connection. */
export class Line {
  readonly #edge: FrameJudge;
  readonly #end: LineEnd;
  #mutedUntilMs = Number.NEGATIVE_INFINITY;
  #behind: string[] = [];

  constructor(edge: FrameJudge, end: LineEnd) {
    this.#edge = edge;
    this.#end = end;
  }

  /** Whether anything passes now, in either direction. */
  passes(): boolean {
    return this.#edge.clock.monotonicMs() >= this.#mutedUntilMs;
  }

  /** Sends a frame to the client, unless a fault decides otherwise. */
  send(text: string, about: About): void {
    if (!this.passes()) return;
    const fate = this.#edge.frame(text, about);
    if (fate === "lose") return;
    if (fate === "disconnect") this.#end.cut(ABNORMAL);
    else if (fate === "swap" && this.#behind.length === 0) this.#keepBehind(text);
    else if (fate === "deliver" || fate === "swap") this.#carry([text], 0);
    else if (fate === "duplicate") this.#carry([text, text], 0);
    else if ("holdMs" in fate) this.#carry([text], fate.holdMs);
    else if ("texts" in fate) this.#carry(fate.texts, 0);
    else if ("closeCode" in fate) this.#end.cut(fate.closeCode);
    else this.#mutedUntilMs = this.#edge.clock.monotonicMs() + fate.muteMs;
  }

  #carry(texts: readonly string[], delayMs: number): void {
    for (const text of texts) this.#end.carry(text, delayMs);
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
    for (const text of kept) this.#end.carry(text, 0);
  }
}
