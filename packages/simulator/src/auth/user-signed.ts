import type { Address } from "@cloister/model";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** What a master signs to approve a key (protocol §10.2). */
export type Approval = {
  readonly chain: string;
  /** As `signatureChainId` says, in hex: any chain's id is taken. */
  readonly chainId: string;
  readonly agent: Address;
  /** With its expiry, if it has one; "" for the unnamed agent. */
  readonly name: string;
  readonly nonce: number;
};

const DOMAIN_TYPE = hashText(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);
const APPROVAL_TYPE = hashText(
  "HyperliquidTransaction:ApproveAgent(string hyperliquidChain,address agentAddress,string agentName,uint64 nonce)",
);

/** The 32 bytes that the master's key signs: typed data, not the hash of an action. */
export function approvalDigest(approval: Approval): Uint8Array {
  const domain = keccak_256(
    concatBytes(
      DOMAIN_TYPE,
      hashText("HyperliquidSignTransaction"),
      hashText("1"),
      word(approval.chainId.slice(2)),
      word(""),
    ),
  );
  const message = keccak_256(
    concatBytes(
      APPROVAL_TYPE,
      hashText(approval.chain),
      word(approval.agent.slice(2)),
      hashText(approval.name),
      word(approval.nonce.toString(16)),
    ),
  );
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), domain, message));
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}

function word(hex: string): Uint8Array {
  return hexToBytes(hex.padStart(64, "0"));
}
