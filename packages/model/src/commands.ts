import type { Cloid } from "./cloid.ts";
import type { Decimal } from "./decimal.ts";
import type { Coin, Oid } from "./ids.ts";
import type { Grouping, Side, Tif } from "./order-words.ts";

/** Trigger terms as a caller writes them. Fires on the mark price (protocol §6.2). */
export type TriggerSpec = {
  readonly price: string;
  readonly kind: "tp" | "sl";
  /** true: executes as a market order (10 % slippage at most); false: at the order's price. */
  readonly market: boolean;
};

export type OnDoubt = "withdraw" | "land";

/** What a caller asks to place. Prices in quote, sizes in base units, both as decimal strings. */
export type PlaceSpec = {
  readonly coin: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly tif: Tif;
  readonly reduceOnly?: boolean;
  readonly trigger?: TriggerSpec;
  /** Any spelling; a fresh one with the engine's mark by default. */
  readonly cloid?: string;
  /** The caller's own word, kept with the order, never sent. */
  readonly tag?: string;
  /** How far after the command the venue may still take it, ms of venue time. */
  readonly expiresAfterMs?: number;
  /** "land": the same bytes may go by the other mouth soon after the command. Alo and Gtc only; default "withdraw". */
  readonly onDoubt?: OnDoubt;
  /** Pays the builder a fee (protocol §6.2); one for a whole group. */
  readonly builder?: Builder;
};

/** Who receives a builder's fee, and how much: tenths of a basis point. */
export type Builder = { readonly address: string; readonly fee: number };

export type ModifySpec = {
  readonly price?: string;
  /** What shall rest afterwards; by default what is left when it is signed. */
  readonly leaves?: string;
};

/** Validated terms of an order, as placed. Immutable; shared by reference. */
export type OrderTerms = {
  readonly coin: Coin;
  readonly side: Side;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly tif: Tif;
  readonly reduceOnly: boolean;
  readonly trigger?: {
    readonly price: Decimal;
    readonly kind: "tp" | "sl";
    readonly market: boolean;
  };
};

export type PlaceOrder = {
  readonly cloid: Cloid;
  readonly tag?: string;
  readonly terms: OrderTerms;
};

/** Whose orders a cancelAll ends. */
export type CancelScope = "ours" | "account";

/** What a close does with orders. "wait": none is canceled; it waits until nothing is doubtful or on its way. */
export type Ending = "cancel" | "leave" | "wait";

/** What each coin was worth when the command was given, in quote: what a price band is measured from. */
export type References = Readonly<Record<string, Decimal>>;

/** What enters the inbox when a caller speaks. `id` numbers the command; ids never repeat in a journal. */
export type Command =
  | {
      readonly kind: "place";
      readonly id: number;
      readonly orders: readonly PlaceOrder[];
      readonly grouping: Grouping;
      readonly expiresAfterMs: number;
      /** By default "withdraw". */
      readonly onDoubt?: OnDoubt;
      readonly builder?: Builder;
      readonly references?: References;
    }
  | {
      readonly kind: "modify";
      readonly id: number;
      readonly cloid: Cloid;
      readonly price?: Decimal;
      readonly leaves?: Decimal;
      readonly expiresAfterMs: number;
      readonly references?: References;
    }
  | { readonly kind: "cancel"; readonly id: number; readonly cloids: readonly Cloid[] }
  | {
      readonly kind: "cancelAll";
      readonly id: number;
      /** "account": also what is not ours. By default "ours". */
      readonly scope?: CancelScope;
      readonly coin?: Coin;
      readonly keepReduceOnly?: boolean;
      readonly withinMs: number;
    }
  | {
      readonly kind: "halt";
      readonly id: number;
      readonly reason: string;
      /** Our orders are canceled as well. */
      readonly cancel?: boolean;
    }
  | { readonly kind: "resume"; readonly id: number }
  | { readonly kind: "reconcile"; readonly id: number }
  | {
      readonly kind: "close";
      readonly id: number;
      readonly orders: Ending;
      readonly withinMs: number;
    };

/** What is written to the venue: its own words never appear here. */
export type VenueAction =
  | {
      readonly kind: "place";
      readonly orders: readonly PlaceOrder[];
      readonly grouping: Grouping;
      readonly builder?: Builder;
    }
  | { readonly kind: "modify"; readonly target: Oid | Cloid; readonly order: PlaceOrder }
  | {
      readonly kind: "cancel";
      readonly targets: readonly { readonly coin: Coin; readonly oid: Oid }[];
    }
  | {
      readonly kind: "cancelByCloid";
      readonly targets: readonly { readonly coin: Coin; readonly cloid: Cloid }[];
    }
  | { readonly kind: "noop" }
  /** Without `time`: disarm. ms, venue time. */
  | { readonly kind: "scheduleCancel"; readonly time?: number }
  | {
      readonly kind: "updateLeverage";
      readonly coin: Coin;
      readonly cross: boolean;
      readonly leverage: number;
    };
