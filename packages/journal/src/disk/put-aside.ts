import type { Disk } from "./disk.ts";
import { isCode } from "./system-error.ts";
import { writeWhole } from "./write-whole.ts";

/** Keeps bytes in a file of their own beside `path`, under a name that was free. Safe when it returns. */
export function putAside(disk: Disk, path: string, bytes: Uint8Array): void {
  const file = freshFile(disk, path);
  try {
    writeWhole(disk, file, bytes);
    disk.sync(file);
  } finally {
    disk.close(file);
  }
}

function freshFile(disk: Disk, path: string): number {
  for (let count = 1; ; count += 1) {
    try {
      return disk.create(`${path}.torn-${count}`);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    }
  }
}
