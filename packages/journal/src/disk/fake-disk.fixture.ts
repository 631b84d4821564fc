import type { Disk } from "./disk.ts";

type FakeFile = { bytes: number[]; synced: number };

/** One call of the journal on the disk, as a test may judge it. */
export type DiskCall = { readonly call: keyof Disk; readonly path: string; readonly count: number };

/** Answers a call with a failure, with fewer bytes than given, or not at all. */
export type DiskFate = "well" | Error | { readonly takes: number };

export type FakeDisk = Disk & {
  /** Judges each call. Replace it to do harm. */
  fate: (call: DiskCall) => DiskFate;
  readonly files: ReadonlyMap<string, FakeFile>;
  readonly calls: readonly DiskCall[];
  text(path: string): string;
  put(path: string, bytes: Uint8Array): void;
  /** The power fails: what was not synced is gone. */
  losePower(): void;
  /** Ends the syncs underway. */
  finishSyncs(error?: Error): void;
};

/** A disk in memory that remembers what would survive. */
export function fakeDisk(): FakeDisk {
  const files = new Map<string, FakeFile>();
  const handles = new Map<number, string>();
  const calls: DiskCall[] = [];
  let waiting: { readonly file: FakeFile; readonly done: (error: unknown) => void }[] = [];
  let last = 0;

  const fileOf = (path: string): FakeFile => {
    const file = files.get(path);
    if (file === undefined) throw systemError("ENOENT", path);
    return file;
  };
  const pathOf = (handle: number): string => {
    const path = handles.get(handle);
    if (path === undefined) throw systemError("EBADF", String(handle));
    return path;
  };
  const judge = (call: keyof Disk, path: string): number => {
    const seen = { call, path, count: calls.length + 1 };
    calls.push(seen);
    const fate = disk.fate(seen);
    if (fate instanceof Error) throw fate;
    return fate === "well" ? Number.POSITIVE_INFINITY : fate.takes;
  };
  const open = (path: string): number => {
    last += 1;
    handles.set(last, path);
    return last;
  };

  const disk: FakeDisk = {
    fate: () => "well",
    files,
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
    create(path) {
      judge("create", path);
      if (files.has(path)) throw systemError("EEXIST", path);
      files.set(path, { bytes: [], synced: 0 });
      return open(path);
    },
    reopen(path) {
      judge("reopen", path);
      fileOf(path);
      return open(path);
    },
    write(handle, bytes) {
      const path = pathOf(handle);
      const taken = Math.min(bytes.length, judge("write", path));
      fileOf(path).bytes.push(...bytes.subarray(0, taken));
      return taken;
    },
    sync(handle) {
      const path = pathOf(handle);
      judge("sync", path);
      const file = fileOf(path);
      file.synced = file.bytes.length;
    },
    syncLater(handle, done) {
      const path = pathOf(handle);
      judge("syncLater", path);
      waiting.push({ file: fileOf(path), done });
    },
    close(handle) {
      judge("close", pathOf(handle));
      handles.delete(handle);
    },
    truncate(path, length) {
      judge("truncate", path);
      const file = fileOf(path);
      file.bytes.length = length;
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
    syncFolder: (folder) => void judge("syncFolder", folder),
    text: (path) => Buffer.from(fileOf(path).bytes).toString(),
    put: (path, bytes) => void files.set(path, { bytes: [...bytes], synced: bytes.length }),
    losePower() {
      for (const file of files.values()) file.bytes.length = file.synced;
      handles.clear();
      waiting = [];
    },
    finishSyncs(error) {
      for (const { file, done } of waiting.splice(0)) {
        if (error === undefined) file.synced = file.bytes.length;
        done(error ?? null);
      }
    },
  };
  return disk;
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
