import type { Brand } from "./brand.ts";
import { invalidOption, invalidSpec } from "./errors.ts";
import type { Random } from "./ports.ts";

/** A client order id: 0x and 32 lower-case hex digits. The key of an order everywhere. */
export type Cloid = Brand<string, "Cloid">;
/** The first 4 bytes of our cloids, as 8 hex digits: ours are recognised by it. */
export type CloidMark = Brand<string, "CloidMark">;

const HEX = /^(?:0x|0X)?([0-9a-fA-F]{32})$/;
const UUID =
  /^([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{12})$/;
const CANONICAL = /^0x[0-9a-f]{32}$/;

/** The cloid that a text spells: canonical, upper case, or a dashed UUID; undefined for anything else. */
export function readCloid(text: unknown): Cloid | undefined {
  if (typeof text !== "string") return undefined;
  if (CANONICAL.test(text)) return text as Cloid;
  const hex = HEX.exec(text)?.[1] ?? UUID.exec(text)?.slice(1).join("");
  return hex === undefined ? undefined : (`0x${hex.toLowerCase()}` as Cloid);
}

/** @throws invalidSpec unless it is 32 hex digits (with or without 0x, any case) or a dashed UUID. */
export function parseCloid(text: unknown, field = "cloid"): Cloid {
  const cloid = readCloid(text);
  if (cloid === undefined) throw invalidSpec(field, text, "must be 32 hex digits or a UUID");
  return cloid;
}

/** @throws invalidOption unless it is 8 hex digits. */
export function parseCloidMark(text: unknown): CloidMark {
  if (typeof text !== "string" || !/^[0-9a-fA-F]{8}$/.test(text)) {
    throw invalidOption("mark", text, "must be 8 hex digits");
  }
  return text.toLowerCase() as CloidMark;
}

/** A fresh cloid: the mark and 12 random bytes. */
export function makeCloid(mark: CloidMark, random: Random): Cloid {
  return `0x${mark}${hexOf(random.bytes(12))}` as Cloid;
}

export function makeCloidMark(random: Random): CloidMark {
  return hexOf(random.bytes(4)) as CloidMark;
}

/** Whether a cloid carries the mark. */
export function isMarked(cloid: Cloid, mark: CloidMark): boolean {
  return cloid.startsWith(mark, 2);
}

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
