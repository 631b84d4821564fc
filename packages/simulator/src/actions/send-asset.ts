import { readAddress } from "@cloister/model";
import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import type { Account } from "../ledger/account.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import type { Purse } from "../market/purse.ts";
import { tokenNamed, usdcValue } from "../market/token.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { SignedFields } from "./read-signed.ts";
import { accountAt, subAccountOf, type Transfer, transfer, transferRefusal } from "./transfer.ts";
import type { Work } from "./work.ts";

type SendAsset = Extract<MoneyAction, { type: "sendAsset" }>;

export function readSendAsset(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const destination = fields.address("destination");
  const sourceDex = fields.text("sourceDex");
  const destinationDex = fields.text("destinationDex");
  const token = fields.text("token");
  const amount = fields.amount("amount");
  const sub = fields.text("fromSubAccount", "");
  const userSigned = fields.signed(SIGNED_TYPES.sendAsset);
  if (destination === undefined || sourceDex === undefined || destinationDex === undefined) {
    return undefined;
  }
  if (token === undefined || amount === undefined || userSigned === undefined) return undefined;
  const subAccount = sub === "" ? undefined : readAddress(sub);
  if (sub !== "" && subAccount === undefined) return undefined;
  const { nonce } = userSigned;
  const asked = { destination, sourceDex, destinationDex, token, amount, nonce };
  return {
    action: {
      type: "sendAsset",
      ...asked,
      ...(subAccount === undefined ? {} : { subAccount }),
    },
    canonical: value,
    userSigned,
  };
}

/** Money between the pockets of one account or two: any dex, spot, a sub-account, another address. */
export function sendAsset({ ledger, account }: Work, action: SendAsset): ActionAnswer {
  const { subAccount, destination } = action;
  const from = subAccount === undefined ? account : subAccountOf(ledger, account, subAccount);
  if (from === undefined) return refused(`Vault not registered: ${subAccount}`);
  const pockets = pocketsOf(ledger, action);
  if (typeof pockets === "string") return refused(pockets);
  const refusal = transferRefusal(ledger, { from, out: pockets.out, amount: action.amount });
  if (refusal !== undefined) return refused(refusal);
  if (destination === from.address && action.sourceDex === action.destinationDex) {
    return refused("Cannot self-transfer.");
  }
  const to = accountAt(ledger, destination);
  if (to === undefined) return refused(`Cannot send to an API wallet: ${destination}`);
  send(ledger, { from, to, amount: action.amount, ...pockets }, action);
  return DONE;
}

/** The pocket it leaves and the one it reaches; a text where there is no such pocket. */
function pocketsOf(ledger: Ledger, action: SendAsset): { out: Purse; into: Purse } | string {
  const token = tokenNamed(ledger.universe.listing, action.token);
  if (token === undefined) return `Unknown token ${action.token}`;
  const [out, into] = [action.sourceDex, action.destinationDex].map((dex): Purse | undefined => {
    if (dex === "spot") return { kind: "spot", token: token.name };
    const listed = ledger.universe.dex(dex) !== undefined && token.name === "USDC";
    return listed ? { kind: "dex", dex } : undefined;
  });
  if (out === undefined || into === undefined) return "Invalid perp dex for token transfer.";
  return { out, into };
}

function send(ledger: Ledger, moved: Transfer, action: SendAsset): void {
  const { from, to, amount } = moved;
  const token = moved.out.kind === "spot" ? moved.out.token : "USDC";
  transfer(ledger, moved);
  for (const side of new Set<Account>([from, to])) {
    tellLedgerUpdate(ledger, side, {
      type: "send",
      user: from.address,
      destination: to.address,
      sourceDex: action.sourceDex,
      destinationDex: action.destinationDex,
      token,
      amount: printDecimal(amount),
      usdcValue: printDecimal(usdcValue(ledger, token, amount)),
      fee: "0.0",
      nativeTokenFee: "0.0",
      nonce: action.nonce,
      feeToken: "",
    });
  }
}
