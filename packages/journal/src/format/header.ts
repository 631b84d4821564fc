import { CloisterError, parseCloidMark } from "@cloister/model";
import { parsedJson } from "./json.ts";

/** The version this code writes, and the newest that it reads. Version 1 had no monotonic hand. */
export const VERSION = 2;

/** The first line of a segment. */
export type Header = {
  readonly cloister: "journal";
  readonly version: number;
  /** The mark of every cloid made under this journal. */
  readonly mark: string;
  /** Sequence of the first record that follows. */
  readonly first: number;
};

export function headerOf(mark: string, first: number): Header {
  return { cloister: "journal", version: VERSION, mark, first };
}

/**
 * Reads a header. Undefined when it is none.
 * @throws journalVersion for one that a newer version wrote.
 */
export function readHeader(json: string): Header | undefined {
  const value: unknown = parsedJson(json);
  if (typeof value !== "object" || value === null) return undefined;
  const { cloister, version, mark, first } = value as Partial<Record<keyof Header, unknown>>;
  if (cloister !== "journal" || typeof version !== "number") return undefined;
  checkVersion(version);
  if (!Number.isSafeInteger(first)) return undefined;
  return { cloister, version, mark: parseCloidMark(mark), first: Number(first) };
}

/** @throws journalVersion */
export function checkVersion(version: number): void {
  if (version <= VERSION) return;
  throw new CloisterError(
    "journalVersion",
    `the journal is of version ${version}; this one reads up to ${VERSION}`,
    { details: { field: "version", value: version, rule: `at most ${VERSION}` } },
  );
}
