import { type Address, type Decimal, readAddress } from "@cloister/model";
import { type SignedType, typedDigest } from "../auth/user-signed.ts";
import { hasOnly, isWhole, type JsonObject } from "../json.ts";
import type { UserSigned } from "./action.ts";
import { readAmount } from "./read-order.ts";

/** What is read from each field of an action that is signed as typed data; undefined for what has no such type. */
export class SignedFields {
  readonly #value: JsonObject;
  readonly #read: Record<string, unknown> = {};
  #broken = false;

  constructor(value: JsonObject) {
    this.#value = value;
  }

  /** In lower case, as the venue hashes it. */
  address(name: string): Address | undefined {
    return this.#keep(name, readAddress(this.#value[name]));
  }

  /** A text; `usual` where it may be left out. */
  text(name: string, usual?: string): string | undefined {
    const given = this.#value[name] ?? usual;
    return this.#keep(name, typeof given === "string" ? given : undefined);
  }

  flag(name: string): boolean | undefined {
    const given = this.#value[name];
    return this.#keep(name, typeof given === "boolean" ? given : undefined);
  }

  /** A decimal text, hashed as it was written. */
  amount(name: string): Decimal | undefined {
    const amount = readAmount(this.#value[name]);
    this.#keep(name, amount === undefined ? undefined : this.#value[name]);
    return amount;
  }

  /**
   * What was signed: undefined when a field was not as its type, one is unknown, or nonce, network or chain are missing.
   * Any chain's id is taken.
   */
  signed(type: SignedType): UserSigned | undefined {
    const { hyperliquidChain: chain, signatureChainId: chainId } = this.#value;
    const nonceName = type.fields.at(-1)?.name ?? "nonce";
    const nonce = this.#value[nonceName];
    const known = ["type", "hyperliquidChain", "signatureChainId"];
    const names = type.fields.map(({ name }) => name);
    if (this.#broken || !hasOnly(this.#value, [...known, ...names]) || !isWhole(nonce)) {
      return undefined;
    }
    if (chain !== "Mainnet" && chain !== "Testnet") return undefined;
    if (typeof chainId !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(chainId)) return undefined;
    const values = { ...this.#read, [nonceName]: nonce };
    return {
      digest: typedDigest({ chain, chainId, type, values }),
      network: chain === "Mainnet" ? "mainnet" : "testnet",
      nonce,
    };
  }

  #keep<Value>(name: string, value: Value | undefined): Value | undefined {
    if (value === undefined) this.#broken = true;
    this.#read[name] = value;
    return value;
  }
}
