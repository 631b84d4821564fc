export type FilePart = { readonly path: string; readonly at: number; readonly length: number };

/** Size in bytes, and when it was last written: wall time, Unix ms. */
export type FileStat = { readonly bytes: number; readonly changedAtMs: number };

/**
 * What a journal asks of a disk: about one system call each, so that a disk of a test can fail, tear or die at every
 * one of them. All throw the system's own error. Files are for their owner alone.
 */
export interface Disk {
  /** Makes the folder and those above it, if they are not there. */
  makeFolder(folder: string): void;
  /** Names in the folder, sorted. */
  list(folder: string): readonly string[];
  read(path: string): Uint8Array;
  /** A part of a file, which may be shorter than asked at its end; holds nobody up. */
  readLater(part: FilePart, done: (error: unknown, bytes: Uint8Array | undefined) => void): void;
  stat(path: string): FileStat;
  /** Makes a new file for appending. Throws when there is one. */
  create(path: string): number;
  /** Opens what is there, for appending. */
  reopen(path: string): number;
  /** Appends; tells how many bytes were taken, which may be fewer than given. */
  write(file: number, bytes: Uint8Array): number;
  /** Returns when the bytes survive a loss of power. */
  sync(file: number): void;
  /** The same without holding anybody up. */
  syncLater(file: number, done: (error: unknown) => void): void;
  close(file: number): void;
  truncate(path: string, length: number): void;
  /** Gives a file a second name. Throws when the name is taken. */
  link(from: string, to: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Makes the names in a folder survive a loss of power. */
  syncFolder(folder: string): void;
}
