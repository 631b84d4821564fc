import { readAddress } from "@cloister/model";
import { hasOnly, isWhole, type JsonObject } from "../json.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { tokenNamed } from "../market/token.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { readAmount } from "./read-order.ts";
import { spotTransfer } from "./spot-send.ts";
import { millionths, subAccountOf, transfer, transferRefusal } from "./transfer.ts";
import type { Work } from "./work.ts";

const FIRST_DEX = { kind: "dex", dex: "" } as const;

export function readSubAccountTransfer(value: JsonObject): ReadAction | undefined {
  const { isDeposit, usd } = value;
  const subAccountUser = readAddress(value["subAccountUser"]);
  if (!hasOnly(value, ["type", "subAccountUser", "isDeposit", "usd"])) return undefined;
  if (subAccountUser === undefined || typeof isDeposit !== "boolean" || !isWhole(usd)) {
    return undefined;
  }
  const type = "subAccountTransfer";
  return {
    action: { type, subAccount: subAccountUser, isDeposit, amount: millionths(usd) },
    canonical: { type, subAccountUser, isDeposit, usd },
  };
}

export function readSubAccountSpotTransfer(value: JsonObject): ReadAction | undefined {
  const { isDeposit, token, amount: text } = value;
  const subAccountUser = readAddress(value["subAccountUser"]);
  const amount = readAmount(text);
  if (!hasOnly(value, ["type", "subAccountUser", "isDeposit", "token", "amount"])) return undefined;
  if (subAccountUser === undefined || typeof isDeposit !== "boolean") return undefined;
  if (typeof token !== "string" || amount === undefined) return undefined;
  const type = "subAccountSpotTransfer";
  return {
    action: { type, subAccount: subAccountUser, isDeposit, token, amount },
    canonical: { type, subAccountUser, isDeposit, token, amount: text },
  };
}

/** Collateral between a master and its sub-account. */
export function subAccountTransfer(
  { ledger, account }: Work,
  action: Extract<MoneyAction, { type: "subAccountTransfer" }>,
): ActionAnswer {
  const { amount, isDeposit } = action;
  const sub = subAccountOf(ledger, account, action.subAccount);
  if (sub === undefined) return refused(strangerText(account.address, action.subAccount));
  const [from, to] = isDeposit ? [account, sub] : [sub, account];
  const refusal = transferRefusal(ledger, { from, out: FIRST_DEX, amount });
  if (refusal !== undefined) return refused(refusal);
  transfer(ledger, { from, out: FIRST_DEX, to, into: FIRST_DEX, amount });
  for (const side of [from, to]) {
    tellLedgerUpdate(ledger, side, {
      type: "subAccountTransfer",
      usdc: printDecimal(amount),
      user: from.address,
      destination: to.address,
    });
  }
  return DONE;
}

/** A spot token between a master and its sub-account. */
export function subAccountSpotTransfer(
  { ledger, account }: Work,
  action: Extract<MoneyAction, { type: "subAccountSpotTransfer" }>,
): ActionAnswer {
  const { amount, isDeposit } = action;
  const sub = subAccountOf(ledger, account, action.subAccount);
  if (sub === undefined) return refused(strangerText(account.address, action.subAccount));
  const token = tokenNamed(ledger.universe.listing, action.token);
  if (token === undefined) return refused(`Unknown token ${action.token}`);
  const [from, to] = isDeposit ? [account, sub] : [sub, account];
  const out = { kind: "spot", token: token.name } as const;
  const refusal = transferRefusal(ledger, { from, out, amount });
  if (refusal !== undefined) return refused(refusal);
  spotTransfer(ledger, { from, out, to, into: out, amount, nonce: null });
  return DONE;
}

function strangerText(master: string, asked: string): string {
  return `Invalid sub-account transfer from ${master} to ${asked}`;
}
