import type { Disk } from "./disk/disk.ts";
import { writeWhole } from "./disk/write-whole.ts";
import { headerOf } from "./format/header.ts";
import { lineOf } from "./format/line.ts";
import { LineBuffer } from "./format/line-buffer.ts";
import { segmentName } from "./format/segment-name.ts";

/** A bound of what one turn of the event loop may leave unwritten. */
const BUFFER_MAX = 256 * 1024;

type Terms = {
  readonly disk: Disk;
  readonly folder: string;
  readonly mark: string;
  readonly segmentBytes: number;
};

/** Appends lines to the newest segment. What a call throws, it did not write, or not whole: then a new segment follows. */
export class SegmentWriter {
  readonly #terms: Terms;
  #file: number | undefined;
  /** Files whose sync runs: one that was left is closed when its sync has ended. */
  readonly #syncing = new Map<number, { isLeft: boolean }>();
  #bytes = 0;
  /** Why what a file that was left still held may not survive a loss of power: told with the next sync. */
  #unsafe: { readonly error: unknown } | undefined;
  readonly #lines = new LineBuffer();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** Goes on where a segment ends. */
  resume(name: string, bytes: number): void {
    this.#file = this.#terms.disk.reopen(`${this.#terms.folder}/${name}`);
    this.#bytes = bytes;
  }

  /** Takes a record; it is written with the next `flush`. */
  add(sequence: number, json: string): void {
    if (this.#file === undefined || this.#bytes + this.#lines.length > this.#terms.segmentBytes) {
      this.flush();
      this.#begin(sequence);
    }
    this.#lines.add(json);
    if (this.#lines.length >= BUFFER_MAX) this.flush();
  }

  /** Writes what was taken. After this it survives the end of the process. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const bytes = this.#lines.take();
    if (this.#file === undefined) return;
    try {
      writeWhole(this.#terms.disk, this.#file, bytes);
    } catch (error) {
      this.#giveUp();
      throw error;
    }
    this.#bytes += bytes.length;
  }

  /** Flushes, and calls back when what was written until now survives a loss of power. One at a time. */
  syncLater(done: (error: unknown) => void): void {
    this.flush();
    const unsafe = this.#unsafe;
    this.#unsafe = undefined;
    if (unsafe !== undefined) {
      done(unsafe.error);
      return;
    }
    const file = this.#file;
    // What no file holds was either never taken, or synced with the file that was left.
    if (file === undefined) {
      done(undefined);
      return;
    }
    const state = { isLeft: false };
    this.#terms.disk.syncLater(file, (error) => {
      this.#syncing.delete(file);
      if (state.isLeft) this.#terms.disk.close(file);
      done(error);
    });
    this.#syncing.set(file, state);
  }

  close(): void {
    try {
      this.flush();
      if (this.#file !== undefined) this.#terms.disk.sync(this.#file);
    } catch (error) {
      this.#unsafe ??= { error };
      throw error;
    } finally {
      this.#leave();
    }
  }

  #begin(first: number): void {
    const { disk, folder, mark } = this.#terms;
    try {
      if (this.#file !== undefined) disk.sync(this.#file);
    } catch (error) {
      // A second try might be told that all is well, for a disk tells its loss once.
      this.#unsafe ??= { error };
      throw error;
    } finally {
      this.#leave();
    }
    const file = disk.create(`${folder}/${segmentName(first)}`);
    const header = Buffer.from(lineOf(JSON.stringify(headerOf(mark, first))));
    try {
      writeWhole(disk, file, header);
      disk.syncFolder(folder);
    } catch (error) {
      disk.close(file);
      throw error;
    }
    this.#file = file;
    this.#bytes = header.length;
  }

  /** After a failure nothing more is written to the file; what it took before shall be safe all the same. */
  #giveUp(): void {
    try {
      if (this.#file !== undefined) this.#terms.disk.sync(this.#file);
    } catch (error) {
      this.#unsafe ??= { error };
    }
    try {
      this.#leave();
    } catch {
      // The failure that led here is the one that is told.
    }
  }

  #leave(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#lines.take();
    if (file === undefined) return;
    const syncing = this.#syncing.get(file);
    if (syncing === undefined) this.#terms.disk.close(file);
    else syncing.isLeft = true;
  }
}
