import type { ActionFate } from "./core.ts";

/** What becomes of a frame or an answer on its way out. */
export type Delivery =
  | "deliver"
  | "lose"
  | "duplicate"
  | { readonly holdMs: number }
  /** The frame is lost and the connection with it. */
  | "disconnect";

export type FrameSeen = {
  /** "post", "orderUpdates", "error", … */
  readonly channel: string;
  readonly text: string;
  /** Counts the frames of this wire from 1. */
  readonly count: number;
};

export type AnswerSeen = {
  readonly path: "/info" | "/exchange";
  readonly request: string;
  readonly status: number;
  readonly body: string;
};
export type ActionSeen = {
  /** "order", "cancel", … */
  readonly type: string;
  readonly nonce: number;
  /** Counts the actions of this wire from 1. */
  readonly count: number;
};

/** An HTTP answer that somebody else gives: a proxy, a limiter, a server in trouble. */
export type ForeignAnswer = { readonly status: number; readonly body: string };
export type RequestSeen = {
  readonly path: "/info" | "/exchange";
  readonly body: string;
  /** Counts the requests of this wire from 1. */
  readonly count: number;
};

/** Misbehaviour of one wire: each question is asked once, in order, so that a list or a seed can answer it. */
export type Faults = {
  /** Before an action enters the exchange: "lose" it, hold it some blocks, or let it run. */
  readonly action?: (seen: ActionSeen) => ActionFate;
  /** A frame of a socket on its way to the client; an action's answer is a frame of channel "post". */
  readonly frame?: (seen: FrameSeen) => Delivery;
  /** An HTTP answer on its way to the client. */
  readonly answer?: (seen: AnswerSeen) => Delivery | { readonly instead: ForeignAnswer };
  /** An HTTP request on its way in: answered by somebody else, it never reaches the exchange. */
  readonly request?: (seen: RequestSeen) => "pass" | { readonly instead: ForeignAnswer };
};
