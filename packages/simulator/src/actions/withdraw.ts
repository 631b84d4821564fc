import { compare, negate, parseDecimal, subtract } from "@cloister/model";
import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import { tellLedgerUpdate } from "../ledger/tell-ledger-update.ts";
import { addToHouse } from "../market/house.ts";
import { freeIn, putIn } from "../market/purse.ts";
import { printDecimal } from "../print.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { MoneyAction } from "./money-action.ts";
import { SignedFields } from "./read-signed.ts";
import type { Work } from "./work.ts";

const FIRST_DEX = { kind: "dex", dex: "" } as const;
/** What the bridge keeps, USDC. */
const FEE = parseDecimal("1");

export function readWithdraw(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const destination = fields.address("destination");
  const amount = fields.amount("amount");
  const userSigned = fields.signed(SIGNED_TYPES.withdraw3);
  if (destination === undefined || amount === undefined || userSigned === undefined) {
    return undefined;
  }
  const { nonce } = userSigned;
  return { action: { type: "withdraw3", amount, nonce }, canonical: value, userSigned };
}

/** Collateral of the first dex leaves the exchange; the bridge keeps a dollar of it. */
export function withdraw(
  { ledger, account }: Work,
  { amount, nonce }: Extract<MoneyAction, { type: "withdraw3" }>,
): ActionAnswer {
  const free = freeIn(ledger, account, FIRST_DEX);
  if (compare(amount, FEE) <= 0 || compare(amount, free) > 0) {
    return refused("Insufficient balance for withdrawal.");
  }
  putIn(ledger, account, { purse: FIRST_DEX, amount: negate(amount) });
  addToHouse(ledger, "dex ", amount);
  ledger.market.movedMoney.add(account);
  tellLedgerUpdate(ledger, account, {
    type: "withdraw",
    usdc: printDecimal(subtract(amount, FEE)),
    nonce,
    fee: printDecimal(FEE),
  });
  return DONE;
}
