import { type Address, type Decimal, readAddress } from "@cloister/model";
import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { readAmount } from "./read-order.ts";
import { SignedFields } from "./read-signed.ts";
import { subAccountOf, transfer, transferRefusal } from "./transfer.ts";
import type { Work } from "./work.ts";

const FIRST_DEX = { kind: "dex", dex: "" } as const;
const SPOT = { kind: "spot", token: "USDC" } as const;
const FOR_SUB_ACCOUNT = /^(\S+) subaccount:(0x[0-9a-fA-F]{40})$/;

/** The amount may end in " subaccount:0x…": then it is that account's money. */
export function readUsdClassTransfer(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const asked = readAsked(fields.text("amount"));
  const toPerp = fields.flag("toPerp");
  const userSigned = fields.signed(SIGNED_TYPES.usdClassTransfer);
  if (asked === undefined || toPerp === undefined || userSigned === undefined) return undefined;
  return {
    action: { type: "usdClassTransfer", toPerp, ...asked },
    canonical: value,
    userSigned,
  };
}

function readAsked(
  text: string | undefined,
): { amount: Decimal; subAccount?: Address } | undefined {
  const [, sum, sub] = FOR_SUB_ACCOUNT.exec(text ?? "") ?? [];
  const amount = readAmount(sum ?? text);
  if (amount === undefined) return undefined;
  const subAccount = readAddress(sub);
  return subAccount === undefined ? { amount } : { amount, subAccount };
}

/** USDC between spot and the collateral of the first dex. */
export function usdClassTransfer(
  { ledger, account }: Work,
  action: Extract<MoneyAction, { type: "usdClassTransfer" }>,
): ActionAnswer {
  const { amount, toPerp, subAccount } = action;
  const owner = subAccount === undefined ? account : subAccountOf(ledger, account, subAccount);
  if (owner === undefined) return refused(`Vault not registered: ${subAccount}`);
  const [out, into] = toPerp ? [SPOT, FIRST_DEX] : [FIRST_DEX, SPOT];
  const refusal = transferRefusal(ledger, { from: owner, out, amount });
  if (refusal !== undefined) return refused(refusal);
  transfer(ledger, { from: owner, out, to: owner, into, amount });
  tellLedgerUpdate(ledger, owner, {
    type: "accountClassTransfer",
    usdc: printDecimal(amount),
    toPerp,
  });
  return DONE;
}
