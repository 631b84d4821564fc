import { CloisterError, parseAddress } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { UserRole } from "../codec/info.ts";
import { type Claim, proveAccount } from "./prove-account.ts";

const MASTER = parseAddress(`0x${"11".repeat(20)}`);
const AGENT = parseAddress(`0x${"22".repeat(20)}`);
const SUB = parseAddress(`0x${"33".repeat(20)}`);
const VAULT = parseAddress(`0x${"44".repeat(20)}`);
const STRANGER = parseAddress(`0x${"55".repeat(20)}`);

const ROLES: Readonly<Record<string, UserRole>> = {
  [MASTER]: { role: "user" },
  [AGENT]: { role: "agent", user: MASTER },
  [SUB]: { role: "subAccount", master: MASTER },
  [VAULT]: { role: "vault" },
};

function prove(claim: Claim) {
  return proveAccount(claim, (address) => Promise.resolve(ROLES[address] ?? { role: "missing" }));
}

async function refusal(claim: Claim): Promise<CloisterError> {
  try {
    await prove(claim);
  } catch (error) {
    if (error instanceof CloisterError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

describe("proveAccount", () => {
  it.each<[string, Claim, { account: string; owner: string; vault?: string }]>([
    [
      "the account's own key",
      { account: MASTER, signer: MASTER },
      { account: MASTER, owner: MASTER },
    ],
    [
      "an API wallet of the account",
      { account: MASTER, signer: AGENT },
      { account: MASTER, owner: MASTER },
    ],
    [
      "a sub-account by its master's key",
      { account: SUB, signer: MASTER },
      { account: SUB, owner: MASTER, vault: SUB },
    ],
    [
      "a sub-account by the master's API wallet",
      { account: MASTER, vault: SUB, signer: AGENT },
      { account: SUB, owner: MASTER, vault: SUB },
    ],
    [
      "a vault by its leader",
      { account: MASTER, vault: VAULT, signer: MASTER },
      { account: VAULT, owner: MASTER, vault: VAULT },
    ],
  ])("takes %s", async (_name, claim, proven) => {
    expect(await prove(claim)).toEqual(proven);
  });

  it("situation 118: an API wallet's address instead of the account's names the account", async () => {
    const error = await refusal({ account: AGENT, signer: AGENT });
    expect(error.code).toBe("wrongAccount");
    expect(error.message).toContain(MASTER);
  });

  it.each<[string, Claim]>([
    ["an account that does not exist", { account: STRANGER, signer: MASTER }],
    ["a vault without its leader", { account: VAULT, signer: MASTER }],
    ["a vault that is an ordinary account", { account: STRANGER, vault: MASTER, signer: MASTER }],
    ["a sub-account of somebody else", { account: STRANGER, vault: SUB, signer: MASTER }],
  ])("refuses %s", async (_name, claim) => {
    expect((await refusal(claim)).code).toBe("wrongAccount");
  });

  it.each<[string, Claim]>([
    ["a key that nobody knows", { account: MASTER, signer: STRANGER }],
    ["a key of another account", { account: MASTER, signer: SUB }],
  ])("refuses %s", async (_name, claim) => {
    expect((await refusal(claim)).code).toBe("wrongKey");
  });
});
