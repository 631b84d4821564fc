import { inspect } from "node:util";
import { CloisterError, Secret } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { privateKeySigner } from "./private-key-signer.ts";

const KEY = "0x0123456789012345678901234567890123456789012345678901234567890123";
const ADDRESS = "0x14791697260e4c9a71f18484c9f997b308e59325";
const DIGITS = KEY.slice(2);

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("privateKeySigner", () => {
  it("knows its address, with or without 0x, in any case", () => {
    expect(privateKeySigner(KEY).address).toBe(ADDRESS);
    expect(privateKeySigner(DIGITS.toUpperCase()).address).toBe(ADDRESS);
    expect(privateKeySigner(new Secret(KEY)).address).toBe(ADDRESS);
  });

  it("never shows the key", () => {
    const signer = privateKeySigner(KEY);
    const pictures = [
      inspect(signer, { depth: 9, showHidden: true }),
      inspect(signer, { depth: 9, showHidden: true, customInspect: false }),
      JSON.stringify({ signer }),
      inspect(new Secret(KEY), { depth: 9, showHidden: true }),
      inspect(new Secret(KEY), { depth: 9, showHidden: true, customInspect: false }),
      `key ${String(new Secret(KEY))}`,
    ];
    for (const picture of pictures) expect(picture).not.toContain(DIGITS.slice(0, 12));
    expect(inspect(signer)).toBe(`privateKeySigner(${ADDRESS})`);
    expect(JSON.stringify({ signer })).toBe(`{"signer":"privateKeySigner(${ADDRESS})"}`);
  });

  it.each([
    ["too short", DIGITS.slice(2)],
    ["too long", `${KEY}00`],
    ["not hex", `${DIGITS.slice(0, 63)}g`],
    ["zero", "0".repeat(64)],
    ["the order of the curve", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"],
    ["empty", ""],
  ])("refuses a key that is %s, and does not repeat it", (_, key) => {
    const error = thrownBy(() => privateKeySigner(key));
    expect(error).toBeInstanceOf(CloisterError);
    expect(error).toMatchObject({ code: "invalidOption", details: { field: "key" } });
    if (key !== "") expect(inspect(error, { depth: 9 })).not.toContain(key);
  });

  it("refuses what is no digest by calling back, without throwing", () => {
    const results: unknown[] = [];
    privateKeySigner(KEY).sign(new Uint8Array(31), (result) => results.push(result));
    expect(results).toEqual([{ kind: "failed", reason: "a digest has 32 bytes" }]);
  });

  it("two signers of one key never give out one nonce", () => {
    const one = privateKeySigner(KEY);
    const other = privateKeySigner(KEY);
    const now = one.nextNonce(1_700_000_000_000);
    const nonces = [now, other.nextNonce(now), one.nextNonce(now), other.nextNonce(now - 5)];
    expect(new Set(nonces).size).toBe(4);
    expect(nonces).toEqual([...nonces].sort((a, b) => a - b));
  });
});
