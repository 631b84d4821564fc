import fs from "node:fs";
import type { Disk } from "./disk.ts";

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The machine's own disk. */
export const nodeDisk: Disk = {
  makeFolder(folder) {
    fs.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  },
  list: (folder) => fs.readdirSync(folder).toSorted(),
  read: (path) => fs.readFileSync(path),
  readLater({ path, at, length }, done) {
    fs.open(path, "r", (refused, file) => {
      if (refused !== null) {
        done(refused, undefined);
        return;
      }
      fs.read(file, Buffer.allocUnsafe(length), 0, length, at, (error, count, bytes) => {
        fs.close(file, () => done(error ?? undefined, bytes.subarray(0, count)));
      });
    });
  },
  stat(path) {
    const { size, mtimeMs } = fs.statSync(path);
    return { bytes: size, changedAtMs: mtimeMs };
  },
  create: (path) => fs.openSync(path, "ax", OWNER_ONLY),
  reopen: (path) => fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND),
  write: (file, bytes) => fs.writeSync(file, bytes),
  sync: (file) => fs.fdatasyncSync(file),
  syncLater: (file, done) => fs.fdatasync(file, (error) => done(error ?? undefined)),
  close: (file) => fs.closeSync(file),
  truncate: (path, length) => fs.truncateSync(path, length),
  link: (from, to) => fs.linkSync(from, to),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.rmSync(path, { force: true }),
  syncFolder(folder) {
    const handle = fs.openSync(folder, "r");
    try {
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  },
};
