import type { Address } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { Envelope } from "../actions/envelope.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { actionHash, type Network, signingDigest } from "./digest.ts";
import type { Recover } from "./recover.ts";

export type Gate = {
  readonly ledger: Ledger;
  readonly network: Network;
  readonly nowMs: number;
  readonly recover: Recover;
};

const OTHER_NETWORK = "Mainnet and testnet require different signature.";

/** Who signed and for whom, or why it is turned away before its nonce counts (protocol §7.5). */
export type Admission =
  | { readonly signer: Address; readonly account: Account }
  | { readonly refused: string };

/** Finds the signer, its account, and the account it acts for. */
export function admit(gate: Gate, envelope: Envelope): Admission {
  const { userSigned } = envelope;
  if (userSigned !== undefined && userSigned.network !== gate.network) {
    return { refused: OTHER_NETWORK };
  }
  const digest = digestFor(envelope, gate.network);
  const signer = gate.recover(digest, envelope.signature);
  if (signer === undefined) return { refused: "Unable to recover signer." };
  const owner = ownerOf(gate, signer);
  if (owner === undefined) return { refused: strangerText(gate, envelope, signer) };
  const acting = isOwnersAlone(envelope) ? signer : owner.address;
  if (!owner.funded || acting !== owner.address) {
    return { refused: `Must deposit before performing actions. User: ${acting}` };
  }
  if (envelope.vault === undefined) return { signer, account: owner };
  const account = gate.ledger.accounts.get(envelope.vault);
  if (account === undefined || account.master !== owner.address) {
    return { refused: `Vault not registered: ${envelope.vault}` };
  }
  return { signer, account };
}

/**
 * What spends the owner's money or opens the account is the owner's alone: there, an agent is an account without
 * a deposit (protocol §6.2).
 */
function isOwnersAlone({ action, userSigned }: Envelope): boolean {
  return userSigned !== undefined || action.type === "reserveRequestWeight";
}

/** The account a key may sign for: its own, or that of the master who approved it. */
function ownerOf(gate: Gate, signer: Address): Account | undefined {
  const { ledger } = gate;
  const own = ledger.accounts.get(signer);
  if (own !== undefined) return own;
  const master = ledger.agents.get(signer);
  const agent = master?.agents.find(({ address }) => address === signer);
  return agent !== undefined && agent.validUntilMs > gate.nowMs ? master : undefined;
}

function digestFor(envelope: Envelope, network: Network): Uint8Array {
  if (envelope.userSigned !== undefined) return envelope.userSigned.digest;
  return signingDigest(actionHash(envelope.canonical, envelope), network);
}

function strangerText(gate: Gate, envelope: Envelope, signer: Address): string {
  const other = gate.network === "mainnet" ? "testnet" : "mainnet";
  const there = gate.recover(digestFor(envelope, other), envelope.signature);
  if (there !== undefined && ownerOf(gate, there) !== undefined) return OTHER_NETWORK;
  const text = `User or API Wallet ${signer} does not exist.`;
  return gate.ledger.rules.strangerText === "bare" ? text : `L1 error: ${text}`;
}
