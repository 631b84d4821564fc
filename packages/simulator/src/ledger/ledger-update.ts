/** What a row of `userNonFundingLedgerUpdates` is about; amounts as printed. */
export type LedgerDelta =
  | { readonly type: "deposit"; readonly usdc: string }
  | {
      readonly type: "withdraw";
      readonly usdc: string;
      readonly nonce: number;
      readonly fee: string;
    }
  | { readonly type: "accountClassTransfer"; readonly usdc: string; readonly toPerp: boolean }
  | {
      readonly type: "internalTransfer";
      readonly usdc: string;
      readonly user: string;
      readonly destination: string;
      readonly fee: string;
    }
  | {
      readonly type: "subAccountTransfer";
      readonly usdc: string;
      readonly user: string;
      readonly destination: string;
    }
  | {
      readonly type: "spotTransfer";
      readonly token: string;
      readonly amount: string;
      readonly usdcValue: string;
      readonly user: string;
      readonly destination: string;
      readonly fee: string;
      readonly nativeTokenFee: string;
      readonly nonce: number | null;
      readonly feeToken: string;
    }
  | {
      readonly type: "send";
      readonly user: string;
      readonly destination: string;
      readonly sourceDex: string;
      readonly destinationDex: string;
      readonly token: string;
      readonly amount: string;
      readonly usdcValue: string;
      readonly fee: string;
      readonly nativeTokenFee: string;
      readonly nonce: number;
      readonly feeToken: string;
    }
  | {
      readonly type: "liquidation";
      readonly liquidatedNtlPos: string;
      readonly accountValue: string;
      readonly leverageType: "Cross" | "Isolated";
      readonly liquidatedPositions: readonly { readonly coin: string; readonly szi: string }[];
    };

/** Money that came, went or moved without a trade or funding (protocol §8.6 pages it). */
export type LedgerUpdate = {
  readonly time: number;
  readonly hash: string;
  readonly delta: LedgerDelta;
};
