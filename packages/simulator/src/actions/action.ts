import type { Address, Decimal } from "@cloister/model";
import type { Network } from "../auth/digest.ts";
import type { Builder, OrderTif, TriggerTerms } from "../ledger/order.ts";
import type { AccountAction, MoneyAction, TwapAction } from "./money-action.ts";
import type { Grouping } from "../market/groups.ts";

/** One order as an action asks for it; the asset is not looked up yet. */
export type OrderAsk = {
  readonly assetId: number;
  readonly isBuy: boolean;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly reduceOnly: boolean;
  readonly tif: OrderTif;
  readonly trigger?: TriggerTerms;
  readonly cloid?: string;
};

/** An oid, or a cloid in lower case. */
export type OrderKey = number | string;

export type CancelAsk = { readonly assetId: number; readonly key: OrderKey };

/** What a batch pays to go first: a share of its value, in 1e-8 (protocol §6.2). */
export type Priority = { readonly p: number };

export type ModifyAsk = { readonly key: OrderKey; readonly order: OrderAsk };

/** The signed actions this exchange performs (protocol §6.2). */
export type Action =
  | {
      readonly type: "order";
      readonly orders: readonly OrderAsk[];
      readonly grouping: Grouping | Priority;
      /** Whoever takes a fee of its own for each of the orders. */
      readonly builder?: Builder;
    }
  | {
      readonly type: "cancel";
      readonly cancels: readonly CancelAsk[];
      readonly name: "cancel" | "cancelByCloid";
      /** Goes before others, but ends no trigger order (protocol §6.2). */
      readonly fast: boolean;
    }
  | { readonly type: "modify"; readonly modify: ModifyAsk }
  | {
      readonly type: "batchModify";
      readonly modifies: readonly ModifyAsk[];
      readonly alwaysPlace: boolean;
    }
  | { readonly type: "scheduleCancel"; readonly timeMs?: number }
  | {
      readonly type: "updateLeverage";
      readonly assetId: number;
      readonly isCross: boolean;
      readonly leverage: number;
    }
  | { readonly type: "reserveRequestWeight"; readonly weight: number }
  | {
      readonly type: "approveAgent";
      readonly agent: Address;
      /** "" for the one without a name. */
      readonly name: string;
      readonly validUntilMs?: number;
    }
  | { readonly type: "noop" }
  | MoneyAction
  | AccountAction
  | TwapAction;

/** An action with the object that is hashed: typed keys in the venue's order, numbers trimmed (protocol §10.1). */
export type ReadAction = {
  readonly action: Action;
  readonly canonical: object;
  readonly userSigned?: UserSigned;
};

/** Of an action that is signed as typed data (protocol §10.2): what is signed, for which network, with which nonce. */
export type UserSigned = {
  readonly digest: Uint8Array;
  readonly network: Network;
  readonly nonce: number;
};

/** How many requests an action counts as (protocol §12.2). */
export function weightOf(action: Action): number {
  if (action.type === "order") return action.orders.length;
  if (action.type === "cancel") return action.cancels.length;
  return action.type === "batchModify" ? action.modifies.length : 1;
}

/** In which part of a block an action runs: others and Alo, then cancels, then what may take (protocol §6.3). */
export function bundleOf(action: Action): 1 | 2 | 3 {
  if (action.type === "cancel") return 2;
  return ordersOf(action).every(isPassive) ? 1 : 3;
}

/** The orders that an action places. */
function ordersOf(action: Action): readonly OrderAsk[] {
  if (action.type === "order") return action.orders;
  if (action.type === "modify") return [action.modify.order];
  return action.type === "batchModify" ? action.modifies.map(({ order }) => order) : [];
}

function isPassive(order: OrderAsk): boolean {
  return order.tif === "Alo" || order.trigger !== undefined;
}
