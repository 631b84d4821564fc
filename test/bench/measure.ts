/** Nanoseconds that a run took. */
export function timed(run: () => void): number {
  const begun = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begun);
}

/** Starts a clock; gives the nanoseconds since. */
export function stopwatch(): () => number {
  const begun = process.hrtime.bigint();
  return () => Number(process.hrtime.bigint() - begun);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Bytes on the heap after a full collection. Needs node's --expose-gc. */
export function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("run with node --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

export function micros(ns: number): string {
  return `${(ns / 1_000).toFixed(ns < 100_000 ? 2 : 1)} µs`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

/** Rows of equal columns, for a terminal and for Markdown alike. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [
    line(head),
    `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`,
    ...body.map(line),
  ].join("\n");
}
