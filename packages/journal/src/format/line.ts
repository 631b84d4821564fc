import { crc32 } from "node:zlib";

const CRC_DIGITS = 8;
/** Bytes of a line before its JSON: the sum and a space. */
export const LINE_HEAD = CRC_DIGITS + 1;
const SPACE = 0x20;
const LINE_END = 0x0a;
const HEX = "0123456789abcdef";
/** Value of each byte as a hex digit; what is none has a value that spoils the sum. */
const DIGIT_OF = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = HEX.indexOf(String.fromCodePoint(byte));
  return value < 0 ? Number.NaN : value;
});

/**
 * One record as a line: the CRC-32 of its JSON in 8 hex digits, a space, the JSON. A journal is text, so that `grep` and
 * `jq` read it; the sum tells a torn or rotten line from a good one.
 */
export function lineOf(json: string): string {
  return `${sumOf(json)} ${json}\n`;
}

/** Where a line stands in its file: from its first byte to its end, the line end included. */
export type Line = { readonly start: number; readonly end: number; readonly isGood: boolean };

/** Every line, and the bytes behind the last one, which are none. */
export function* linesOf(bytes: Buffer): Generator<Line> {
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(LINE_END, start);
    if (at < 0) {
      yield { start, end: bytes.length, isGood: false };
      return;
    }
    yield { start, end: at + 1, isGood: isGoodLine(bytes, start, at) };
    start = at + 1;
  }
}

/** The JSON of a good line. */
export function jsonOf(bytes: Buffer, { start, end }: Line): string {
  return bytes.toString("utf8", start + LINE_HEAD, end - 1);
}

function isGoodLine(bytes: Buffer, start: number, end: number): boolean {
  const from = start + LINE_HEAD;
  if (end < from || bytes[start + CRC_DIGITS] !== SPACE) return false;
  let sum = 0;
  for (let at = start; at < start + CRC_DIGITS; at += 1) {
    sum = sum * 16 + (DIGIT_OF[bytes[at] ?? 0] ?? Number.NaN);
  }
  return crc32(bytes.subarray(from, end)) === sum;
}

/** CRC-32 in 8 hex digits. */
export function sumOf(json: string | Uint8Array): string {
  return crc32(json).toString(16).padStart(CRC_DIGITS, "0");
}

/** The bytes of a file as Node's own kind, without a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
