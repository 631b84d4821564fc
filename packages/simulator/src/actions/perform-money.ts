import type { ActionAnswer } from "./answers.ts";
import { approveBuilderFee } from "./approve-builder-fee.ts";
import { createSubAccount, subAccountModify } from "./create-sub-account.ts";
import { DONE } from "./answers.ts";
import { topUpIsolatedMargin, updateIsolatedMargin } from "./isolated-margin.ts";
import type { AccountAction, MoneyAction, TwapAction } from "./money-action.ts";
import { setDisplayName, vaultTransfer } from "./profile.ts";
import { registerReferrer, setReferrer } from "./referrer.ts";
import { sendAsset } from "./send-asset.ts";
import { spotSend } from "./spot-send.ts";
import { subAccountSpotTransfer, subAccountTransfer } from "./sub-account-transfer.ts";
import { twapCancel, twapOrder } from "./twap-order.ts";
import { usdClassTransfer } from "./usd-class-transfer.ts";
import { usdSend } from "./usd-send.ts";
import { withdraw } from "./withdraw.ts";
import type { Work } from "./work.ts";

/** Performs what is about an account and its money rather than its orders. */
export function performMoney(
  work: Work,
  action: MoneyAction | AccountAction | TwapAction,
): ActionAnswer {
  switch (action.type) {
    case "usdSend":
      return usdSend(work, action);
    case "spotSend":
      return spotSend(work, action);
    case "withdraw3":
      return withdraw(work, action);
    case "usdClassTransfer":
      return usdClassTransfer(work, action);
    case "sendAsset":
      return sendAsset(work, action);
    case "subAccountTransfer":
      return subAccountTransfer(work, action);
    case "subAccountSpotTransfer":
      return subAccountSpotTransfer(work, action);
    case "updateIsolatedMargin":
      return updateIsolatedMargin(work, action);
    case "topUpIsolatedOnlyMargin":
      return topUpIsolatedMargin(work, action);
    case "approveBuilderFee":
      return approveBuilderFee(work, action);
    case "setReferrer":
      return setReferrer(work, action);
    case "registerReferrer":
      return registerReferrer(work, action);
    case "createSubAccount":
      return createSubAccount(work, action);
    case "subAccountModify":
      return subAccountModify(work, action);
    case "setDisplayName":
      return setDisplayName(action);
    case "evmUserModify":
      return DONE;
    case "vaultTransfer":
      return vaultTransfer(action);
    case "twapOrder":
      return twapOrder(work, action);
    case "twapCancel":
      return twapCancel(work, action);
  }
}
