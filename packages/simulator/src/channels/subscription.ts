import type { BlockNews } from "../ledger/block-news.ts";
import type { JsonObject } from "../json.ts";

/** One channel as one socket sees it. */
export type Feed = {
  /** What is sent right after the acknowledgement. */
  snapshot(): readonly object[];
  /**
   * What a block gives, if anything: one message, or a list of them; or, when everybody with this subscription who is
   * told something is told the same, how it is made.
   */
  onBlock(news: BlockNews): object | readonly object[] | (() => object) | undefined;
};

/** Whether it is how a message is made, rather than the message. */
export function isMaker(told: object): told is () => object {
  return typeof told === "function";
}

/** What a subscribe request becomes (protocol §2.2, §2.3). */
export type Opening =
  | {
      readonly kind: "opened";
      /** The request with defaults filled in and unknown fields dropped. */
      readonly echo: JsonObject;
      readonly feed: () => Feed;
    }
  /** Understood, but its arguments name nothing: an error frame says so. */
  | { readonly kind: "refused"; readonly echo: JsonObject }
  /** No shape of the venue: an error frame quotes it. */
  | { readonly kind: "malformed" }
  /** The venue drops the connection without a word. */
  | { readonly kind: "fatal" };

export const MALFORMED_SUBSCRIPTION: Opening = { kind: "malformed" };
export const FATAL_SUBSCRIPTION: Opening = { kind: "fatal" };

/** Lets a push through when something changed, and at most once per `everyMs`. */
export function paced(everyMs: number): (changed: boolean, nowMs: number) => boolean {
  let dirty = false;
  let lastMs = Number.NEGATIVE_INFINITY;
  return (changed, nowMs) => {
    dirty ||= changed;
    if (!dirty || nowMs - lastMs < everyMs) return false;
    dirty = false;
    lastMs = nowMs;
    return true;
  };
}
