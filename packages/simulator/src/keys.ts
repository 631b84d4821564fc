import type { Random, Signature, Signer } from "@cloister/model";
import { bytesToHex } from "@noble/hashes/utils.js";
import { getPublicKey } from "@noble/secp256k1";
import { addressOf } from "./auth/recover.ts";

export type KeyedAccount = { readonly address: string; readonly privateKey: string };

/** Fresh keys with their addresses, for those who start an exchange and print who may trade. Never for real money. */
export function makeAccounts(count: number, random: Random): KeyedAccount[] {
  return Array.from({ length: count }, () => makeAccount(random));
}

/**
 * A signer for in-memory runs with `recover: recoverByLookup`: its signature is the digest and the address.
 * Nonces as everywhere: max(now, last + 1).
 */
export function lookupSigner(address: string): Signer {
  let last = 0;
  return {
    address: address.toLowerCase(),
    nextNonce: (nowMs) => {
      last = Math.max(nowMs, last + 1);
      return last;
    },
    raiseNonce: (atLeast) => {
      last = Math.max(last, atLeast);
    },
    sign: (digest, done) => done({ kind: "signed", signature: lookupSignature(address, digest) }),
  };
}

export function lookupSignature(address: string, digest: Uint8Array): Signature {
  return {
    r: `0x${bytesToHex(digest)}`,
    s: `0x${address.slice(2).toLowerCase().padStart(64, "0")}`,
    v: 27,
  };
}

function makeAccount(random: Random): KeyedAccount {
  // Nearly every 32 bytes are a key; the rest is drawn again.
  for (;;) {
    const key = random.bytes(32);
    try {
      const address = addressOf(getPublicKey(key));
      if (address !== undefined) return { address, privateKey: `0x${bytesToHex(key)}` };
    } catch {
      // Out of the curve's range.
    }
  }
}
