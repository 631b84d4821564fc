import type { Cloid } from "./cloid.ts";
import type { VenueAction } from "./commands.ts";
import type { Decimal } from "./decimal.ts";
import type { Fill } from "./fill.ts";
import type { Address, Coin, Oid } from "./ids.ts";
import type { Market } from "./market.ts";
import type { CancelCause, NotAdmittedReason, RejectCause, Side, Tif } from "./order-words.ts";
import type { Clock, Logger, Random } from "./ports.ts";

/** What the venue says of an order, in our words. An unknown word is never dropped: it is asked about. */
export type OrderWord =
  | { readonly kind: "open" }
  | { readonly kind: "triggered" }
  | { readonly kind: "filled" }
  | { readonly kind: "canceled"; readonly cause: CancelCause }
  | { readonly kind: "rejected"; readonly cause: RejectCause }
  | { readonly kind: "unknown" };

/** One element of `orderUpdates`, or one record of a read. */
export type OrderReport = {
  readonly coin: Coin;
  readonly oid: Oid;
  readonly cloid?: Cloid;
  readonly side: Side;
  /** The order's limit price, never the price of a fill. */
  readonly price: Decimal;
  /** What is left. Frozen at the last status change in `orderStatus` and history, live in open-order reads. */
  readonly remaining: Decimal;
  /** Size as requested. */
  readonly size: Decimal;
  readonly placedAt: number;
  readonly word: OrderWord;
  /** The venue's own status text. */
  readonly raw: string;
  /** Block time of the status, ms; for open-order reads the placement time. */
  readonly at: number;
  /** Whether the leg is a trigger order that has not fired (open-order reads and records only). */
  readonly waitsForTrigger?: boolean;
  /** Of trigger orders (open-order reads and records only): the mark price at which they fire. */
  readonly triggerPrice?: Decimal;
  /** Of trigger orders (open-order reads and records only): what they protect, and how they execute. */
  readonly triggerTerms?: { readonly kind: "tp" | "sl"; readonly market: boolean };
  readonly tif?: Tif;
  readonly reduceOnly?: boolean;
};

/** One status of an admitted answer, in the order of the action's elements. */
export type ElementStatus =
  | { readonly kind: "resting"; readonly oid: Oid; readonly cloid?: Cloid }
  | {
      readonly kind: "filled";
      readonly oid: Oid;
      readonly cloid?: Cloid;
      readonly total: Decimal;
      readonly averagePrice: Decimal;
    }
  | { readonly kind: "waiting"; readonly waitsFor: "parent" | "trigger" }
  | { readonly kind: "success" }
  /** `wholeBatch`: a static text, which speaks for every element when it comes alone (protocol §7.4). */
  | {
      readonly kind: "error";
      readonly cause: RejectCause;
      readonly text: string;
      readonly wholeBatch: boolean;
    }
  | { readonly kind: "unrecognized"; readonly text: string };

/** An exchange answer, decoded with what it says of the nonce (design §3). */
export type Answer =
  | { readonly admission: "admitted"; readonly statuses: readonly ElementStatus[] }
  /** Admitted, and of a kind that lists nothing (`default`): noop, modify, updateLeverage, scheduleCancel. */
  | { readonly admission: "admittedBare" }
  | {
      readonly admission: "notAdmitted";
      readonly reason: NotAdmittedReason;
      readonly text: string;
      /** Of an address budget that is used up: requests sent, and how many there are (protocol §12.2). */
      readonly budget?: { readonly sent: number; readonly cap: number };
    }
  | {
      readonly admission: "nonceSpent";
      readonly how: "duplicate" | "tooLow";
      readonly text: string;
    }
  | { readonly admission: "expired"; readonly text: string }
  | { readonly admission: "unknown"; readonly text: string };

/** By which way bytes leave. */
export type Mouth = "socket" | "rest";

/** One write of one signed request; numbers never repeat within an engine's life. */
export type CopyId = number;
export type ReadId = number;

/** Bytes ready to leave: the same for either mouth. */
export type SignedAction = {
  readonly nonce: number;
  readonly expiresAfter?: number;
  /** The envelope as JSON text. */
  readonly payload: string;
};

/** A read. Each answers once, with a report or a failure. */
export type Query =
  | { readonly kind: "orderStatus"; readonly key: Oid | Cloid }
  | { readonly kind: "openOrders" }
  /** Fills from `fromMs` (venue time, inclusive) until now, paged to the end. */
  | { readonly kind: "fills"; readonly fromMs: number }
  /** Positions of every dex, and the venue's hour. */
  | { readonly kind: "positions" }
  /** How much of the account's budget of requests is used (protocol §12.2). */
  | { readonly kind: "budget" }
  /** Whether the key may sign for the account, and until when (protocol §10.4). */
  | { readonly kind: "key" }
  /** The markets: what changed since they were read last. What `market` gives is then as new as the answer. */
  | { readonly kind: "markets" };

export type Position = {
  readonly coin: Coin;
  /** Signed, in base units. */
  readonly size: Decimal;
  /** Venue time of its own reading, ms, where it is later than that of the list it stands in. */
  readonly at?: number;
};

