import { parseAddress } from "@cloister/model";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { readEnvelope } from "../actions/envelope.ts";
import { lookupSignature } from "../keys.ts";
import { actionHash, type Network, signingDigest } from "./digest.ts";
import { recoverByLookup, recoverSigner } from "./recover.ts";
import { SIGNING_VECTORS, type SigningVector } from "./signing-vectors.fixture.ts";

function envelopeOf(vector: SigningVector, network: Network): Record<string, unknown> {
  const [r, s, v] = vector[network].split(" ");
  return {
    action: JSON.parse(vector.action) as unknown,
    nonce: vector.nonce,
    signature: { r: `0x${r ?? ""}`, s: `0x${s ?? ""}`, v: Number(v) },
    vaultAddress: vector.vault ?? null,
    expiresAfter: vector.expiresAfter ?? null,
  };
}

const performed = SIGNING_VECTORS.filter(({ action }) => !action.includes('"dummy"'));

describe.each(performed)("$what", (vector) => {
  it.each(["mainnet", "testnet"] as const)(
    "gives its hash and its signer back on %s",
    (network) => {
      const envelope = readEnvelope(envelopeOf(vector, network));
      if (envelope === undefined || "notSimulated" in envelope) throw new Error("not read");
      const hash = actionHash(envelope.canonical, envelope);
      expect(`0x${bytesToHex(hash)}`).toBe(vector.hash);
      expect(recoverSigner(signingDigest(hash, network), envelope.signature)).toBe(vector.signer);
    },
  );
});

it("hashes a vault into an action it does not perform", () => {
  const vector = SIGNING_VECTORS.find(({ action }) => action.includes('"dummy"'));
  if (vector?.vault === undefined) throw new Error("no vector");
  const action: object = JSON.parse(vector.action);
  const hash = actionHash(action, { nonce: vector.nonce, vault: parseAddress(vector.vault) });
  expect(`0x${bytesToHex(hash)}`).toBe(vector.hash);
});

it("signs over the typed form: key order, zeros and the case of a cloid do not matter", () => {
  const vector = SIGNING_VECTORS.find(({ what }) => what.startsWith("order cloid"));
  if (vector === undefined) throw new Error("no vector");
  const action: { orders: Record<string, unknown>[]; type: string; grouping: string } = JSON.parse(
    vector.action,
  );
  const order = action.orders[0] ?? {};
  const shuffled = {
    grouping: action.grouping,
    orders: [
      {
        c: String(order["c"]).toUpperCase().replace("0X", "0x"),
        s: "100.0",
        p: "0100.00",
        t: order["t"],
        r: order["r"],
        b: order["b"],
        a: order["a"],
      },
    ],
    type: action.type,
  };
  const envelope = readEnvelope({ ...envelopeOf(vector, "mainnet"), action: shuffled });
  if (envelope === undefined || "notSimulated" in envelope) throw new Error("not read");
  expect(`0x${bytesToHex(actionHash(envelope.canonical, envelope))}`).toBe(vector.hash);
});

it("says nothing of what is no signature", () => {
  const digest = new Uint8Array(32).fill(1);
  expect(recoverSigner(digest, { r: "0", s: "0", v: 27 })).toBeUndefined();
  expect(recoverSigner(digest, { r: "1".repeat(64), s: "1".repeat(64), v: 5 })).toBeUndefined();
});

it("looks a signer up, and makes a stranger of one who signed something else", () => {
  const address = parseAddress("0x1111111111111111111111111111111111111111");
  const digest = new Uint8Array(32).fill(9);
  const { r, s } = lookupSignature(address, digest);
  const signature = { r: r.slice(2), s: s.slice(2), v: 27 };
  expect(recoverByLookup(digest, signature)).toBe(address);
  expect(recoverByLookup(new Uint8Array(32), signature)).not.toBe(address);
});
