import { CloisterError, parseCloidMark } from "@cloister/model";

/** The version this code writes, and the newest that it reads. */
export const VERSION = 1;

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
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) return undefined;
  const { cloister, version, mark, first } = value as Partial<Record<keyof Header, unknown>>;
  if (cloister !== "journal" || typeof version !== "number") return undefined;
  if (version > VERSION) {
    throw new CloisterError(
      "journalVersion",
      `the journal is of version ${version}; this one reads up to ${VERSION}`,
      { details: { field: "version", value: version, rule: `at most ${VERSION}` } },
    );
  }
  if (!Number.isSafeInteger(first)) return undefined;
  return headerOf(parseCloidMark(mark), Number(first));
}
