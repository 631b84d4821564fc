import { readAddress } from "@cloister/model";
import { hasOnly, isWhole, type JsonObject } from "../json.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { AccountAction } from "./money-action.ts";

/** Actions that touch nothing this exchange has: a name on a board, a flag of the other chain, a vault. */

const NAME_MAX = 20;

export function readSetDisplayName(value: JsonObject): ReadAction | undefined {
  const { displayName } = value;
  if (!hasOnly(value, ["type", "displayName"]) || typeof displayName !== "string") return undefined;
  const type = "setDisplayName";
  return { action: { type, name: displayName }, canonical: { type, displayName } };
}

export function readEvmUserModify(value: JsonObject): ReadAction | undefined {
  const { usingBigBlocks } = value;
  if (!hasOnly(value, ["type", "usingBigBlocks"]) || typeof usingBigBlocks !== "boolean") {
    return undefined;
  }
  const type = "evmUserModify";
  return { action: { type, usingBigBlocks }, canonical: { type, usingBigBlocks } };
}

export function readVaultTransfer(value: JsonObject): ReadAction | undefined {
  const { isDeposit, usd } = value;
  const vaultAddress = readAddress(value["vaultAddress"]);
  if (!hasOnly(value, ["type", "vaultAddress", "isDeposit", "usd"])) return undefined;
  if (vaultAddress === undefined || typeof isDeposit !== "boolean" || !isWhole(usd)) {
    return undefined;
  }
  const type = "vaultTransfer";
  return {
    action: { type, vault: vaultAddress },
    canonical: { type, vaultAddress, isDeposit, usd },
  };
}

/** No read shows the name of somebody else: it is only judged. */
export function setDisplayName({
  name,
}: Extract<AccountAction, { type: "setDisplayName" }>): ActionAnswer {
  return name.length > NAME_MAX ? refused("Invalid display name.") : DONE;
}

/** There are no vaults here. */
export function vaultTransfer({
  vault,
}: Extract<AccountAction, { type: "vaultTransfer" }>): ActionAnswer {
  return refused(`Vault not registered: ${vault}`);
}
