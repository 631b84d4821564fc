import type { Disk } from "./disk.ts";
import { isCode } from "./system-error.ts";

/** Undefined for what is not there, or went since the folder was listed. */
export function readIfThere(disk: Disk, path: string): Uint8Array | undefined {
  try {
    return disk.read(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
