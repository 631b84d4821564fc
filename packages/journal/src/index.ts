export type { Disk } from "./disk/disk.ts";
export {
  type Durability,
  fileJournal,
  type FileJournal,
  type FileJournalOptions,
  type Opened,
} from "./file-journal.ts";
export type { Holder, Host } from "./lock/host.ts";
export { type MemoryJournal, type MemoryJournalOptions, memoryJournal } from "./memory-journal.ts";
export { type Damage, readJournal, type SegmentFound } from "./read-journal.ts";
