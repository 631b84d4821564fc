import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import * as secp from "@noble/secp256k1";
import { CloisterError, Secret, type Signer, type SignResult } from "@cloister/model";
import { sharedNonceSource } from "./nonce-source.ts";

// The curve comes without hashes: RFC 6979 needs them to choose k without chance.
secp.hashes.sha256 = (message) => sha256(message);
secp.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

/** How `util.inspect` and `console.log` ask an object for its picture. */
const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

/** A signer that holds a key. Printing it shows the address only. */
export type PrivateKeySigner = Signer & {
  readonly toJSON: () => string;
  readonly [INSPECT]: () => string;
};

/**
 * Signs with a secp256k1 key held in memory: deterministic (RFC 6979) and low-s (protocol §10.1).
 * Signers of one key share their nonces. The key shows in no error, log line, JSON or inspection.
 * @param key 32 bytes as 64 hex digits, with or without 0x; best as a `Secret`, which shows nowhere on its way here.
 * @throws invalidOption for anything else; the error does not repeat what was given.
 */
export function privateKeySigner(key: string | Secret): PrivateKeySigner {
  const secret = readKey(key instanceof Secret ? key.reveal() : key);
  const address = addressOf(secp.getPublicKey(secret, false));
  const nonces = sharedNonceSource(address);
  const picture = `privateKeySigner(${address})`;
  return Object.freeze({
    address,
    nextNonce: nonces.next,
    raiseNonce: nonces.raise,
    sign: (digest: Uint8Array, done: (result: SignResult) => void) => done(signed(digest, secret)),
    toJSON: () => picture,
    [INSPECT]: () => picture,
  });
}

function signed(digest: Uint8Array, secret: Uint8Array): SignResult {
  if (digest.length !== 32) return { kind: "failed", reason: "a digest has 32 bytes" };
  try {
    const bytes = secp.sign(digest, secret, { prehash: false, format: "recovered" });
    const recovery = bytes[0];
    if (recovery !== 0 && recovery !== 1) {
      return { kind: "failed", reason: "no usable recovery bit" };
    }
    return {
      kind: "signed",
      signature: {
        r: `0x${bytesToHex(bytes.subarray(1, 33))}`,
        s: `0x${bytesToHex(bytes.subarray(33, 65))}`,
        v: recovery === 0 ? 27 : 28,
      },
    };
  } catch {
    // The cause is not told: it could quote what it was given.
    return { kind: "failed", reason: "the curve refused to sign" };
  }
}

function readKey(key: unknown): Uint8Array {
  const hex = typeof key === "string" ? /^(?:0x)?([0-9a-fA-F]{64})$/.exec(key)?.[1] : undefined;
  const secret = hex === undefined ? undefined : hexToBytes(hex);
  if (secret !== undefined && secp.utils.isValidSecretKey(secret)) return secret;
  throw new CloisterError("invalidOption", "option key: must be a secp256k1 key of 64 hex digits", {
    details: { field: "key", rule: "must be a secp256k1 key of 64 hex digits" },
  });
}

/** The address of an uncompressed public key: the last 20 bytes of its keccak. */
function addressOf(publicKey: Uint8Array): string {
  return `0x${bytesToHex(keccak_256(publicKey.subarray(1)).subarray(12))}`;
}
