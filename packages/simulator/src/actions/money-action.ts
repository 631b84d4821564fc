import type { Address, Decimal } from "@cloister/model";

/** Actions that move money between pockets and accounts, or out of the exchange (protocol §10.2). */
export type MoneyAction =
  | { readonly type: "usdSend"; readonly destination: Address; readonly amount: Decimal }
  | {
      readonly type: "spotSend";
      readonly destination: Address;
      /** "NAME:0xid" */
      readonly token: string;
      readonly amount: Decimal;
      readonly nonce: number;
    }
  | { readonly type: "withdraw3"; readonly amount: Decimal; readonly nonce: number }
  | {
      readonly type: "usdClassTransfer";
      readonly amount: Decimal;
      readonly toPerp: boolean;
      readonly subAccount?: Address;
    }
  | {
      readonly type: "sendAsset";
      readonly destination: Address;
      /** A dex, "" for the first one, or "spot". */
      readonly sourceDex: string;
      readonly destinationDex: string;
      readonly token: string;
      readonly amount: Decimal;
      readonly subAccount?: Address;
      readonly nonce: number;
    }
  | {
      readonly type: "subAccountTransfer";
      readonly subAccount: Address;
      readonly isDeposit: boolean;
      readonly amount: Decimal;
    }
  | {
      readonly type: "subAccountSpotTransfer";
      readonly subAccount: Address;
      readonly isDeposit: boolean;
      readonly token: string;
      readonly amount: Decimal;
    }
  | { readonly type: "updateIsolatedMargin"; readonly assetId: number; readonly amount: Decimal }
  | {
      readonly type: "topUpIsolatedOnlyMargin";
      readonly assetId: number;
      readonly leverage: Decimal;
    };

/** Actions about the account itself. */
export type AccountAction =
  | {
      readonly type: "approveBuilderFee";
      readonly builder: Address;
      /** Tenths of a basis point. */
      readonly tenthBps: number;
    }
  | { readonly type: "setReferrer" | "registerReferrer"; readonly code: string }
  | { readonly type: "createSubAccount"; readonly name: string }
  | { readonly type: "subAccountModify"; readonly subAccount: Address; readonly name: string }
  | { readonly type: "setDisplayName"; readonly name: string }
  | { readonly type: "evmUserModify"; readonly usingBigBlocks: boolean }
  | { readonly type: "vaultTransfer"; readonly vault: Address };

/** A large order in slices, and its end. */
export type TwapAction =
  | {
      readonly type: "twapOrder";
      readonly assetId: number;
      readonly isBuy: boolean;
      readonly size: Decimal;
      readonly reduceOnly: boolean;
      readonly minutes: number;
      readonly randomize: boolean;
    }
  | { readonly type: "twapCancel"; readonly assetId: number; readonly twapId: number };
