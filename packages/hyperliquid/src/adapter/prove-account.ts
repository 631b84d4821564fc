import { type Address, CloisterError, readAddress } from "@cloister/model";
import type { UserRole } from "../codec/info.ts";

/** What the host says: who trades, who signs, and for whom. */
export type Claim = {
  readonly account: Address;
  readonly signer: string;
  /** The sub-account or vault that is traded for; `account` is then its owner. */
  readonly vault?: Address;
};

/**
 * Whose orders they are, who decides over them, and the address that goes into the envelope when it is not the signer's
 * own account.
 */
export type Proven = {
  readonly account: Address;
  readonly owner: Address;
  readonly vault?: Address;
};

export type AskRole = (address: string) => Promise<UserRole>;

/**
 * Proves by asking that the address is an account and that the key may sign for it (protocol §8.7, §10.4).
 * An agent's address instead of the account's answers every read with nothing: it is named here.
 * @throws wrongAccount, wrongKey
 */
export async function proveAccount(claim: Claim, askRole: AskRole): Promise<Proven> {
  const target = claim.vault ?? claim.account;
  const role = await askRole(target);
  const owner = ownerOf(claim, target, role);
  await proveKey({ signer: claim.signer, owner, target }, askRole);
  return role.role === "user"
    ? { account: target, owner }
    : { account: target, owner, vault: target };
}

/** Who decides over the target: itself, the master of a sub-account, the leader of a vault. */
function ownerOf(claim: Claim, target: Address, role: UserRole): Address {
  switch (role.role) {
    case "missing":
      throw wrongAccount(target, "the venue knows no such account; it has never held funds");
    case "agent":
      throw wrongAccount(target, `is an API wallet; the account it signs for is ${role.user}`);
    case "user":
      if (claim.vault === undefined) return target;
      throw wrongAccount(target, "is given as vault, and is an ordinary account");
    case "subAccount":
      return ownerOfSubAccount(claim, target, role.master);
    case "vault":
      if (claim.vault !== undefined && claim.vault !== claim.account) return claim.account;
      throw wrongAccount(
        target,
        "is a vault: give its leader as account and this address as vault",
      );
  }
}

function ownerOfSubAccount(claim: Claim, target: Address, master: Address | undefined): Address {
  const told = claim.account === target ? undefined : claim.account;
  if (master !== undefined && told !== undefined && told !== master) {
    throw wrongAccount(told, `is not the master of the sub-account ${target}, which is ${master}`);
  }
  const owner = master ?? told;
  if (owner !== undefined) return owner;
  throw wrongAccount(
    target,
    "is a sub-account: give its master as account and this address as vault",
  );
}

async function proveKey(
  who: { signer: string; owner: Address; target: Address },
  askRole: AskRole,
): Promise<void> {
  const signer = readAddress(who.signer);
  if (signer === who.owner) return;
  const role = await askRole(who.signer);
  if (role.role === "agent" && (role.user === who.owner || role.user === who.target)) return;
  const others = role.role === "agent" ? `an API wallet of ${role.user}` : `of role "${role.role}"`;
  throw new CloisterError(
    "wrongKey",
    `the key ${who.signer} may not sign for ${who.owner}: it is ${others}`,
    {
      details: {
        field: "signer",
        value: who.signer,
        rule: "must be the account's key or one of its API wallets",
      },
    },
  );
}

function wrongAccount(address: Address, rule: string): CloisterError {
  return new CloisterError("wrongAccount", `account ${address}: ${rule}`, {
    details: { field: "account", value: address, rule },
  });
}
