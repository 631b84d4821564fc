import { type Address, readAddress } from "@cloister/model";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { Point, recoverPublicKey } from "@noble/secp256k1";
import type { WireSignature } from "../actions/envelope.ts";

/** Whose signature it is; undefined when it is no signature at all. */
export type Recover = (digest: Uint8Array, signature: WireSignature) => Address | undefined;

/** The signer by the curve: what every socket uses. */
export const recoverSigner: Recover = (digest, signature) => {
  const recovery =
    signature.v === 27 || signature.v === 0
      ? 0
      : signature.v === 28 || signature.v === 1
        ? 1
        : undefined;
  if (recovery === undefined) return undefined;
  try {
    const bytes = concatBytes(Uint8Array.of(recovery), word(signature.r), word(signature.s));
    return addressOf(recoverPublicKey(bytes, digest, { prehash: false }));
  } catch {
    return undefined;
  }
};

/** The address of a public key in any of its encodings. */
export function addressOf(publicKey: Uint8Array): Address | undefined {
  const point = Point.fromBytes(publicKey).toBytes(false);
  return lastTwenty(keccak_256(point.slice(1)));
}

/**
 * For runs in memory: r is the digest and s the address. A digest that differs gives a stranger's address,
 * as a wrong payload does with real keys.
 */
export const recoverByLookup: Recover = (digest, signature) => {
  const signed = word(signature.r);
  const same = signed.every((byte, at) => byte === digest[at]);
  return lastTwenty(same ? word(signature.s) : keccak_256(concatBytes(signed, digest)));
};

function lastTwenty(bytes: Uint8Array): Address | undefined {
  return readAddress(`0x${bytesToHex(bytes.slice(-20))}`);
}

function word(hex: string): Uint8Array {
  return hexToBytes(hex.padStart(64, "0"));
}
