import { describe, expect, it } from "vitest";
import { nonceSource, sharedNonceSource } from "./nonce-source.ts";

describe("nonceSource", () => {
  it("follows the clock and never repeats, also when the clock steps back", () => {
    const nonces = nonceSource();
    const given = [
      nonces.next(1_000),
      nonces.next(1_000),
      nonces.next(1_000),
      nonces.next(990),
      nonces.next(2_000),
    ];
    expect(given).toEqual([1_000, 1_001, 1_002, 1_003, 2_000]);
  });

  it("cuts a clock that shows fractions", () => {
    expect(nonceSource().next(1_000.75)).toBe(1_000);
  });

  it("moves beyond a nonce that was seen spent, never below its own", () => {
    const nonces = nonceSource();
    nonces.raise(5_000);
    expect(nonces.next(1_000)).toBe(5_001);
    nonces.raise(10);
    expect(nonces.next(1_000)).toBe(5_002);
  });

  it("is not spoiled by what is no nonce", () => {
    const nonces = nonceSource();
    for (const spent of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53]) nonces.raise(spent);
    expect(nonces.next(1_000)).toBe(1_000);
  });

  it("is one per key in a process", () => {
    expect(sharedNonceSource("0xa")).toBe(sharedNonceSource("0xa"));
    expect(sharedNonceSource("0xa")).not.toBe(sharedNonceSource("0xb"));
  });
});