export type Report =
  | { readonly kind: "orderStatus"; readonly found?: OrderReport }
  | { readonly kind: "openOrders"; readonly orders: readonly OrderReport[] }
  /** `complete` is false when a page was cut so that rows may be missing. */
  | {
      readonly kind: "fills";
      readonly fills: readonly Fill[];
      readonly complete: boolean;
      /** How many answers it took. */
      readonly pages?: number;
      /** Of an incomplete list: why rows may be missing, and the venue time before which none is. */
      readonly cut?: { readonly why: string; readonly fromMs: number };
    }
  | {
      readonly kind: "positions";
      readonly positions: readonly Position[];
      /** Venue time of the earliest reading: fills up to it are in every position. */
      readonly at: number;
      /** Each dex's own hour, where they differ: a coin without a position has that of its dex. */
      readonly hours?: readonly DexHour[];
    }
  | {
      readonly kind: "budget";
      /** Requests used, and how many there are altogether. */
      readonly used: number;
      readonly cap: number;
      /** Bought beside, and used before all others. */
      readonly surplus: number;
      /** Traded since ever, in quote: what the budget grows with. */
      readonly volume: Decimal;
    }
  | { readonly kind: "key"; readonly permission: KeyPermission }
  | { readonly kind: "markets"; readonly changes: readonly MarketChange[] };

/** How the key stands with the account. `validUntil`: venue ms, where the venue tells it. */
export type KeyPermission =
  | { readonly kind: "own" }
  | { readonly kind: "agent"; readonly name?: string; readonly validUntil?: number }
  | { readonly kind: "none" };

/** What is otherwise on a market than it was when it was read before. */
export type MarketChange =
  | { readonly type: "listed"; readonly coin: Coin; readonly market: Market }
  | { readonly type: "delisted" | "relisted"; readonly coin: Coin }
  | {
      readonly type: "sizeDecimals" | "maxLeverage";
      readonly coin: Coin;
      readonly from: number;
      readonly to: number;
    };

/** Venue time at which a dex was read, ms; "" names the first dex. */
export type DexHour = { readonly dex: string; readonly at: number };

/** What a venue tells its engine. Everything it says arrives here, also what is ignored or not understood. */
export type VenueFact =
  /** Every private stream is acknowledged. Posts may leave by socket. */
  | { readonly type: "connection.live"; readonly epoch: number }
  /** From here on something may have been missed. */
  | { readonly type: "connection.lost"; readonly epoch: number; readonly reason: string }
  | { readonly type: "order"; readonly report: OrderReport }
  | { readonly type: "fill"; readonly fill: Fill; readonly snapshot: boolean }
  /** Pushed full lists: witnesses. */
  | { readonly type: "openOrders"; readonly dex: string; readonly orders: readonly OrderReport[] }
  | {
      readonly type: "positions";
      readonly dex: string;
      readonly positions: readonly Position[];
      readonly at: number;
    }
  /** The venue canceled without being asked; the reason follows by another channel. */
  | { readonly type: "venueCancel"; readonly coin: Coin; readonly oid: Oid }
  | {
      readonly type: "copy.answered";
      readonly copy: CopyId;
      readonly mouth: Mouth;
      readonly answer: Answer;
    }
  | {
      readonly type: "copy.failed";
      readonly copy: CopyId;
      readonly mouth: Mouth;
      readonly written: "never" | "maybe";
      readonly reason: string;
    }
  | { readonly type: "read.answered"; readonly read: ReadId; readonly report: Report }
  | {
      readonly type: "read.failed";
      readonly read: ReadId;
      readonly reason: string;
      /** The venue would not be asked so often (HTTP 429). */
      readonly throttled?: true;
    }
  | { readonly type: "ignored"; readonly what: string; readonly reason: string }
  | {
      readonly type: "unrecognized";
      readonly channel: string;
      readonly reason: string;
      readonly text: string;
    };

/** One frame or answer: its facts in the venue's order, and its text when it came as text. */
export type VenueNews = { readonly facts: readonly VenueFact[]; readonly raw?: string };

export type VenueContext = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Takes all news, in order. Never throws. May be called from within `write`, `read` and `sign`. */
  readonly sink: (news: VenueNews) => void;
  /**
   * Takes inspection events of the actors that the venue runs, in the words of whatever runs them.
   * A method, so that a listener that knows those words may be passed as it is.
   */
  inspect?(event: unknown): void;
};

export type SignActionResult =
  | { readonly kind: "signed"; readonly signed: SignedAction }
  | { readonly kind: "failed"; readonly reason: string };

/** An exchange, as the engine sees it. */
export interface Venue {
  readonly name: string;
  /** Which of its networks, where it has several: what is known of one says nothing of another. */
  readonly network?: string;
  /** The account that trades, never an agent's address. */
  readonly account: Address;
  /**
   * Loads the markets, proves the account and the key by asking the venue, and starts to connect.
   * @throws wrongAccount, wrongKey, venueFailed
   */
  open(context: VenueContext): Promise<void>;
  market(coin: string): Market | undefined;
  markets(): readonly Market[];
  /** A fresh nonce of the signer, ms. */
  nextNonce(): number;
  raiseNonce(atLeast: number): void;
  /** Encodes and signs; calls back once, at once or later. The same nonce again gives a competing action. */
  sign(
    action: VenueAction,
    terms: { readonly nonce: number; readonly expiresAfter?: number },
    done: (result: SignActionResult) => void,
  ): void;
  /** Writes once; what becomes of it arrives as `copy.answered` or `copy.failed`, exactly one of them or nothing. */
  write(copy: CopyId, signed: SignedAction, mouth: Mouth): void;
  /** Reads once, by REST; exactly one `read.answered` or `read.failed` follows. */
  read(read: ReadId, query: Query): void;
  /**
   * Another way showed what the private streams kept silent about: they are given up, and a new connection follows
   * (`connection.lost`, then `connection.live`).
   */
  distrust(reason: string): void;
  /** Ends the connection and every open read. Nothing reaches the sink afterwards. */
  close(): void;
}
