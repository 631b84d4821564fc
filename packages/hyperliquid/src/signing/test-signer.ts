import { bytesToHex } from "@noble/hashes/utils.js";
import { parseAddress, type Signer } from "@cloister/model";
import { shown } from "../shown.ts";
import { nonceSource } from "./nonce-source.ts";

/**
 * A signer without a key, for exchanges in memory that check signatures by lookup: r is the digest, s the address.
 * No real venue takes such a signature.
 * @throws invalidSpec unless it is an address.
 */
export function testSigner(address: string): Signer {
  const own = parseAddress(shown(address));
  const nonces = nonceSource();
  const s = `0x${own.slice(2).padStart(64, "0")}`;
  return {
    address: own,
    nextNonce: nonces.next,
    raiseNonce: nonces.raise,
    sign: (digest, done) =>
      done({ kind: "signed", signature: { r: `0x${bytesToHex(digest)}`, s, v: 27 } }),
  };
}
