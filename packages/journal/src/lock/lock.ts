import { CloisterError } from "@cloister/model";
import type { Disk } from "../disk/disk.ts";
import { readIfThere } from "../disk/read-if-there.ts";
import { isCode } from "../disk/system-error.ts";
import type { Holder, Host } from "./host.ts";

const LOCK = "lock";
const ATTEMPTS = 3;

/**
 * Takes the one writer's place in a folder. A lock that a dead process of this machine left is taken over.
 * @throws journalLocked when another process writes here, or one of another machine might.
 */
export function takeLock(disk: Disk, folder: string, host: Host): () => void {
  const path = `${folder}/${LOCK}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (claim(disk, path, host.self)) return () => disk.remove(path);
    const text = readText(disk, path);
    if (text === undefined) continue;
    const holder = readHolder(text);
    const isOurs = holder !== undefined && holder.host === host.self.host;
    if (!isOurs || host.isAlive(holder)) throw locked(folder, holder);
    moveAside(disk, { path, text, aside: `${path}.stale-${host.self.pid}` });
  }
  throw locked(folder, undefined);
}

/** Written whole and made safe under a name of its own, then given the name that only one gets: it is never half there. */
function claim(disk: Disk, path: string, self: Holder): boolean {
  const own = `${path}.claim-${self.pid}`;
  disk.remove(own);
  const file = disk.create(own);
  try {
    disk.write(file, Buffer.from(`${JSON.stringify(self)}\n`));
    disk.sync(file);
  } finally {
    disk.close(file);
  }
  try {
    disk.link(own, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    disk.remove(own);
  }
}

/** Two who find the same dead lock must not take each other's: what was moved must still be what was read. */
function moveAside(disk: Disk, lock: { path: string; text: string; aside: string }): void {
  const { path, text, aside } = lock;
  try {
    disk.rename(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (readText(disk, aside) === text) disk.remove(aside);
  else disk.rename(aside, path);
}

/** Who holds the lock of a folder, if it is held and says so. */
export function holderOf(disk: Disk, folder: string): Holder | undefined {
  const text = readText(disk, `${folder}/${LOCK}`);
  return text === undefined ? undefined : readHolder(text);
}

function readText(disk: Disk, path: string): string | undefined {
  const bytes = readIfThere(disk, path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
}

/** A lock that is none of ours names nobody. */
function readHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { host, pid, begun } = value as Partial<Record<keyof Holder, unknown>>;
    if (typeof host !== "string" || typeof pid !== "number") return undefined;
    return { host, pid, ...(typeof begun === "string" ? { begun } : {}) };
  } catch {
    return undefined;
  }
}

function locked(folder: string, holder: Holder | undefined): CloisterError {
  const by =
    holder === undefined ? "somebody who is not named" : `process ${holder.pid} of ${holder.host}`;
  return new CloisterError("journalLocked", `${by} writes the journal in ${folder}`, {
    details: { field: "folder", value: folder, rule: "one writer at a time" },
  });
}
