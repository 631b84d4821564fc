import { expect, it } from "vitest";
import { tradeId, transactionHash } from "./ids.ts";

it("gives both sides one trade id of at most 50 bits", () => {
  const seen = new Set<number>();
  for (let at = 0; at < 2_000; at += 1) {
    seen.add(tradeId(700_000_000_000 + at, 700_000_000_001 + at));
  }
  expect(seen.size).toBe(2_000);
  expect(Math.max(...seen)).toBeLessThan(2 ** 50);
  expect(Math.max(...seen)).toBeGreaterThan(2 ** 49);
  expect(tradeId(1, 2)).not.toBe(tradeId(2, 1));
});

it("names a transaction by 32 bytes", () => {
  expect(transactionHash(1)).toMatch(/^0x[0-9a-f]{64}$/);
  expect(transactionHash(1)).not.toBe(transactionHash(2));
});
