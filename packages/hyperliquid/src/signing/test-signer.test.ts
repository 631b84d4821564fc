import { CloisterError } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { testSigner } from "./test-signer.ts";

const ADDRESS = "0x1111111111111111111111111111111111111111";

describe("testSigner", () => {
  it("answers with the digest and the address, which an exchange in memory looks up", () => {
    const results: unknown[] = [];
    testSigner(ADDRESS).sign(new Uint8Array(32).fill(0xab), (result) => results.push(result));
    const signature = {
      r: `0x${"ab".repeat(32)}`,
      s: `0x${"0".repeat(24)}${"1".repeat(40)}`,
      v: 27,
    };
    expect(results).toEqual([{ kind: "signed", signature }]);
  });

  it("has nonces of its own, so that each storm begins alike", () => {
    testSigner(ADDRESS).raiseNonce(9_000);
    expect(testSigner(ADDRESS).nextNonce(1_000)).toBe(1_000);
  });

  it("refuses what is no address", () => {
    expect(() => testSigner("0x12")).toThrow(CloisterError);
  });
});
