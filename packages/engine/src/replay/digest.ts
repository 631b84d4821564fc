import type { Tick } from "@cloister/model";

/**
 * What an input brought about, in a few letters; undefined when that is nothing. The next record carries it, so that a
 * replay can be held against every tick though no tick is kept.
 */
export function digestOf({ changes, alarms, doubts, certificates }: Tick): string | undefined {
  const isNothing = changes.length === 0 && alarms.length === 0;
  if (isNothing && doubts === undefined && certificates === undefined) return undefined;
  return hashOf(JSON.stringify([changes, alarms, doubts ?? [], certificates ?? []]));
}

/** 53 bits of two multiplicative hashes: it tells accidents, it resists nobody. */
function hashOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2_654_435_761);
    b = Math.imul(b ^ code, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36);
}
