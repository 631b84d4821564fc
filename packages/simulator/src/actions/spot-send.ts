import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { tokenNamed, usdcValue } from "../market/token.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { SignedFields } from "./read-signed.ts";
import { accountAt, type Transfer, transfer, transferRefusal } from "./transfer.ts";
import type { Work } from "./work.ts";

export function readSpotSend(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const destination = fields.address("destination");
  const token = fields.text("token");
  const amount = fields.amount("amount");
  const userSigned = fields.signed(SIGNED_TYPES.spotSend);
  if (destination === undefined || token === undefined) return undefined;
  if (amount === undefined || userSigned === undefined) return undefined;
  const { nonce } = userSigned;
  return {
    action: { type: "spotSend", destination, token, amount, nonce },
    canonical: value,
    userSigned,
  };
}

/** A spot token to another address. */
export function spotSend(
  { ledger, account }: Work,
  action: Extract<MoneyAction, { type: "spotSend" }>,
): ActionAnswer {
  const { destination, amount, nonce } = action;
  const token = tokenNamed(ledger.universe.listing, action.token);
  if (token === undefined) return refused(`Unknown token ${action.token}`);
  const out = { kind: "spot", token: token.name } as const;
  const refusal = transferRefusal(ledger, { from: account, out, amount });
  if (refusal !== undefined) return refused(refusal);
  if (destination === account.address) return refused("Cannot self-transfer.");
  const to = accountAt(ledger, destination);
  if (to === undefined) return refused(`Cannot send to an API wallet: ${destination}`);
  spotTransfer(ledger, { from: account, out, to, into: out, amount, nonce });
  return DONE;
}

/** Moves a spot token and records it with both. */
export function spotTransfer(
  ledger: Ledger,
  moved: Transfer & { readonly nonce: number | null },
): void {
  const { from, out, to, amount, nonce } = moved;
  const token = out.kind === "spot" ? out.token : "USDC";
  transfer(ledger, moved);
  for (const side of new Set<Account>([from, to])) {
    tellLedgerUpdate(ledger, side, {
      type: "spotTransfer",
      token,
      amount: printDecimal(amount),
      usdcValue: printDecimal(usdcValue(ledger, token, amount)),
      user: from.address,
      destination: to.address,
      fee: "0.0",
      nativeTokenFee: "0.0",
      nonce,
      feeToken: "",
    });
  }
}
