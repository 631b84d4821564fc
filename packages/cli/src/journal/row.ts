/** One row of an export: flat, exact numbers as text, null where there is nothing. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A kind of rows with its columns in order. */
export type Sheet<Item> = {
  readonly columns: readonly string[];
  /** The rows of one item. */
  readonly rows: (item: Item) => readonly Row[];
};

export const FORMATS = ["ndjson", "csv"] as const;

export type Format = (typeof FORMATS)[number];

/** What stands before the first row. */
export function headOf(columns: readonly string[], format: Format): string {
  return format === "csv" ? `${columns.join(",")}\n` : "";
}

/** One row in one line, every column in its place. */
export function lineOf(row: Row, columns: readonly string[], format: Format): string {
  if (format === "csv") return `${columns.map((name) => cell(row[name] ?? null)).join(",")}\n`;
  return `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name] ?? null])))}\n`;
}

/** RFC 4180: quoted where it must be; nothing stands for null. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
