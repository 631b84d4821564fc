import type { Random } from "./ports.ts";

/** A repeatable random source (sfc32): for tests, markets and storms, never for keys. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = (seed ^ 0x9e3779b9) | 0;
  let c = (seed ^ 0x243f6a88) | 0;
  let counter = 1;

  function word(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }

  for (let warmUp = 0; warmUp < 12; warmUp += 1) word();
  return {
    next: () => word() / 4_294_967_296,
    bytes: (length) => Uint8Array.from({ length }, () => word() & 0xff),
  };
}
