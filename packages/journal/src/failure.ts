import { CloisterError } from "@cloister/model";

/** What goes wrong on the disk, told in the words of a journal. Its own errors pass as they are. @throws journalFailed */
export function guard<Value>(what: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (error instanceof CloisterError) throw error;
    throw failed(what, error);
  }
}

/** The failure instead of a throw. */
export function outcomeOf(act: () => void): CloisterError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof CloisterError ? error : failed("failed", error);
  }
}

export function failed(what: string, cause?: unknown): CloisterError {
  return new CloisterError(
    "journalFailed",
    `the journal ${what}`,
    cause === undefined ? {} : { cause },
  );
}
