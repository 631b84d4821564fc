import { readFile } from "node:fs/promises";

/** What a file says, or in one line why that cannot be taken. */
export type FromFile<T> = { readonly taken: T } | { readonly refused: string };

/** Reads an option from a file; whatever `read` throws is told in one line with the file's name. */
export async function readOptionFile<T>(
  file: string,
  read: (text: string) => T,
): Promise<FromFile<T>> {
  try {
    return { taken: read(await readFile(file, "utf8")) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: `${file}: ${reason}`.replaceAll(/\s+|\p{Cc}+/gu, " ") };
  }
}
