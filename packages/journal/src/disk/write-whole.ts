import type { Disk } from "./disk.ts";

/** Writes all of it, in as many calls as the disk wants. @throws what the disk throws */
export function writeWhole(disk: Disk, file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    const taken = disk.write(file, written === 0 ? bytes : bytes.subarray(written));
    if (taken <= 0) throw new Error("the disk took nothing");
    written += taken;
  }
}
