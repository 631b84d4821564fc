import { compare, parseAddress, readAddress } from "@cloister/model";
import { hasOnly, type JsonObject } from "../json.ts";
import { createAccount } from "../ledger/account.ts";
import { transactionHash } from "../ledger/ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { AccountAction } from "./money-action.ts";
import { subAccountOf } from "./transfer.ts";
import type { Work } from "./work.ts";
import { untilTraded } from "./until-traded.ts";

const NAME_MAX = 16;
const SUB_ACCOUNTS_MAX = 10;
const ADDRESS_LENGTH = 42;

export function readCreateSubAccount(value: JsonObject): ReadAction | undefined {
  const { name } = value;
  if (!hasOnly(value, ["type", "name"]) || typeof name !== "string") return undefined;
  const type = "createSubAccount";
  return { action: { type, name }, canonical: { type, name } };
}

export function readSubAccountModify(value: JsonObject): ReadAction | undefined {
  const { name } = value;
  const subAccountUser = readAddress(value["subAccountUser"]);
  if (!hasOnly(value, ["type", "subAccountUser", "name"])) return undefined;
  if (subAccountUser === undefined || typeof name !== "string") return undefined;
  const type = "subAccountModify";
  return {
    action: { type, subAccount: subAccountUser, name },
    canonical: { type, subAccountUser, name },
  };
}

/** Opens a sub-account without money; whoever traded too little may have none. Answers its address. */
export function createSubAccount(
  { ledger, account }: Work,
  { name }: Extract<AccountAction, { type: "createSubAccount" }>,
): ActionAnswer {
  const { subAccountVolume: required } = ledger.rules;
  if (compare(account.volume, required) < 0) {
    return refused(`Cannot create sub-accounts ${untilTraded(account, required)}`);
  }
  if (!isName(name)) return refused("Invalid sub-account name.");
  const owned = [...ledger.accounts.values()].filter(({ master }) => master === account.address);
  if (owned.length >= SUB_ACCOUNTS_MAX) return refused("Too many sub-accounts");
  if (account.master !== undefined) return refused("Sub-accounts cannot create sub-accounts.");
  const address = freshAddress(ledger);
  ledger.accounts.set(
    address,
    createAccount({
      address,
      kind: "subAccount",
      master: account.address,
      name,
      background: false,
      funded: true,
    }),
  );
  return { status: "ok", response: { type: "createSubAccount", data: address } };
}

export function subAccountModify(
  { ledger, account }: Work,
  { subAccount, name }: Extract<AccountAction, { type: "subAccountModify" }>,
): ActionAnswer {
  const sub = subAccountOf(ledger, account, subAccount);
  if (sub === undefined) return refused(`Vault not registered: ${subAccount}`);
  if (!isName(name)) return refused("Invalid sub-account name.");
  sub.name = name;
  return DONE;
}

function isName(name: string): boolean {
  return name.length >= 1 && name.length <= NAME_MAX;
}

/** Made of the transaction, so that the same run makes the same address. */
function freshAddress(ledger: Ledger) {
  for (let salt = 0; ; salt += 1) {
    const hash = transactionHash(ledger.transactions * 1_000 + salt);
    const address = parseAddress(hash.slice(0, ADDRESS_LENGTH));
    if (!ledger.accounts.has(address) && !ledger.agents.has(address)) return address;
  }
}
