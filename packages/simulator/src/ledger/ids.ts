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

/** Oids are shuffled among so many neighbours. */
const WINDOW = 64;

type OidSource = { lastOid: number; shufflesOids: boolean };

/** The oid of the next order: higher than all before, or shuffled with its neighbours. */
export function nextOid(source: OidSource): number {
  source.lastOid += 1;
  if (!source.shufflesOids) return source.lastOid;
  const place = source.lastOid % WINDOW;
  return source.lastOid - place + reversed(place);
}

/** Begins or ends shuffling, in a window of its own so that no oid comes twice. */
export function shuffleOids(source: OidSource, shuffles: boolean): void {
  if (source.shufflesOids === shuffles) return;
  source.shufflesOids = shuffles;
  source.lastOid += WINDOW - (source.lastOid % WINDOW);
}

/** The six bits of a place in its window, backwards. */
function reversed(place: number): number {
  let bits = 0;
  for (let at = 0; at < 6; at += 1) bits |= ((place >> at) & 1) << (5 - at);
  return bits;
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
