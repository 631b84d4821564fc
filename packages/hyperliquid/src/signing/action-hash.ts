import { encode } from "@msgpack/msgpack";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Address } from "@cloister/model";
import type { WireAction } from "../encode/wire-action.ts";

/** What is hashed beside the action. Times in ms. */
export type ActionTerms = {
  readonly nonce: number;
  /** The sub-account or vault that is traded for. */
  readonly vault?: Address;
  readonly expiresAfter?: number;
};

/**
 * The 32 bytes that stand for an action: keccak of its msgpack form and the tail of nonce, vault and expiry.
 * Key order is kept, and whole numbers from 2^32 on become uint64 (protocol §10.1).
 */
export function actionHash(action: WireAction, terms: ActionTerms): Uint8Array {
  return keccak_256(concatBytes(encode(action), tailOf(terms)));
}

function tailOf(terms: ActionTerms): Uint8Array {
  const vault =
    terms.vault === undefined
      ? Uint8Array.of(0)
      : concatBytes(Uint8Array.of(1), hexToBytes(terms.vault.slice(2)));
  const expiry =
    terms.expiresAfter === undefined
      ? new Uint8Array(0)
      : concatBytes(Uint8Array.of(0), bigEndian(terms.expiresAfter));
  return concatBytes(bigEndian(terms.nonce), vault, expiry);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
