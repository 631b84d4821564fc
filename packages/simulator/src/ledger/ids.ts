/** What was no transaction has this one. */
export const NO_HASH = `0x${"0".repeat(64)}`;

const MASK_25 = 0x1ff_ffff;

/** A well mixed 32-bit word of a number and a seed (murmur3's finish). */
function mix(value: number, seed: number): number {
  let bits = (value ^ seed) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A whole number as one well mixed 32-bit word. */
function word(value: number, seed: number): number {
  return mix(value >>> 0, mix(Math.floor(value / 4_294_967_296), seed));
}

/** The trade id that both sides share: 50 bits of (buyer oid, seller oid) (protocol §4.2). */
export function tradeId(buyerOid: number, sellerOid: number): number {
  const high = mix(word(buyerOid, 1), word(sellerOid, 2)) & MASK_25;
  const low = mix(word(buyerOid, 3), word(sellerOid, 4)) & MASK_25;
  return high * 33_554_432 + low;
}

/** The hash of the n-th transaction: 32 bytes, the same for all fills of one action. */
export function transactionHash(count: number): string {
  let text = "0x";
  for (let part = 0; part < 8; part += 1) {
    text += word(count, part + 11)
      .toString(16)
      .padStart(8, "0");
  }
  return text;
}
