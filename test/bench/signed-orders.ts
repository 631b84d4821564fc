import { createL1ActionHash } from "@nktkas/hyperliquid/signing";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { hashes, sign } from "@noble/secp256k1";

/** Orders and their cancels as frames, signed as a client of mainnet signs them. */

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

export type Signature = { readonly r: string; readonly s: string; readonly v: number };

/** A batch that is placed and then canceled, each in one frame. The ids of its posts are `id` and `id + 1`. */
export type Pair = { readonly id: number; readonly place: string; readonly cancel: string };

export type PairTerms = {
  readonly privateKey: string;
  /** The number of the first order; ids, cloids and nonces follow from it. */
  readonly from: number;
  readonly batch: number;
  /** Nonces go on from here, ms. */
  readonly nonceMs: number;
};

const hashText = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));
const number = (value: number): Uint8Array => hexToBytes(value.toString(16).padStart(64, "0"));

/** The venue's constant domain (protocol §10.1). */
const DOMAIN = keccak_256(
  concatBytes(
    hashText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
    hashText("Exchange"),
    hashText("1"),
    number(1337),
    number(0),
  ),
);
const AGENT = hashText("Agent(string source,bytes32 connectionId)");
const MAINNET = hashText("a");

export function digestOf(action: Record<string, unknown>, nonce: number): Uint8Array {
  const hash = hexToBytes(createL1ActionHash({ action, nonce }).slice(2));
  const agent = keccak_256(concatBytes(AGENT, MAINNET, hash));
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), DOMAIN, agent));
}

export function signatureOf(digest: Uint8Array, privateKey: string): Signature {
  const bytes = sign(digest, hexToBytes(privateKey.slice(2)), {
    prehash: false,
    format: "recovered",
  });
  const hex = (part: Uint8Array): string => `0x${bytesToHex(part)}`;
  return { r: hex(bytes.slice(1, 33)), s: hex(bytes.slice(33)), v: 27 + (bytes[0] ?? 0) };
}

/** Resting bids below the market, and their cancels by cloid. */
export function pairOf({ privateKey, from, batch, nonceMs }: PairTerms): Pair {
  const numbers = Array.from({ length: batch }, (_, at) => from + at);
  const cloid = (at: number): string => `0x${at.toString(16).padStart(32, "0")}`;
  const orders = numbers.map((at) => ({
    a: 0,
    b: true,
    p: String(50_000 + (at % 5_000)),
    s: "0.001",
    r: false,
    t: { limit: { tif: "Alo" } },
    c: cloid(at),
  }));
  const cancels = numbers.map((at) => ({ asset: 0, cloid: cloid(at) }));
  const id = 2 * from;
  const frame = (post: number, action: Record<string, unknown>): string => {
    const nonce = nonceMs + post;
    const signature = signatureOf(digestOf(action, nonce), privateKey);
    const request = { type: "action", payload: { action, nonce, signature } };
    return JSON.stringify({ method: "post", id: post, request });
  };
  return {
    id,
    place: frame(id, { type: "order", orders, grouping: "na" }),
    cancel: frame(id + 1, { type: "cancelByCloid", cancels }),
  };
}
