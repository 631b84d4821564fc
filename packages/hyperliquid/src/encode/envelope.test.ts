import { parseAddress } from "@cloister/model";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { actionDigest, signedEnvelope } from "./envelope.ts";

const NOOP = { type: "noop" };
const SIGNATURE = { r: `0x${"1".repeat(64)}`, s: `0x${"2".repeat(64)}`, v: 27 } as const;
const vault = parseAddress("0x1719884EB866CB12B2287399B15F7DB5E7D775EA");

describe("signedEnvelope (protocol §6.1)", () => {
  it("is one JSON text for either mouth", () => {
    expect(signedEnvelope(NOOP, SIGNATURE, { nonce: 5 })).toBe(
      `{"action":{"type":"noop"},"nonce":5,"signature":{"r":"${SIGNATURE.r}","s":"${SIGNATURE.s}","v":27},"vaultAddress":null,"expiresAfter":null}`,
    );
  });

  it("names vault (in lower case) and expiry", () => {
    const text = signedEnvelope(NOOP, SIGNATURE, { nonce: 5, vault, expiresAfter: 9 });
    expect(JSON.parse(text)).toMatchObject({
      vaultAddress: "0x1719884eb866cb12b2287399b15f7db5e7d775ea",
      expiresAfter: 9,
    });
  });
});

describe("actionDigest (protocol §10.1)", () => {
  it("tells networks, nonces, vaults and expiries apart", () => {
    const digests = [
      actionDigest(NOOP, { nonce: 5, network: "mainnet" }),
      actionDigest(NOOP, { nonce: 5, network: "testnet" }),
      actionDigest(NOOP, { nonce: 6, network: "mainnet" }),
      actionDigest(NOOP, { nonce: 5, vault, network: "mainnet" }),
      actionDigest(NOOP, { nonce: 5, expiresAfter: 9, network: "mainnet" }),
      actionDigest(NOOP, { nonce: 5, vault, expiresAfter: 9, network: "mainnet" }),
    ];
    expect(new Set(digests.map(bytesToHex)).size).toBe(digests.length);
  });
});
