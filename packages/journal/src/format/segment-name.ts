const DIGITS = 15;
const PATTERN = /^records-(\d{15})\.ndjson$/;

/** A segment is named by the sequence of its first record, so that a listing is in order. */
export function segmentName(first: number): string {
  return `records-${String(first).padStart(DIGITS, "0")}.ndjson`;
}

/** The first sequence of a segment; undefined for another file. */
export function firstOfSegment(name: string): number | undefined {
  const digits = PATTERN.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Names of the segments among those of a folder, oldest first. */
export function segmentsOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => firstOfSegment(name) !== undefined);
}

/** Those that may hold what comes after a sequence. */
export function segmentsAfter(names: readonly string[], after: number): readonly string[] {
  const segments = segmentsOf(names);
  const begin = segments.findLastIndex((name) => (firstOfSegment(name) ?? 0) <= after + 1);
  return segments.slice(Math.max(0, begin));
}
