import { randomBytes } from "node:crypto";
import type { Random } from "@cloister/model";

const UNIFORM = 2 ** 48;

/** The machine's own randomness. */
export function systemRandom(): Random {
  return {
    next: () => randomBytes(6).readUIntBE(0, 6) / UNIFORM,
    bytes: (length) => randomBytes(length),
  };
}
