import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { SignatureNetwork } from "./network.ts";

/**
 * The typed-data frame of exchange actions: domain `Exchange`, version 1, chain 1337 on both networks;
 * only the source letter tells them apart (protocol §10.1).
 */
const CHAIN_ID = 1337;
const SOURCES = { mainnet: "a", testnet: "b" } as const;

const DOMAIN_TYPE =
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const AGENT_TYPE = "Agent(string source,bytes32 connectionId)";

export const DOMAIN_SEPARATOR: Uint8Array = keccak_256(
  concatBytes(hashText(DOMAIN_TYPE), hashText("Exchange"), hashText("1"), word(CHAIN_ID), word(0)),
);
export const AGENT_TYPE_HASH: Uint8Array = hashText(AGENT_TYPE);
const SOURCE_HASHES = { mainnet: hashText(SOURCES.mainnet), testnet: hashText(SOURCES.testnet) };
const PREFIX = Uint8Array.of(0x19, 0x01);

/** The 32 bytes to be signed for an action's hash. */
export function agentDigest(connectionId: Uint8Array, network: SignatureNetwork): Uint8Array {
  const message = keccak_256(concatBytes(AGENT_TYPE_HASH, SOURCE_HASHES[network], connectionId));
  return keccak_256(concatBytes(PREFIX, DOMAIN_SEPARATOR, message));
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}

/** A number as a 32 byte word. */
function word(value: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, value);
  return bytes;
}
