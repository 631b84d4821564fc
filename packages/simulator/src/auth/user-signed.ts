import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { JsonObject } from "../json.ts";

/** One field of what an owner signs as typed data, in the order in which it is hashed. */
type Field = {
  readonly name: string;
  readonly type: (typeof FIELD_TYPES)[number];
};

const FIELD_TYPES = ["string", "address", "bool", "uint64"] as const;

/** What an owner signs for one action (protocol §10.2): the struct's name, and its fields after the network's. */
export type SignedType = { readonly name: string; readonly fields: readonly Field[] };

export type TypedData = {
  /** "Mainnet" or "Testnet". */
  readonly chain: string;
  /** As `signatureChainId` says, in hex: any chain's id is taken. */
  readonly chainId: string;
  readonly type: SignedType;
  /** The fields by name; addresses in lower case. */
  readonly values: JsonObject;
};

/** Every action of this exchange that is signed as typed data. */
export const SIGNED_TYPES = {
  approveAgent: signedType(
    "ApproveAgent",
    "address agentAddress",
    "string agentName",
    "uint64 nonce",
  ),
  approveBuilderFee: signedType(
    "ApproveBuilderFee",
    "string maxFeeRate",
    "address builder",
    "uint64 nonce",
  ),
  usdSend: signedType("UsdSend", "string destination", "string amount", "uint64 time"),
  spotSend: signedType(
    "SpotSend",
    "string destination",
    "string token",
    "string amount",
    "uint64 time",
  ),
  withdraw3: signedType("Withdraw", "string destination", "string amount", "uint64 time"),
  usdClassTransfer: signedType("UsdClassTransfer", "string amount", "bool toPerp", "uint64 nonce"),
  sendAsset: signedType(
    "SendAsset",
    "string destination",
    "string sourceDex",
    "string destinationDex",
    "string token",
    "string amount",
    "string fromSubAccount",
    "uint64 nonce",
  ),
} as const;

const DOMAIN_TYPE = hashText(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);

/** The 32 bytes that the owner's key signs: typed data, not the hash of an action. */
export function typedDigest({ chain, chainId, type, values }: TypedData): Uint8Array {
  const domain = keccak_256(
    concatBytes(
      DOMAIN_TYPE,
      hashText("HyperliquidSignTransaction"),
      hashText("1"),
      word(chainId.slice(2)),
      word(""),
    ),
  );
  const fields = type.fields.map((field) => `,${field.type} ${field.name}`).join("");
  const message = keccak_256(
    concatBytes(
      hashText(`HyperliquidTransaction:${type.name}(string hyperliquidChain${fields})`),
      hashText(chain),
      ...type.fields.map(({ name, type: kind }) => encoded(kind, values[name])),
    ),
  );
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), domain, message));
}

/** One field's 32 bytes. A value of another type counts as empty: its reader has refused it before. */
function encoded(kind: Field["type"], value: unknown): Uint8Array {
  switch (kind) {
    case "string":
      return hashText(typeof value === "string" ? value : "");
    case "address":
      return word(typeof value === "string" ? value.slice(2) : "");
    case "bool":
      return word(value === true ? "1" : "0");
    case "uint64":
      return word(typeof value === "number" ? value.toString(16) : "");
  }
}

function signedType(name: string, ...fields: readonly `${Field["type"]} ${string}`[]): SignedType {
  return { name, fields: fields.map(readField) };
}

function readField(text: `${Field["type"]} ${string}`): Field {
  const [kind, name = ""] = text.split(" ");
  const type = FIELD_TYPES.find((known) => known === kind);
  return { name, type: type ?? "string" };
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}

function word(hex: string): Uint8Array {
  return hexToBytes(hex.padStart(64, "0"));
}
