import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { SignedFields } from "./read-signed.ts";
import { accountAt, transfer, transferRefusal } from "./transfer.ts";
import type { Work } from "./work.ts";

const FIRST_DEX = { kind: "dex", dex: "" } as const;

export function readUsdSend(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const destination = fields.address("destination");
  const amount = fields.amount("amount");
  const userSigned = fields.signed(SIGNED_TYPES.usdSend);
  if (destination === undefined || amount === undefined || userSigned === undefined) {
    return undefined;
  }
  return { action: { type: "usdSend", destination, amount }, canonical: value, userSigned };
}

/** Collateral of the first dex to another address. */
export function usdSend(
  { ledger, account }: Work,
  { destination, amount }: Extract<MoneyAction, { type: "usdSend" }>,
): ActionAnswer {
  const refusal = transferRefusal(ledger, { from: account, out: FIRST_DEX, amount });
  if (refusal !== undefined) return refused(refusal);
  if (destination === account.address) return refused("Cannot self-transfer.");
  const to = accountAt(ledger, destination);
  if (to === undefined) return refused(`Cannot send to an API wallet: ${destination}`);
  transfer(ledger, { from: account, out: FIRST_DEX, to, into: FIRST_DEX, amount });
  for (const side of [account, to]) {
    tellLedgerUpdate(ledger, side, {
      type: "internalTransfer",
      usdc: printDecimal(amount),
      user: account.address,
      destination,
      fee: "0.0",
    });
  }
  return DONE;
}
