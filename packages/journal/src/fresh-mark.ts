import { randomBytes } from "node:crypto";

/** The mark of a new journal: it tells our orders from those of every other journal. */
export function freshMark(): string {
  return randomBytes(4).toString("hex");
}
