import { crc32 } from "node:zlib";
import { LINE_HEAD } from "./line.ts";

const START_BYTES = 64 * 1024;
/** A UTF-16 unit takes three bytes at most. */
const BYTES_PER_UNIT = 3;
const LINE_END = 0x0a;
const SPACE = 0x20;
const HEX = Uint8Array.from(Buffer.from("0123456789abcdef"));

/** Lines that were taken and not written yet, encoded in place: no string is joined, no bytes are copied twice. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(json: string): void {
    const start = this.#length;
    this.#reserve(start + LINE_HEAD + json.length * BYTES_PER_UNIT + 1);
    const bytes = this.#bytes;
    const from = start + LINE_HEAD;
    const end = from + bytes.write(json, from, "utf8");
    let sum = crc32(bytes.subarray(from, end));
    for (let at = start + LINE_HEAD - 2; at >= start; at -= 1) {
      bytes[at] = HEX[sum & 0xf] ?? 0;
      sum >>>= 4;
    }
    bytes[from - 1] = SPACE;
    bytes[end] = LINE_END;
    this.#length = end + 1;
  }

  /** What was taken since the last `take`. Good until the next `add`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(length, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
