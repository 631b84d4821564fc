import { readFileSync } from "node:fs";
import { bytesToHex } from "@noble/hashes/utils.js";
import { parseAddress, type SignResult } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { actionDigest } from "../encode/envelope.ts";
import type { WireAction } from "../encode/wire-action.ts";
import { actionHash } from "./action-hash.ts";
import { AGENT_TYPE_HASH, DOMAIN_SEPARATOR } from "./eip712.ts";
import { privateKeySigner } from "./private-key-signer.ts";

type Signed = readonly [digest: string, r: string, s: string, v: number];
type Vector = {
  readonly name: string;
  readonly key: string;
  readonly action: WireAction;
  readonly terms: {
    readonly nonce: number;
    readonly vault?: string;
    readonly expiresAfter?: number;
  };
  readonly hash: string;
  readonly mainnet: Signed;
  readonly testnet: Signed;
};
type Fixture = {
  readonly domainSeparator: string;
  readonly agentTypeHash: string;
  readonly keys: Readonly<
    Record<string, { readonly privateKey: string; readonly address: string }>
  >;
};

/** The first line holds the constants and keys, every other one vector. */
const [head = "", ...rows] = readFileSync(new URL("./vectors.test.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const fixture = JSON.parse(head) as Fixture;
const vectors = rows.map((row) => JSON.parse(row) as Vector);

function hex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}

function keyOf({ key }: Vector) {
  const found = fixture.keys[key];
  if (found === undefined) throw new Error(`the fixture has no key ${key}`);
  return found;
}

function termsOf({ terms }: Vector) {
  const { vault, ...rest } = terms;
  return vault === undefined ? rest : { ...rest, vault: parseAddress(vault) };
}

function signed(vector: Vector, network: "mainnet" | "testnet"): SignResult {
  const digest = actionDigest(vector.action, { ...termsOf(vector), network });
  let result: SignResult = { kind: "failed", reason: "never called back" };
  privateKeySigner(keyOf(vector).privateKey).sign(digest, (answer) => {
    result = answer;
  });
  return result;
}

describe("signing vectors (protocol §10.5)", () => {
  it("are all there", () => {
    expect(vectors).toHaveLength(36);
  });

  it("the constants of the typed data", () => {
    expect(hex(DOMAIN_SEPARATOR)).toBe(fixture.domainSeparator);
    expect(hex(AGENT_TYPE_HASH)).toBe(fixture.agentTypeHash);
  });

  it.each(vectors)("$name: hash, digest and signature on both networks", (vector) => {
    expect(hex(actionHash(vector.action, termsOf(vector)))).toBe(vector.hash);
    for (const network of ["mainnet", "testnet"] as const) {
      const [digest, r, s, v] = vector[network];
      expect(hex(actionDigest(vector.action, { ...termsOf(vector), network }))).toBe(digest);
      expect(signed(vector, network)).toEqual({ kind: "signed", signature: { r, s, v } });
    }
    expect(privateKeySigner(keyOf(vector).privateKey).address).toBe(keyOf(vector).address);
  });
});
