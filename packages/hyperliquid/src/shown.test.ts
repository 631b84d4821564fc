import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { hyperliquid } from "./adapter/hyperliquid.ts";
import type { HyperliquidOptions } from "./adapter/options.ts";
import { shown } from "./shown.ts";
import { testSigner } from "./signing/test-signer.ts";

const KEY = "0123456789".repeat(6).concat("abcd");
const ACCOUNT = `0x${"ab".repeat(20)}`;

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return inspect(error, { depth: 9, showHidden: true });
  }
  throw new Error("nothing was thrown");
}

function given(options: Readonly<Record<string, unknown>>): () => unknown {
  const whole = { network: "testnet", account: ACCOUNT, signer: testSigner(ACCOUNT), ...options };
  return () => hyperliquid(whole as HyperliquidOptions);
}

describe("a secret in the wrong place", () => {
  it.each([
    ["the key as signer", { signer: `0x${KEY}` }],
    ["the key in a signer's place", { signer: { privateKey: KEY } }],
    ["the key as account", { account: KEY }],
    ["the key as vault", { vault: `0x${KEY}` }],
    ["the key as network", { network: KEY }],
    ["the key as dex", { dexes: [`0x${KEY}`] }],
    ["the key as signatures", { network: { http: "http://a", ws: "ws://a", signatures: KEY } }],
  ])("%s is refused and not repeated", (_what, options) => {
    const picture = thrownBy(given(options));
    expect(picture).toContain("invalidOption");
    expect(picture).not.toContain(KEY.slice(0, 12));
  });

  it("credentials of a URL are left out of the refusal", () => {
    const http = "ftp://user:secret@host/";
    const picture = thrownBy(given({ network: { http, ws: "ws://a", signatures: "testnet" } }));
    expect(picture).toContain("ftp://host/");
    expect(picture).not.toContain("secret");
  });

  it("testSigner repeats no key either", () => {
    expect(thrownBy(() => testSigner(KEY))).not.toContain(KEY.slice(0, 12));
  });
});

describe("shown", () => {
  it("leaves everything else as it is", () => {
    for (const value of [ACCOUNT, "https://host/path@", 5, null, undefined]) {
      expect(shown(value)).toBe(value);
    }
  });
});
