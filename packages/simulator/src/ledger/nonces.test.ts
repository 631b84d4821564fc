import { expect, it } from "vitest";
import { NonceSet } from "./nonces.ts";

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;

it("takes each nonce once", () => {
  const nonces = new NonceSet();
  expect(nonces.refusal(NOW, NOW)).toBeUndefined();
  nonces.spend(NOW);
  expect(nonces.refusal(NOW, NOW)).toBe(`Invalid nonce: duplicate nonce ${NOW}`);
  expect(nonces.refusal(NOW - 1, NOW)).toBeUndefined();
});

it("keeps a window around the block's time", () => {
  const nonces = new NonceSet();
  expect(nonces.refusal(NOW - 2 * DAY - 1, NOW)).toBe(
    `Invalid nonce: nonce too low ${NOW - 2 * DAY - 1} < ${NOW - 2 * DAY}`,
  );
  expect(nonces.refusal(NOW + DAY + 1, NOW)).toBe(
    `Invalid nonce: nonce too high ${NOW + DAY + 1} > ${NOW + DAY}`,
  );
});

it("asks for more than the smallest of the hundred highest", () => {
  const nonces = new NonceSet();
  for (let at = 0; at < 101; at += 1) nonces.spend(NOW + at);
  expect(nonces.refusal(NOW - 1, NOW)).toBe(`Invalid nonce: nonce too low ${NOW - 1} < ${NOW + 1}`);
  expect(nonces.refusal(NOW, NOW)).toBe(`Invalid nonce: duplicate nonce ${NOW}`);
  expect(nonces.refusal(NOW + 101, NOW)).toBeUndefined();
});

it("never takes one again that is above the floor, however many came after it", () => {
  const nonces = new NonceSet();
  const early = NOW + DAY - 1;
  nonces.spend(early);
  for (let at = 0; at < 10_001; at += 1) nonces.spend(NOW + at);
  expect(nonces.refusal(early, NOW)).toBe(`Invalid nonce: duplicate nonce ${early}`);
});
