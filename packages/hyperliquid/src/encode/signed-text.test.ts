import { expect, it } from "vitest";
import { privateKeySigner } from "../signing/private-key-signer.ts";
import { signedText } from "./signed-text.ts";

/** Published for tests (protocol §10.5). */
const KEY = "0x0123456789012345678901234567890123456789012345678901234567890123";

const ACTION = {
  type: "order",
  orders: [{ a: 1, b: true, p: "100", s: "100", r: false, t: { limit: { tif: "Gtc" } } }],
  grouping: "na",
} as const;

it("signs as the published vector does", async () => {
  const signer = privateKeySigner(KEY);
  const text = await signedText(ACTION, { signer, network: "testnet", nonce: 0 });
  expect(JSON.parse(text)).toEqual({
    action: ACTION,
    nonce: 0,
    signature: {
      r: "0x82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54",
      s: "0x6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5",
      v: 27,
    },
    vaultAddress: null,
    expiresAfter: null,
  });
});

it("rejects when the key refuses", async () => {
  const signer = {
    ...privateKeySigner(KEY),
    sign: (_digest: Uint8Array, done: (result: { kind: "failed"; reason: string }) => void) =>
      done({ kind: "failed", reason: "locked" }),
  };
  const signed = signedText(ACTION, { signer, network: "testnet", nonce: 0 });
  await expect(signed).rejects.toThrow("locked");
});
