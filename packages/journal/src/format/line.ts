import { crc32 } from "node:zlib";

const CRC_DIGITS = 8;
const SPACE = 0x20;

/**
 * One record as a line: the CRC-32 of its JSON in 8 hex digits, a space, the JSON. A journal is text, so that `grep` and
 * `jq` read it; the sum tells a torn or rotten line from a good one.
 */
export function lineOf(json: string): string {
  return `${sumOf(json)} ${json}\n`;
}

/** The JSON of a line without its end; undefined when it is not what was written. */
export function jsonOfLine(line: Uint8Array): string | undefined {
  if (line[CRC_DIGITS] !== SPACE) return undefined;
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  const sum = text.toString("latin1", 0, CRC_DIGITS);
  const json = text.subarray(CRC_DIGITS + 1);
  return sumOf(json) === sum ? json.toString("utf8") : undefined;
}

/** CRC-32 in 8 hex digits. */
export function sumOf(json: string | Uint8Array): string {
  return crc32(json).toString(16).padStart(CRC_DIGITS, "0");
}
