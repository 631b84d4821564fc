import type { Address } from "@cloister/model";
import { encode } from "@msgpack/msgpack";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** Which signatures an exchange accepts: they differ in one letter (protocol §10.1). */
export type Network = "mainnet" | "testnet";

export type SignedTerms = {
  readonly nonce: number;
  readonly vault?: Address;
  readonly expiresAfter?: number;
};

const CHAIN_ID = 1337;
const WORD = 32;
const DOMAIN = keccak_256(
  concatBytes(
    hashText("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
    hashText("Exchange"),
    hashText("1"),
    bigEndian(CHAIN_ID, WORD),
    new Uint8Array(WORD),
  ),
);
const AGENT_TYPE = hashText("Agent(string source,bytes32 connectionId)");
const SOURCES: Readonly<Record<Network, Uint8Array>> = {
  mainnet: hashText("a"),
  testnet: hashText("b"),
};
const PREFIX = Uint8Array.of(0x19, 0x01);

/** keccak of the packed action with its nonce, vault and expiry: the connection id of protocol §10.1. */
export function actionHash(canonical: object, terms: SignedTerms): Uint8Array {
  const vault =
    terms.vault === undefined
      ? Uint8Array.of(0)
      : concatBytes(Uint8Array.of(1), hexToBytes(terms.vault.slice(2)));
  const expiry =
    terms.expiresAfter === undefined
      ? new Uint8Array()
      : concatBytes(Uint8Array.of(0), bigEndian(terms.expiresAfter, 8));
  return keccak_256(concatBytes(encode(canonical), bigEndian(terms.nonce, 8), vault, expiry));
}

/** The 32 bytes that a key signs for an action hash. */
export function signingDigest(hash: Uint8Array, network: Network): Uint8Array {
  return keccak_256(
    concatBytes(PREFIX, DOMAIN, keccak_256(concatBytes(AGENT_TYPE, SOURCES[network], hash))),
  );
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}

function bigEndian(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; rest > 0; at -= 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}
