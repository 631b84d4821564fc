import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { isCode } from "../disk/system-error.ts";

const SOCKET = "brake.sock";
/** Names the socket where its own place is too long for the system. */
const POINTER = "brake";
const APART = "cloister-";
/** Bytes of a socket's path that every system takes: Linux 107, macOS 103. */
const PATH_MAX = 103;
const OWNER_ONLY = 0o600;

/** A place for the socket of a folder: beside the journal, or where that path is too long in a folder of its own. */
export function makeAddress(folder: string): string {
  const own = ownPath(folder);
  if (fits(own)) return own;
  const socket = path.join(fs.mkdtempSync(path.join(os.tmpdir(), APART)), SOCKET);
  fs.writeFileSync(path.join(folder, POINTER), `${socket}\n`, { mode: OWNER_ONLY, flag: "wx" });
  return socket;
}

/** Takes away the socket of a folder, and what names it. */
export function removeAddress(folder: string): void {
  const socket = findAddress(folder);
  if (socket === undefined) return;
  fs.rmSync(socket, { force: true });
  if (fits(ownPath(folder))) return;
  const apart = path.dirname(socket);
  if (path.basename(apart).startsWith(APART)) fs.rmSync(apart, { force: true, recursive: true });
  fs.rmSync(path.join(folder, POINTER), { force: true });
}

/** Where the socket of a folder is, if there is one. */
export function findAddress(folder: string): string | undefined {
  const own = ownPath(folder);
  if (fits(own)) return fs.existsSync(own) ? own : undefined;
  try {
    return fs.readFileSync(path.join(folder, POINTER), "utf8").trim();
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The socket itself, for its owner alone. */
export function closeToOthers(socket: string): void {
  fs.chmodSync(socket, OWNER_ONLY);
}

function ownPath(folder: string): string {
  return path.resolve(folder, SOCKET);
}

function fits(socket: string): boolean {
  return Buffer.byteLength(socket) <= PATH_MAX;
}
