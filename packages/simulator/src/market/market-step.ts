import type { Address, Decimal } from "@cloister/model";
import type { OrderStatus } from "../ledger/order.ts";
import type { Asset, PerpListing } from "./universe.ts";

/** What somebody does to the markets, as data, in this order. */
export type MarketScript = { readonly steps: readonly ScriptedStep[] };

/** Prices, sizes and amounts are plain decimal texts. */
export type ScriptedStep =
  /** Holds a price; without one the mark is the crowd's again, or stays, and the oracle is the mark. */
  | { readonly do: "mark" | "oracle"; readonly coin: string; readonly price?: string }
  /** Prices at times from now on, rising. */
  | {
      readonly do: "path";
      readonly coin: string;
      /** Default "both". */
      readonly of?: "mark" | "oracle" | "both";
      readonly points: readonly { readonly afterMs: number; readonly price: string }[];
    }
  /** A number that decides about a perpetual; without a value it decides no more. */
  | { readonly do: Condition; readonly coin: string; readonly value?: string }
  | ({ readonly do: "list"; readonly dex?: string } & Omit<PerpListing, "delisted">)
  /** Cancels its orders and settles its positions at the oracle price. */
  | { readonly do: "delist"; readonly coin: string }
  /** Ends an open order with a status that has no cause here. */
  | {
      readonly do: "cancelAs";
      readonly account: string;
      readonly oid: number;
      readonly status: OrderStatus;
    }
  /** Sells what an account holds of a token to the exchange, as the venue does with dust. */
  | { readonly do: "dust"; readonly account: string; readonly token: string }
  /** Closes two opposite positions against each other; at the mark price unless one is given. */
  | {
      readonly do: "deleverage";
      readonly coin: string;
      readonly account: string;
      readonly counterparty: string;
      readonly size: string;
      readonly price?: string;
    }
  /** Whether only post-only orders are taken, as after an upgrade of the network. */
  | { readonly do: "postOnly"; readonly on: boolean };

export const CONDITIONS = [
  "openInterestCap",
  "openInterestGrowth",
  "oracleBand",
  "fundingRate",
] as const;
/**
 * Value of all open positions that nobody may go beyond, and by how much it may grow in a block, quote units; how far
 * from the oracle an order may be, as a fraction; the hourly funding rate.
 */
type Condition = (typeof CONDITIONS)[number];

/** A step that was read: its names are looked up, its numbers are numbers. */
export type MarketStep =
  | { readonly do: "mark" | "oracle"; readonly asset: Asset; readonly price?: Decimal }
  | {
      readonly do: "path";
      readonly asset: Asset;
      readonly of: "mark" | "oracle" | "both";
      readonly points: readonly { readonly afterMs: number; readonly price: Decimal }[];
    }
  | { readonly do: Condition; readonly asset: Asset; readonly value?: Decimal }
  | { readonly do: "list"; readonly dex: string; readonly perp: PerpListing }
  | { readonly do: "delist"; readonly asset: Asset }
  | {
      readonly do: "cancelAs";
      readonly account: Address;
      readonly oid: number;
      readonly status: OrderStatus;
    }
  | { readonly do: "dust"; readonly account: Address; readonly token: string }
  | {
      readonly do: "deleverage";
      readonly asset: Asset;
      readonly account: Address;
      readonly counterparty: Address;
      readonly size: Decimal;
      readonly price?: Decimal;
    }
  | { readonly do: "postOnly"; readonly on: boolean };
