import { readAddress } from "@cloister/model";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The command line is not as it must be: told with the usage, exit 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Flags = NonNullable<ParseArgsConfig["options"]>;
type Read<F extends Flags, Words extends boolean> = ReturnType<
  typeof parseArgs<{ options: F; strict: true; allowPositionals: Words }>
>;

/** @throws UsageError for an unknown flag, a missing value, or a word: none is taken. */
export function readFlags<const F extends Flags>(
  args: readonly string[],
  options: F,
): Read<F, false>["values"] {
  return told(() => parseArgs({ args: [...args], options, strict: true, allowPositionals: false }))
    .values;
}

/** The same for a command that takes words as well. @throws UsageError */
export function readFlagsAndWords<const F extends Flags>(
  args: readonly string[],
  options: F,
): { readonly values: Read<F, true>["values"]; readonly words: readonly string[] } {
  const { values, positionals } = told(() =>
    parseArgs({ args: [...args], options, strict: true, allowPositionals: true }),
  );
  return { values, words: positionals };
}

function told<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A whole number of a flag within bounds. @throws UsageError */
export function wholeNumber(
  name: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw new UsageError(
    `--${name} must be a whole number from ${bounds.min} to ${bounds.max}, not ${JSON.stringify(text)}`,
  );
}

/** One of a few words. @throws UsageError */
export function oneOf<const W extends string>(name: string, text: string, words: readonly W[]): W {
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new UsageError(`--${name} must be ${words.join(" or ")}, not ${JSON.stringify(text)}`);
}

/** An address, or none. @throws UsageError */
export function address(name: string, text: string | undefined): string | undefined {
  if (text === undefined || readAddress(text) !== undefined) return text;
  throw new UsageError(`--${name} must be 0x and 40 hex digits, not ${JSON.stringify(text)}`);
}
