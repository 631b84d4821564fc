import type { Address } from "@cloister/model";
import type { About } from "./about.ts";
import type { BlockFate } from "./block-fate.ts";
import type { ActionFate } from "./action-fate.ts";

/** What becomes of a frame or an answer on its way out. */
export type Delivery =
  | "deliver"
  | "lose"
  | "duplicate"
  | { readonly holdMs: number }
  /** A frame goes behind the next one of its socket, or a second later when none comes. */
  | "swap"
  /** A frame of a block goes behind everything else of that block, the answers included. */
  | "last"
  /** A frame comes now and once more so much later. */
  | { readonly echoMs: number }
  /** A frame takes its time on the socket, and what follows waits for it. */
  | { readonly bytesPerSecond: number }
  /** A frame is replaced by these. */
  | { readonly texts: readonly string[] }
  /** A frame is lost, and so is everything on its socket in both directions for this long. */
  | { readonly muteMs: number }
  /** The frame is lost and the connection with it: without a close frame unless a code is given. */
  | "disconnect"
  | { readonly closeCode: number };

/** What a read shows. */
export type ReadFate =
  | "fresh"
  /** What was true so long ago, of one moment. */
  | { readonly lagMs: number }
  | { readonly lagBlocks: number }
  /** `orderStatus` does not know an order yet that is younger than this. */
  | { readonly unknownForMs: number };

/** Number of the last block when something was seen. */
type Seen = { readonly block: number };

export type FrameSeen = About &
  Seen & {
    /** "post", "orderUpdates", "error", … */
    readonly channel: string;
    readonly text: string;
    /** Counts the frames of this wire from 1. */
    readonly count: number;
  };

export type AnswerSeen = About &
  Seen & {
    readonly path: "/info" | "/exchange";
    readonly request: string;
    readonly status: number;
    readonly body: string;
  };

export type ActionSeen = Seen & {
  /** "order", "cancel", … */
  readonly type: string;
  readonly nonce: number;
  /** Whose key signed, and the account it acts for; absent when the exchange knows no such signer. */
  readonly signer?: Address;
  readonly account?: Address;
  /** Counts the actions of this wire from 1. */
  readonly count: number;
};

/** An HTTP answer that somebody else gives: a proxy, a limiter, a server in trouble. */
export type ForeignAnswer = { readonly status: number; readonly body: string };

/** Its account is known only where the request names it: reads of a user. */
export type RequestSeen = About &
  Seen & {
    readonly path: "/info" | "/exchange";
    readonly body: string;
    /** Counts the requests of this wire from 1. */
    readonly count: number;
  };

/** A read that reached the exchange, over HTTP or over a socket. */
export type ReadSeen = About & Seen & { readonly path: "/info" | "/ws" };

/** The block that is about to run. */
export type BlockSeen = Seen;

/**
 * Misbehaviour of one wire, in memory or on sockets: each question is asked once, in order, so that a list or a
 * seed can answer it.
 */
export type Faults = {
  /** Before an action enters the exchange: "lose" it, hold it some blocks, or let it run. */
  readonly action?: (seen: ActionSeen) => ActionFate;
  /** A frame of a socket on its way to the client; an action's answer is a frame of channel "post". */
  readonly frame?: (seen: FrameSeen) => Delivery;
  /** An HTTP answer on its way to the client. What only a frame can suffer leaves it as it is. */
  readonly answer?: (seen: AnswerSeen) => Delivery | { readonly instead: ForeignAnswer };
  /** An HTTP request on its way in: answered by somebody else, it never reaches the exchange. */
  readonly request?: (seen: RequestSeen) => "pass" | { readonly instead: ForeignAnswer };
  /** A read at the exchange. */
  readonly reading?: (seen: ReadSeen) => ReadFate;
  /** How far back reads may look: without it none lags. */
  readonly remembers?: () => { readonly ms: number; readonly blocks: number };
  /** A block of the exchange, whoever else is connected to it. All of them happen. */
  readonly block?: (seen: BlockSeen) => readonly BlockFate[];
};
