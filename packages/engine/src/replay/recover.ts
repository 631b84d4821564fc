import {
  CloisterError,
  invalidOption,
  type Journal,
  type JournalRecord,
  type Start,
  type Venue,
} from "@cloister/model";
import type { Core } from "../core.ts";

/** What an earlier life left: the core has lived through it again, and nothing was sent. */
export type Recovered = {
  /** What of the records is missing, in words: nobody knows what it would have told. */
  readonly lost: readonly string[];
};

/**
 * Lets a core that has not begun live through all that the journal holds.
 * @throws invalidOption for a journal of another account or network, journalVersion for one that is not understood
 */
export function recover(core: Core, journal: Journal, venue: Venue): Recovered {
  const { records, damage } = journal.recall();
  const lost: string[] = [];
  let last: JournalRecord | undefined;
  for (const record of records) {
    if (record.input.kind === "started") checkOwner(record.input.start, venue);
    else if (last === undefined) throw headless(record.sequence);
    const missing = record.sequence - (last?.sequence ?? record.sequence - 1) - 1;
    if (missing > 0) lost.push(`${missing} records before ${record.sequence} are missing`);
    core.replay(record);
    last = record;
  }
  for (const { file, kind, at, bytes } of damage) {
    lost.push(`${file}: ${bytes} bytes at ${at} are ${kind}`);
  }
  return { lost };
}

/** What one account has sent says nothing of another. */
function checkOwner({ venue, network, account }: Start, present: Venue): void {
  const isSame =
    venue === present.name && network === present.network && account === present.account;
  if (isSame) return;
  const owner = [account, venue, network].filter((part) => part !== undefined).join(", ");
  throw invalidOption("journal", owner, `must be of ${present.account} on ${present.name}`);
}

export function headless(sequence: number): CloisterError {
  const text = `record ${sequence} has no beginning: neither a checkpoint nor a start is before it`;
  return new CloisterError("journalVersion", text);
}
