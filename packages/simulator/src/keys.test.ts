import { seededRandom } from "@cloister/model";
import { hexToBytes } from "@noble/hashes/utils.js";
import { getPublicKey } from "@noble/secp256k1";
import { expect, it } from "vitest";
import { addressOf } from "./auth/recover.ts";
import { lookupSigner, makeAccounts } from "./keys.ts";

it("knows the address of a published test key (protocol §10.5)", () => {
  const key = hexToBytes("0123456789012345678901234567890123456789012345678901234567890123");
  expect(addressOf(getPublicKey(key))).toBe("0x14791697260e4c9a71f18484c9f997b308e59325");
});

it("makes as many accounts as asked, the same for the same seed", () => {
  const accounts = makeAccounts(3, seededRandom(1));
  expect(new Set(accounts.map(({ address }) => address)).size).toBe(3);
  expect(makeAccounts(3, seededRandom(1))).toEqual(accounts);
  for (const { address, privateKey } of accounts) {
    expect(addressOf(getPublicKey(hexToBytes(privateKey.slice(2))))).toBe(address);
  }
});

it("gives nonces that only grow", () => {
  const signer = lookupSigner("0x1111111111111111111111111111111111111111");
  expect([signer.nextNonce(100), signer.nextNonce(100), signer.nextNonce(50)]).toEqual([
    100, 101, 102,
  ]);
  signer.raiseNonce(500);
  expect(signer.nextNonce(100)).toBe(501);
});
