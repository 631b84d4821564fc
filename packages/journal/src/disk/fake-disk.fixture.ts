import type { Disk } from "./disk.ts";

type FakeFile = { bytes: Buffer; synced: number; changedAtMs: number };

/** One call of the journal on the disk, as a test may judge it. `count` begins at 1. */
export type DiskCall = { readonly call: keyof Disk; readonly path: string; readonly count: number };

/** Answers a call with a failure, with fewer bytes than given, or not at all. */
export type DiskFate = "well" | Error | { readonly takes: number };

export type FakeDisk = Disk & {
  /** Judges each call. Replace it to do harm. */
  fate: (call: DiskCall) => DiskFate;
  /** What files are stamped with that are written from now on. */
  wallMs: number;
  readonly calls: readonly DiskCall[];
  /** Paths, sorted. */
  paths(): readonly string[];
  text(path: string): string;
  /** What stands in a file now: a copy. */
  bytes(path: string): Uint8Array;
  put(path: string, bytes: Uint8Array): void;
  /** Flips bits of one byte. */
  spoil(path: string, at: number, bits?: number): void;
  /** The process dies: what it holds open is closed, and syncs that ran tell nobody. */
  die(): void;
  /**
   * The power fails: bytes that were not synced are gone. Names that were made, changed or removed since their folder was
   * synced are as they were at that sync, or as they are now.
   */
  losePower(names: "synced" | "kept"): void;
  /** Ends the syncs underway. */
  finishSyncs(error?: Error): void;
};

/** A disk in memory that remembers what would survive. */
export function fakeDisk(): FakeDisk {
  const files = new Map<string, FakeFile>();
  /** Names as they were when their folder was last synced. */
  const safeNames = new Map<string, FakeFile>();
  const open = new Map<number, { readonly path: string; readonly file: FakeFile }>();
  const calls: DiskCall[] = [];
  let waiting: {
    readonly file: FakeFile;
    /** Bytes that were there when it began. */
    readonly covers: number;
    readonly done: (error: unknown) => void;
  }[] = [];
  let last = 0;

  const fileOf = (path: string): FakeFile => {
    const file = files.get(path);
    if (file === undefined) throw systemError("ENOENT", path);
    return file;
  };
  const held = (handle: number): { readonly path: string; readonly file: FakeFile } => {
    const found = open.get(handle);
    if (found === undefined) throw systemError("EBADF", String(handle));
    return found;
  };
  const judge = (call: keyof Disk, path: string): number => {
    const seen = { call, path, count: calls.length + 1 };
    calls.push(seen);
    const fate = disk.fate(seen);
    if (fate instanceof Error) throw fate;
    return fate === "well" ? Number.POSITIVE_INFINITY : fate.takes;
  };
  const hold = (path: string): number => {
    last += 1;
    open.set(last, { path, file: fileOf(path) });
    return last;
  };
  const forget = (): void => {
    open.clear();
    waiting = [];
  };

  const disk: FakeDisk = {
    fate: () => "well",
    wallMs: 1_700_000_000_000,
    calls,
    makeFolder: (folder) => void judge("makeFolder", folder),
    list(folder) {
      judge("list", folder);
      const start = `${folder}/`;
      return [...files.keys()]
        .filter((path) => path.startsWith(start))
        .map((path) => path.slice(start.length))
        .toSorted();
    },
    read(path) {
      judge("read", path);
      return Uint8Array.from(fileOf(path).bytes);
    },
    readLater({ path, at, length }, done) {
      let bytes: Uint8Array;
      try {
        judge("readLater", path);
        bytes = Uint8Array.from(fileOf(path).bytes.subarray(at, at + length));
      } catch (error) {
        queueMicrotask(() => done(error, undefined));
        return;
      }
      queueMicrotask(() => done(undefined, bytes));
    },
    stat(path) {
      judge("stat", path);
      const { bytes, changedAtMs } = fileOf(path);
      return { bytes: bytes.length, changedAtMs };
    },
    create(path) {
      judge("create", path);
      if (files.has(path)) throw systemError("EEXIST", path);
      files.set(path, { bytes: Buffer.alloc(0), synced: 0, changedAtMs: disk.wallMs });
      return hold(path);
    },
    reopen(path) {
      judge("reopen", path);
      return hold(path);
    },
    write(handle, bytes) {
      const { path, file } = held(handle);
      const taken = Math.min(bytes.length, judge("write", path));
      file.bytes = Buffer.concat([file.bytes, bytes.subarray(0, taken)]);
      file.changedAtMs = disk.wallMs;
      return taken;
    },
    sync(handle) {
      const { path, file } = held(handle);
      judge("sync", path);
      file.synced = file.bytes.length;
    },
    syncLater(handle, done) {
      const { path, file } = held(handle);
      judge("syncLater", path);
      waiting.push({ file, covers: file.bytes.length, done });
    },
    close(handle) {
      judge("close", held(handle).path);
      open.delete(handle);
    },
    truncate(path, length) {
      judge("truncate", path);
      const file = fileOf(path);
      file.bytes = file.bytes.subarray(0, length);
      file.synced = Math.min(file.synced, length);
    },
    link(from, to) {
      judge("link", to);
      if (files.has(to)) throw systemError("EEXIST", to);
      files.set(to, fileOf(from));
    },
    rename(from, to) {
      judge("rename", from);
      files.set(to, fileOf(from));
      files.delete(from);
    },
    remove(path) {
      judge("remove", path);
      files.delete(path);
    },
    syncFolder(folder) {
      judge("syncFolder", folder);
      const isInside = (path: string): boolean => path.startsWith(`${folder}/`);
      for (const path of [...safeNames.keys()].filter(isInside)) safeNames.delete(path);
      for (const [path, file] of files) if (isInside(path)) safeNames.set(path, file);
    },
    paths: () => [...files.keys()].toSorted(),
    text: (path) => fileOf(path).bytes.toString(),
    bytes: (path) => Uint8Array.from(fileOf(path).bytes),
    put(path, bytes) {
      const file = {
        bytes: Buffer.from(bytes),
        synced: bytes.length,
        changedAtMs: disk.wallMs,
      };
      files.set(path, file);
      safeNames.set(path, file);
    },
    spoil(path, at, bits = 0x01) {
      const { bytes } = fileOf(path);
      bytes[at] = (bytes[at] ?? 0) ^ bits;
    },
    die: forget,
    losePower(names) {
      if (names === "synced") {
        files.clear();
        for (const [path, file] of safeNames) files.set(path, file);
      }
      for (const file of files.values()) file.bytes = file.bytes.subarray(0, file.synced);
      forget();
    },
    finishSyncs(error) {
      for (const { file, covers, done } of waiting.splice(0)) {
        if (error === undefined) file.synced = Math.max(file.synced, covers);
        done(error);
      }
    },
  };
  return disk;
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
