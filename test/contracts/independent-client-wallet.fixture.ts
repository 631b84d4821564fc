import type { KeyedAccount } from "@cloister/simulator";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { signAsync } from "@noble/secp256k1";

/** A wallet as the client expects one: a local account that signs EIP-712 typed data, here without a wallet library. */
export type Wallet = {
  readonly address: `0x${string}`;
  signTypedData(data: TypedData): Promise<`0x${string}`>;
};

type Fields = readonly { readonly name: string; readonly type: string }[];

type TypedData = {
  readonly domain: object;
  readonly types: Readonly<Record<string, Fields>>;
  readonly primaryType: string;
  readonly message: object;
};

const WORD = 32;
const FIRST_V = 27;

export function walletOf({ address, privateKey }: KeyedAccount): Wallet {
  const key = hexToBytes(privateKey.slice(2));
  return {
    address: `0x${address.slice(2)}`,
    signTypedData: async (data) => {
      const signed = await signAsync(digestOf(data), key, { prehash: false, format: "recovered" });
      const v = FIRST_V + (signed[0] ?? 0);
      return `0x${bytesToHex(signed.slice(1))}${v.toString(16)}`;
    },
  };
}

function digestOf({ domain, types, primaryType, message }: TypedData): Uint8Array {
  const hashOf = (name: string, value: object) => hashStruct(value, name, types[name] ?? []);
  return keccak_256(
    concatBytes(
      Uint8Array.of(0x19, 0x01),
      hashOf("EIP712Domain", domain),
      hashOf(primaryType, message),
    ),
  );
}

/** Flat structs only: the client signs no other. */
function hashStruct(value: object, name: string, fields: Fields): Uint8Array {
  const type = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
  const values = new Map<string, unknown>(Object.entries(value));
  return keccak_256(
    concatBytes(
      hashText(type),
      ...fields.map((field) => wordOf(field.type, values.get(field.name))),
    ),
  );
}

function wordOf(type: string, value: unknown): Uint8Array {
  if (type === "string" && typeof value === "string") return hashText(value);
  if (type === "bool" && typeof value === "boolean") return hexWord(value ? "1" : "0");
  if (/^uint\d+$/.test(type) && typeof value === "number") return hexWord(value.toString(16));
  if (typeof value === "string" && /^0x[0-9a-f]+$/.test(value)) return hexWord(value.slice(2));
  throw new Error(`this wallet signs no ${type}`);
}

function hexWord(hex: string): Uint8Array {
  return hexToBytes(hex.padStart(2 * WORD, "0"));
}

function hashText(text: string): Uint8Array {
  return keccak_256(utf8ToBytes(text));
}
