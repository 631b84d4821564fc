import type { JournalDamage } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { nodeDisk } from "./disk/node-disk.ts";
import { segmentsOf } from "./format/segment-name.ts";
import type { Holder, Host } from "./lock/host.ts";
import { holderOf } from "./lock/lock.ts";
import { nodeHost } from "./lock/node-host.ts";

type Terms = { readonly disk?: Disk; readonly host?: Host };

/** The process that writes a journal now. One of another machine may live. @throws what the disk throws */
export function writerOf(folder: string, terms: Terms = {}): Holder | undefined {
  const { disk = nodeDisk, host = nodeHost() } = terms;
  const holder = holderOf(disk, folder);
  if (holder === undefined) return undefined;
  return holder.host !== host.self.host || host.isAlive(holder) ? holder : undefined;
}

/** Whether what looks torn is the line that a living process writes just now, which is no damage. */
export function isUnfinished(folder: string, damage: JournalDamage, terms: Terms = {}): boolean {
  const { disk = nodeDisk } = terms;
  if (damage.kind !== "torn" || damage.file !== segmentsOf(disk.list(folder)).at(-1)) return false;
  return writerOf(folder, terms) !== undefined;
}
